"""The main window with every feature installed: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from cxr_studio.exchange.objects import Wanted
from cxr_studio.settings import Settings
from cxr_studio.ui.archive.install import install as install_archive
from cxr_studio.ui.augment.install import install as install_augment
from cxr_studio.ui.compare.install import install as install_compare
from cxr_studio.ui.corners.install import install as install_corners
from cxr_studio.ui.deidentify.install import install as install_deidentify
from cxr_studio.ui.detect.install import install as install_detect
from cxr_studio.ui.display.install import install as install_display
from cxr_studio.ui.document.install import install as install_document
from cxr_studio.ui.edits.install import install as install_edits
from cxr_studio.ui.figure.install import install as install_figure
from cxr_studio.ui.fill.install import install as install_fill
from cxr_studio.ui.highlight.install import install as install_highlight
from cxr_studio.ui.labels.install import install as install_labels
from cxr_studio.ui.measure.install import install as install_measure
from cxr_studio.ui.nodule.install import install as install_nodule
from cxr_studio.ui.objects.install import install as install_objects
from cxr_studio.ui.objects.shown import wanted_as_shown
from cxr_studio.ui.owner.install import install as install_owner
from cxr_studio.ui.paint.install import install as install_paint
from cxr_studio.ui.panes.install import install as install_panes
from cxr_studio.ui.pointing.controller import Targets
from cxr_studio.ui.pointing.install import install as install_pointing
from cxr_studio.ui.program.install import install as install_program
from cxr_studio.ui.qa.install import install as install_qa
from cxr_studio.ui.rivals.install import install as install_rivals
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.desk import Desk
from cxr_studio.ui.shell.dialogs import QtDialogs
from cxr_studio.ui.shell.engine_bridge import EngineBridge
from cxr_studio.ui.shell.frame import Frame
from cxr_studio.ui.shell.message_bar import IMAGE
from cxr_studio.ui.shell.ports import Dialogs
from cxr_studio.ui.shell.preferences import Preferences
from cxr_studio.ui.shell.workspace import Workspace
from cxr_studio.ui.study.install import install as install_study
from cxr_studio.ui.tags.install import install as install_tags
from cxr_studio.ui.whole.install import install as install_whole


class Studio(QObject):
    """Owns the window, the open radiograph and the engine, and the controllers of the features.

    Args:
        settings: Remembered from the last time; changed in place.
        dialogs: Asks for files and decisions; None for the system's.
        link: The bridge to the engine; None for a new one.
        frame: The window, shown already; None for a new one.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        dialogs: Dialogs | None = None,
        link: EngineBridge | None = None,
        frame: Frame | None = None,
    ) -> None:
        self.window = window = (frame or Frame(settings)).window
        super().__init__(window)
        self.workspace = Workspace(self)
        self.background = Background(self)
        self.link = link or EngineBridge()
        self.preferences = Preferences(settings, self)
        self.workspace.opened.connect(self._show)
        self.desk = Desk(
            window,
            self.workspace,
            self.background,
            dialogs or QtDialogs(window),
            actions=window.registry,
            preferences=self.preferences,
            places=window.places,
        )
        self._install(self.desk)
        window.build()
        self._follow()
        self.preferences.apply()

    def start(self, paths: Sequence[Path] = ()) -> None:
        """Open files, offer what was left behind, and start the engine; called after the first paint."""
        if paths:
            self.documents.open(paths)
        self.recovery.look()
        self.link.start(self.inpainting.options.generator)

    def _install(self, desk: Desk) -> None:
        """Each feature is given what it needs of those before it."""
        install_panes(desk)
        self.display = install_display(desk, pointer=lambda: self.pointing.place)
        self.painting = install_paint(desk, window=lambda: self.display.window)
        self._nodule = nodule = install_nodule(desk, self.link)  # kept: signals hold no method's owner
        self.lungs, self.nodules, self.shapes = nodule.lungs, nodule.nodules, nodule.shapes
        self.edits = install_edits(
            desk,
            painting=self.painting,
            settle=lambda: self.pointing.cancel(),
            rerun=lambda number: self.variations.rerun(number),
        )
        self.measures = install_measure(desk, self.edits)
        targets = Targets(self.painting, self.display, self.nodules, self.edits, self.measures)
        self.pointing = install_pointing(desk, targets)
        self.pointing.tool_changed.connect(nodule.tool_taken)
        fill = install_fill(desk, self.link, painting=self.painting)
        self.inpainting, self.variations, self.masks = fill.inpainting, fill.variations, fill.masks
        self.donors = fill.donors
        for signal in (self.workspace.mask_settled, self.inpainting.offered):
            signal.connect(lambda *_: nodule.make_room(self.pointing.toolbox.chosen))
        self.rivals = install_rivals(desk, self.link, inpainting=self.inpainting, settle=self.pointing.cancel)
        self.whole = install_whole(
            desk, self.link, inpainting=self.inpainting, rivals=self.rivals, settle=self.pointing.cancel
        )
        self.surrounding, self.translating = self.whole.surrounding, self.whole.translating
        self.comparison = install_compare(desk)
        install_corners(desk)
        install_tags(desk)
        self.figures = install_figure(desk)
        highlight = install_highlight(desk, generators=self.inpainting.generators, settle=self.pointing.cancel)
        self.highlight, self.highlight_export = highlight.highlight, highlight.export
        self.detect = install_detect(desk, self.link, settle=self.nodules.finish)
        self.documents, self.recovery, self.exports = install_document(desk)
        self.documents.settle = self.nodules.finish

        def as_shown() -> Wanted:
            return wanted_as_shown(self.workspace, self.display.window, self.detect)

        self.show_objects = install_objects(desk, wanted=as_shown)
        self.archive = install_archive(desk, self.documents, wanted=as_shown)
        self.deidentify = install_deidentify(desk)
        install_labels(desk, self.documents)
        install_augment(desk, self.documents)
        self.pointing.case_wanted.connect(self.documents.step)
        install_study(desk)
        install_owner(desk, self.documents)
        install_qa(desk)
        install_program(desk)
        nodule.tool_taken(self.pointing.toolbox.chosen)

    def _follow(self) -> None:
        """What concerns the window as a whole."""
        window, workspace, background = self.window, self.workspace, self.background
        for signal in (workspace.opened, workspace.closed, workspace.steps_changed):
            signal.connect(lambda: window.registry.review())
        for signal in (workspace.opened, workspace.closed):
            signal.connect(lambda: window.messages.gone(IMAGE))
        background.slow.connect(window.progress.begin)
        background.progressed.connect(window.progress.progress)
        background.quiet.connect(window.progress.end)
        window.dropped.connect(self.documents.open)
        window.may_close = self.documents.may_leave
        window.closing.connect(self._close)

    @Slot()
    def _show(self) -> None:
        session, composite = self.workspace.session, self.workspace.composite
        if session is None or composite is None:
            return
        radiograph, scene = session.radiograph, self.window.grid.scene
        self.pointing.cancel()
        scene.open(radiograph.stored, lambda: composite.image, grey=radiograph.grey, spacing=radiograph.spacing)
        scene.set_mask(session.mask)
        self.pointing.refresh()

    @Slot()
    def _close(self) -> None:
        """Remember the state; then stop threads and timers."""
        settings = self.preferences.settings
        settings.geometry = self.window.place()
        self.preferences.keep()
        self.window.grid.dock_all()
        for stop in self.desk.at_close:
            stop()
        self.background.close()
        self.link.close()
