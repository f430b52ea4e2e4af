"""Controllers to views, and the views' own signals back: thin lines, no decisions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from cxr_studio.inpainting.journal import Recovery
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING
from cxr_studio.radiographs.window import Window
from cxr_studio.settings import remember
from cxr_studio.ui.display.histogram import histogram
from cxr_studio.ui.display.readout import length_text, nodule_text
from cxr_studio.ui.edits.edits_list import EditRow
from cxr_studio.ui.fill.generator_bar import GeneratorChoice
from cxr_studio.ui.fill.pictures import variation_pictures
from cxr_studio.ui.shell.memory import give_back
from cxr_studio.ui.shell.message_bar import Message
from cxr_studio.ui.window.describing import describe
from cxr_studio.ui.window.highlight_wiring import wire_highlight
from cxr_studio.ui.window.nodule_wiring import wire_nodules

if TYPE_CHECKING:
    from cxr_studio.inpainting.request import FillOptions, InpaintResult
    from cxr_studio.ui.shell.main_window import MainWindow

HISTOGRAM_MS = 150
"""The image shows first, the histogram so much later; its library is imported at the first one."""

SECONDS_FROM = 1.0
"""Latencies from here on are told in seconds."""


def wire(window: MainWindow) -> None:
    """Connect everything that shows something."""
    _wire_documents(window)
    _wire_display(window)
    _wire_inpainting(window)
    _wire_edits(window)
    _wire_tools(window)
    wire_nodules(window)
    wire_highlight(window)
    _wire_work(window)
    describe(window)


def _wire_documents(window: MainWindow) -> None:
    studio, documents = window.studio, window.studio.documents

    def opened() -> None:
        window.show_images(True)
        QTimer.singleShot(HISTOGRAM_MS, window, show_histogram)
        for pane in window.grid.panes.values():
            pane.canvas.setFocus()

    def show_histogram() -> None:
        if studio.workspace.session is not None and window.isVisible():
            window.side.histogram.build()
            window.side.histogram.set_histogram(*histogram(studio.workspace.session.radiograph))
            give_back()

    def files(paths: list[Path], index: int) -> None:
        shown = [window.thumbnails.item(row).toolTip() for row in range(window.thumbnails.count())]
        if shown != [str(path) for path in paths]:
            window.thumbnails.set_paths(paths)
        window.thumbnails.set_current(paths[index] if 0 <= index < len(paths) else None)
        for name, step in (("file.previous", -1), ("file.next", 1)):
            there = documents.ring.beside(step) is not None
            window.registry.set_enabled([name], there, why="There is none on this side.")

    def recent(path: Path) -> None:
        remember(window.settings, path)
        show_recent(window)

    studio.workspace.opened.connect(opened)
    studio.workspace.closed.connect(lambda: window.show_images(False))
    for signal in (studio.workspace.opened, studio.workspace.closed, studio.workspace.steps_changed):
        signal.connect(lambda: describe(window))
    documents.files_changed.connect(files)
    documents.opened_path.connect(recent)
    window.thumbnails.chosen.connect(lambda path: documents.pick(documents.ring.paths.index(path)))
    window.welcome.open_wanted.connect(documents.open_with_dialog)
    window.welcome.sample_wanted.connect(lambda: window.registry.action("file.sample").trigger())
    window.welcome.file_wanted.connect(lambda path: documents.open([path]))


def show_recent(window: MainWindow) -> None:
    """Offer the recent files in the menu and on the welcome page."""
    paths = [Path(name) for name in window.settings.recent]
    window.menus.set_recent(paths, lambda path: window.studio.documents.open([path]))
    window.welcome.set_recent(paths)


def _wire_display(window: MainWindow) -> None:
    display, scene, status = window.studio.display, window.grid.scene, window.status

    def windowed(shown: Window | None) -> None:
        text = "VOI ignored" if shown is None else f"W {shown.width:.0f}  L {shown.center:.0f}"
        status.set_field("window", text)
        window.side.mark_window(display.chosen)
        if shown is not None:
            window.side.histogram.set_window(*shown.edges())

    def choices(offered: Any) -> None:
        window.side.set_windows([choice.title for choice in offered])
        window.menus.set_windows(offered, display.choose)

    def read_out(position: str, value: str) -> None:
        status.set_field("position", position)
        status.set_field("value", value)

    display.windowed.connect(windowed)
    display.choices_changed.connect(choices)
    display.read_out.connect(read_out)
    display.inverted_changed.connect(lambda on: window.registry.set_checked("view.invert", on))
    window.side.windows.activated.connect(display.choose)
    window.side.histogram.windowed.connect(display.set_edges)
    for signal in (scene.view.changed, scene.view.rescaled):
        signal.connect(
            lambda: QTimer.singleShot(0, window, lambda: status.set_field("zoom", f"{scene.view.scale * 100:.0f} %"))
        )


def _wire_inpainting(window: MainWindow) -> None:
    studio, status = window.studio, window.status
    inpainting, link = studio.inpainting, studio.link
    window.bar.set_generators(
        [GeneratorChoice(each.name, each.title, each.words) for each in inpainting.generators],
        inpainting.options.generator,
    )

    def options(now: FillOptions) -> None:
        window.side.options.set_options(now)
        window.bar.set_generator(now.generator)
        window.card.set_facts(inpainting.facts)

    def offered(fill: InpaintResult | None) -> None:
        window.side.variations.set_offers(fill=fill is not None, stochastic=inpainting.facts.stochastic)
        names = ("inpaint.accept", "inpaint.variations")
        window.registry.set_enabled(names, fill is not None, why="Paint over something first.")

    def timed(device: str, seconds: float) -> None:
        took = f"{seconds:.1f} s" if seconds >= SECONDS_FROM else f"{seconds * 1000:.0f} ms"
        status.set_field("latency", took)
        if not status.field("device"):
            status.set_field("device", device.upper())

    def variations(found: tuple[InpaintResult, ...], index: int) -> None:
        pictures = variation_pictures(studio, found)
        titles = [f"Seed {each.provenance.options.get('seed', 0)}" for each in found]
        window.side.variations.set_variations(pictures, titles)
        window.side.variations.set_current(index)

    inpainting.options_changed.connect(options)
    inpainting.live_changed.connect(lambda on: window.registry.set_checked("inpaint.live", on))
    inpainting.offered.connect(offered)
    inpainting.timed.connect(timed)
    link.state_changed.connect(lambda words: status.set_field("state", words))
    link.warmed.connect(lambda _name, device: status.set_field("device", device))
    studio.variations.changed.connect(variations)
    studio.variations.busy_changed.connect(lambda words: status.set_field("state", words))
    studio.comparison.proved.connect(
        lambda words, count: window.grid.panes["difference"].set_badge(words, good=count == 0)
    )
    window.bar.chosen.connect(lambda name: choose_generator(window, name))
    window.side.options.changed.connect(lambda now: set_pasting(window, now))
    window.side.variations.accepted.connect(inpainting.accept)
    window.side.variations.rejected.connect(studio.reject)
    window.side.variations.wanted.connect(studio.variations.more)
    window.side.variations.chosen.connect(studio.variations.choose)
    options(inpainting.options)
    offered(None)


def choose_generator(window: MainWindow, name: str) -> None:
    """Take another generator with the options as they are."""
    from dataclasses import replace

    inpainting = window.studio.inpainting
    inpainting.set_options(replace(inpainting.options, generator=name))


def set_pasting(window: MainWindow, now: FillOptions) -> None:
    """Take options from the panel, which does not know the generator."""
    from dataclasses import replace

    inpainting = window.studio.inpainting
    inpainting.set_options(replace(now, generator=inpainting.options.generator))


def _wire_edits(window: MainWindow) -> None:
    studio, workspace = window.studio, window.studio.workspace

    def rows() -> None:
        session = workspace.session
        edits = () if session is None else tuple(reversed(session.edits))
        window.side.edits.set_rows([_row(window, edit) for edit in edits])

    workspace.edits_changed.connect(rows)
    edits = window.side.edits
    edits.toggled.connect(workspace.enable)
    edits.removed.connect(workspace.remove)
    edits.rerun.connect(studio.variations.rerun)
    window.side.masks.chosen.connect(studio.masks.show)


def _row(window: MainWindow, edit: Any) -> EditRow:
    session = window.studio.workspace.session
    seed = edit.provenance.options.get("seed", 0)
    title, size = edit.title.rsplit(", ", 1)
    detail = f"{size} at x {edit.box[1]}, y {edit.box[0]}, seed {seed}"
    if session is not None and session.stale(edit.number):
        detail += " · made on other edits"
    return EditRow(edit.number, f"{edit.number}  {title}", detail, edit.enabled)


def _wire_tools(window: MainWindow) -> None:
    pointing, workspace = window.studio.pointing, window.studio.workspace

    def settings() -> None:
        now = pointing.toolbox.settings
        session = workspace.session
        spacing = None if session is None else session.radiograph.spacing
        mm = None if spacing is None or spacing.y is None else 2 * now.radius * spacing.y
        look = window.studio.nodules.look
        words = {
            "flood": f"Tolerance {now.tolerance}",
            "stamp": f"Stamp {now.stamp_side} px",
            "nodule": nodule_text(look.diameter, look.subtlety, spacing or UNKNOWN_SPACING),
        }.get(pointing.toolbox.chosen, f"⌀ {length_text(2 * now.radius, mm)}")
        window.status.set_field("brush", words if now.value else f"{words} · erases")
        window.registry.set_checked("tool.swap", not now.value)

    pointing.settings_changed.connect(settings)
    pointing.tool_changed.connect(window.tools.set_tool)
    pointing.tool_changed.connect(lambda _name: settings())
    workspace.opened.connect(settings)
    settings()


def _wire_work(window: MainWindow) -> None:
    studio = window.studio
    studio.told.connect(window.messages.tell)
    studio.warned.connect(window.messages.warn)
    studio.background.slow.connect(window.progress.begin)
    studio.background.progressed.connect(window.progress.progress)
    studio.background.quiet.connect(window.progress.end)
    studio.recovery.offered.connect(lambda recovery: _offer(window, recovery))
    window.grid.arrangement_changed.connect(lambda: _mark_panes(window))


def _offer(window: MainWindow, recovery: Recovery) -> None:
    steps = "step" if recovery.steps == 1 else "steps"
    text = f"Work on {Path(recovery.radiograph).name} was not closed properly ({recovery.steps} {steps})."
    recover = window.studio.recovery
    actions = (
        ("Restore", lambda: recover.restore(recovery)),
        ("Discard", lambda: recover.discard(recovery)),
        ("Later", lambda: recover.later(recovery)),
    )
    window.messages.show_message(Message(text, "warning", actions))


def _mark_panes(window: MainWindow) -> None:
    for kind in window.grid.panes:
        window.registry.set_checked(f"view.{kind}", window.grid.maximised == kind)
