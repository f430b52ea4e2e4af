"""Files: opening, saving, the folder's strip, the recent ones, and work that a crash left behind."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PySide6.QtWidgets import QMenu, QWidget

from cxr_studio.exchange.cache import open_cache
from cxr_studio.generation.journal import Recovery
from cxr_studio.radiographs.thumbnail import thumbnail
from cxr_studio.settings import remember, remember_place, save_settings
from cxr_studio.ui.document.badges import badge_of
from cxr_studio.ui.document.commands import actions
from cxr_studio.ui.document.controller import DocumentController
from cxr_studio.ui.document.exporting import ExportController
from cxr_studio.ui.document.keeping import KeepingController
from cxr_studio.ui.document.kept import KeptSessions
from cxr_studio.ui.document.recovery import RecoveryController
from cxr_studio.ui.document.start_page import StartPage
from cxr_studio.ui.document.thumbnail_strip import ThumbnailStrip
from cxr_studio.ui.shell.action import needs_image
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.file_names import short_name
from cxr_studio.ui.shell.message_bar import IMAGE, Message, MessageBar
from cxr_studio.ui.shell.workspace import Workspace

PROGRAM = "CXR Studio"


class Documents(NamedTuple):
    """The feature's controllers."""

    documents: DocumentController
    recovery: RecoveryController
    exports: ExportController


def install(desk: Desk) -> Documents:
    """Declare the actions, place strip and start page, and offer what was left behind."""
    workspace, settings = desk.workspace, desk.preferences.settings

    def passing(radiograph: Path) -> bool:
        """Whether a radiograph lies in the archives' cache."""
        return radiograph.is_relative_to(open_cache(settings.archive_cache, settings.archive_cache_gb).folder)

    sessions = KeptSessions(lambda: settings.sessions, passing=passing)
    keeping = KeepingController(workspace, desk.background, sessions, desk.parent)
    documents = DocumentController(workspace, desk.background, desk.dialogs, keeping=keeping)
    exports = ExportController(workspace, desk.background, desk.dialogs, desk.parent)
    recovery = RecoveryController(workspace, documents, desk.parent)
    keeping.begun.connect(recovery.mark)
    keeping.kept.connect(recovery.kept)
    documents.resumed_at = lambda folder: settings.resumed.get(str(folder), "")
    desk.actions.add(*actions(documents, exports, needs_image(workspace)))
    documents.warned.connect(lambda text: desk.warn(text, IMAGE))
    documents.told.connect(lambda text: desk.tell(text, IMAGE))
    for source in (exports, keeping, recovery):
        source.warned.connect(desk.warn)
    for source in (exports, keeping):
        source.told.connect(desk.tell)
    recovery.offered.connect(lambda offer: offer_back(desk.places.messages, recovery, offer))
    desk.at_close.append(recovery.close)
    _show_title(desk.parent, desk.workspace)
    _show_strip(desk, documents)
    _show_pages(desk, documents)
    return Documents(documents, recovery, exports)


def _show_title(window: QWidget, workspace: Workspace) -> None:
    def title() -> None:
        window.setWindowTitle(f"{workspace.name} – {PROGRAM}" if workspace.name else PROGRAM)

    for signal in (workspace.opened, workspace.closed):
        signal.connect(title)


def _show_strip(desk: Desk, documents: DocumentController) -> None:
    strip = ThumbnailStrip(thumbnail, lambda path: badge_of(documents.keeping.sessions.find(path)))
    strip.hide()
    desk.places.foot.addWidget(strip)
    desk.at_close.append(strip.stop)

    def files(paths: list[Path], index: int) -> None:
        if strip.paths != paths:
            strip.set_paths(paths)
        strip.set_current(paths[index] if 0 <= index < len(paths) else None)
        desk.actions.review("file")

    def kept(path: Path, session_file: Path) -> None:
        strip.mark(path, badge_of(session_file))

    documents.files_changed.connect(files)
    documents.keeping.kept.connect(kept)
    strip.chosen.connect(lambda path: documents.pick(documents.ring.paths.index(path)))


def _show_pages(desk: Desk, documents: DocumentController) -> None:
    """The panes while something is open, else the start page; recent files on it and in the menu."""
    start, places, workspace = StartPage(), desk.places, desk.workspace
    places.pages.insertWidget(0, start)
    places.pages.setCurrentWidget(start)
    menu = places.menus.submenu("file", "open", "Open recent")

    settings = desk.preferences.settings

    def opened() -> None:
        session = workspace.session
        if session is not None and session.radiograph.source.path is not None:
            remember_place(settings, session.radiograph.source.path)
            save_settings(settings)
        places.pages.setCurrentWidget(places.grid)
        for pane in places.grid.panes.values():
            pane.canvas.setFocus()

    def recent() -> None:
        paths = [Path(name) for name in settings.recent]
        start.set_recent(paths)
        fill_recent(menu, paths, documents)

    def remembered(path: Path) -> None:
        remember(settings, path)
        recent()

    workspace.opened.connect(opened)
    workspace.closed.connect(lambda: places.pages.setCurrentWidget(start))
    documents.opened_path.connect(remembered)
    start.wanted.connect(lambda action: desk.actions.action(action).trigger())
    start.file_wanted.connect(lambda path: documents.open([path]))
    recent()


def fill_recent(menu: QMenu, paths: list[Path], documents: DocumentController) -> None:
    """Offer these files, newest first."""
    menu.clear()
    for number, path in enumerate(paths, 1):
        action = menu.addAction(f"&{number % 10}  {short_name(path.name)}")
        action.setToolTip(str(path))
        action.triggered.connect(lambda _checked=False, path=path: documents.open([path]))
    menu.setEnabled(bool(paths))


def offer_back(messages: MessageBar, recovery: RecoveryController, offer: Recovery) -> None:
    """Ask what to do with work that was left behind."""
    steps = "step" if offer.steps == 1 else "steps"
    text = f"Work on {Path(offer.radiograph).name} was not closed properly ({offer.steps} {steps} can be recovered)."
    choices = (
        ("Restore", lambda: recovery.restore(offer)),
        ("Discard", lambda: recovery.discard(offer)),
        ("Later", lambda: recovery.later(offer)),
    )
    messages.show_message(Message(text, "warning", choices))
