"""All controllers of one window, wired among themselves; no widget is made here."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.ui.canvas.difference import DifferenceStyle
from cxr_studio.ui.canvas.pane_grid import PaneGrid
from cxr_studio.ui.compare.controller import ComparisonController
from cxr_studio.ui.display.controller import DisplayController
from cxr_studio.ui.document.controller import DocumentController
from cxr_studio.ui.document.recovery import RecoveryController
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.fill.donors import DonorsController
from cxr_studio.ui.fill.three_masks import ThreeMasksController
from cxr_studio.ui.fill.variations import VariationsController
from cxr_studio.ui.highlight.controller import HighlightController
from cxr_studio.ui.highlight.export import HighlightExport
from cxr_studio.ui.nodule.controller import NoduleController
from cxr_studio.ui.nodule.lungs import LungsController
from cxr_studio.ui.nodule.shapes import ShapesController
from cxr_studio.ui.paint.controller import PaintingController
from cxr_studio.ui.pointing.controller import PointingController
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.engine_bridge import EngineLink
from cxr_studio.ui.shell.ports import Dialogs
from cxr_studio.ui.shell.workspace import Workspace


class Studio(QObject):
    """Owns the workspace and everything that acts on it.

    Signals:
        told: (sentence) worth a word.
        warned: (sentence) something failed.
    """

    told = Signal(str)
    warned = Signal(str)

    def __init__(self, grid: PaneGrid, dialogs: Dialogs, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.grid = grid
        self.scene = grid.scene
        self.link = link
        self.background = Background(self)
        self.workspace = Workspace(self)
        self.workspace.opened.connect(self._show)
        self.workspace.closed.connect(self.scene.close)
        self.display = DisplayController(self.workspace, self)
        self.painting = PaintingController(self.workspace, self)
        self.lungs = LungsController(self.workspace, self.background, self)
        self.nodules = NoduleController(self.workspace, link, self)
        self.shapes = ShapesController(self.nodules, self.background, self)
        self.pointing = PointingController(grid, self.painting, self.display, self.nodules)
        self.inpainting = InpaintingController(self.workspace, link, parent=self)
        self.donors = DonorsController(self.background, self)
        self.variations = VariationsController(self.workspace, link, self.inpainting, self)
        self.masks = ThreeMasksController(self.workspace, self.inpainting, self)
        self.comparison = ComparisonController(self.workspace, self)
        self.highlight = HighlightController(self.workspace, self.background, parent=self)
        self.highlight_export = HighlightExport(self.workspace, self.highlight, self.background, self)
        self.documents = DocumentController(self.workspace, self.background, dialogs, self)
        self.recovery = RecoveryController(self.workspace, self.documents, self)
        self._wire()

    def reject(self) -> None:
        """Drop the fill on trial and clear the mask."""
        self.painting.clear()

    def close(self) -> None:
        """Stop threads and timers; the journal is removed, as leaving has been agreed."""
        self.pointing.cancel()
        self.nodules.close()
        self.highlight.close()
        self.recovery.close()
        self.comparison.close()
        self.background.close()
        self.link.close()

    def _wire(self) -> None:
        self.painting.window = lambda: self.display.window
        self.painting.stroking.connect(self.inpainting.stroked)
        self.workspace.mask_touched.connect(self._mask_touched)
        self.workspace.image_touched.connect(self.scene.image_changed)
        self.display.windowed.connect(self.scene.set_window)
        self.display.inverted_changed.connect(self.scene.set_inverted)
        self.masks.mask_changed.connect(self._show_mask)
        self.comparison.flicker_changed.connect(self.scene.set_flicker)
        self.comparison.swipe_changed.connect(lambda on: self.scene.set_swipe(0.5 if on else None))
        self.comparison.difference_changed.connect(self._difference)
        self.pointing.case_wanted.connect(self.documents.step)
        self.lungs.lines_changed.connect(self.scene.set_lines)
        self.nodules.placed.connect(self._look_where)
        self.pointing.tool_changed.connect(lambda name: self.lungs.want() if name == "nodule" else None)
        self.lungs.told.connect(self.told)
        self.donors.changed.connect(self._take_donors)
        self.donors.told.connect(self.told)
        self.donors.warned.connect(self.warned)
        self.documents.told.connect(self.told)
        self.highlight_export.told.connect(self.told)
        self.shapes.warned.connect(self.warned)
        for source in (self.documents, self.inpainting, self.variations, self.recovery, self.nodules, self.lungs):
            source.warned.connect(self.warned)
        self.highlight.warned.connect(self.warned)
        self.highlight_export.warned.connect(self.warned)

    @Slot()
    def _show(self) -> None:
        session, composite = self.workspace.session, self.workspace.composite
        if session is None or composite is None:
            return
        radiograph = session.radiograph
        self.pointing.cancel()
        self.scene.open(radiograph.stored, lambda: composite.image, grey=radiograph.grey, spacing=radiograph.spacing)
        self.scene.set_mask(session.mask)
        self.pointing.refresh()

    @Slot(str)
    def _take_donors(self, folder: str) -> None:
        self.inpainting.set_options(replace(self.inpainting.options, donors=folder))

    @Slot(float, float)
    def _look_where(self, y: float, x: float) -> None:
        """A nodule outside the lungs is allowed, and told."""
        lungs = self.lungs.mask
        if lungs is not None and not lungs[round(y), round(x)]:
            self.told.emit("This nodule lies outside the lungs.")

    @Slot(object)
    def _mask_touched(self, box: tuple[int, int, int, int]) -> None:
        self.scene.mask_changed(box)

    @Slot(object, str)
    def _show_mask(self, mask: object, which: str) -> None:  # noqa: ARG002
        self.scene.set_mask(mask)  # type: ignore[arg-type]

    @Slot(str, float)
    def _difference(self, mode: str, gain: float) -> None:
        self.scene.set_difference(DifferenceStyle("absolute" if mode == "absolute" else "signed", gain))
