"""What the panes paint: the right pixels, the right greys, and only where something changed."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QApplication

from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin
from cxr_studio.radiographs.window import VoiFunction, Window
from cxr_studio.ui.canvas.difference import DifferenceStyle
from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.canvas.guide_painter import crosshair_region, guides_region
from cxr_studio.ui.canvas.layer import ImageLayer
from cxr_studio.ui.canvas.pane_grid import PaneGrid
from cxr_studio.ui.canvas.scale_bar import scale_bar
from cxr_studio.ui.canvas.scene import Scene
from cxr_studio.ui.tools.guides import Ring, frame

FULL = Window(127.5, 255, VoiFunction.LINEAR_EXACT)


def gradient() -> np.ndarray:
    y, x = np.mgrid[:100, :120]
    return ((2 * y + x) % 256).astype(np.uint8)


@pytest.fixture
def grid(qtbot):
    grid = PaneGrid(Scene())
    qtbot.addWidget(grid)
    grid.resize(900, 400)
    grid.show()
    qtbot.waitExposed(grid)
    grid.image = gradient()
    grid.scene.open(
        grid.image, lambda: grid.image, grey=linear_greyscale(np.dtype(np.uint8), 8), spacing=UNKNOWN_SPACING
    )
    grid.scene.set_window(FULL)
    return grid


def pixels(grid: PaneGrid, kind: str) -> np.ndarray:
    """The canvas as painted, ``uint8 [h, w, 3]``."""
    image = grid.panes[kind].canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def at(grid: PaneGrid, kind: str, y: float, x: float) -> np.ndarray:
    geometry = grid.panes[kind].canvas.geometry_now
    left, top = geometry.to_device(y, x)
    return pixels(grid, kind)[int(top), int(left)]


def test_actual_pixels_are_shown_exactly(grid):
    grid.scene.view.zoom_to(1.0)
    grid.scene.view.centre_on(50, 60)
    for y, x in ((10, 10), (50, 60), (99, 119), (0, 0)):
        assert (at(grid, "original", y, x) == grid.image[y, x]).all()


def test_magnified_pixels_are_squares(grid):
    grid.scene.view.zoom_to(8.0)
    grid.scene.view.centre_on(50, 60)
    for dy, dx in ((-0.4, -0.4), (0.0, 0.0), (0.4, 0.4)):
        assert (at(grid, "original", 52 + dy, 61 + dx) == grid.image[52, 61]).all()


def test_a_shrunk_image_is_averaged_not_skipped(qtbot):
    fine = np.zeros((512, 512), np.uint8)
    fine[:, ::2] = 200
    layer = ImageLayer(fine)
    small = layer.sample(Geometry(128, 128, 0.25, 256, 256), (20, 20, 100, 100))
    assert np.abs(small.astype(int) - 100).max() <= 1


def test_the_window_maps_greys_and_inversion_mirrors_them(grid):
    grid.scene.view.zoom_to(1.0)
    grid.scene.set_window(Window(100, 50, VoiFunction.LINEAR_EXACT))
    y, x = np.argwhere(grid.image == 110)[40]
    expected = round((110 - 75) / 50 * 255)
    assert abs(int(at(grid, "original", y, x)[0]) - expected) <= 1
    grid.scene.set_inverted(True)
    assert abs(int(at(grid, "original", y, x)[0]) - (255 - expected)) <= 1


def test_the_tint_lies_over_the_original_and_only_an_outline_over_the_fill(grid):
    mask = np.zeros((100, 120), bool)
    mask[30:70, 30:70] = True
    grid.scene.set_mask(mask)
    assert len(set(at(grid, "original", 50, 50).tolist())) > 1
    assert len(set(at(grid, "inpainted", 50, 50).tolist())) == 1
    outline = pixels(grid, "inpainted")
    assert (outline[..., 2].astype(int) - outline[..., 0] > 100).sum() > 40


def test_a_changed_box_of_mask_or_image_is_painted_like_the_whole(grid):
    mask = np.zeros((100, 120), bool)
    grid.scene.set_mask(mask)
    pixels(grid, "original"), pixels(grid, "inpainted"), pixels(grid, "difference")
    mask[20:41, 33:60] = True
    grid.scene.mask_changed((20, 33, 41, 60))
    changed = grid.image.copy()
    grid.image = changed
    changed[22:30, 40:50] = 255 - changed[22:30, 40:50]
    grid.scene.image_changed([(22, 40, 30, 50)])
    partly = {kind: pixels(grid, kind) for kind in grid.panes}
    grid.scene.set_mask(mask.copy())
    grid.scene.set_window(FULL)
    for kind, before in partly.items():
        assert (pixels(grid, kind) == before).all(), kind


def test_the_difference_is_signed_amplified_and_black_where_nothing_changed(grid):
    grid.scene.view.zoom_to(1.0)
    changed = grid.image.copy()
    denser, lighter = np.argwhere(grid.image == 100)[10], np.argwhere(grid.image == 100)[40]
    changed[tuple(denser)], changed[tuple(lighter)] = 140, 60
    grid.image = changed
    grid.scene.image_changed([(0, 0, 100, 120)])
    quiet = at(grid, "difference", *np.argwhere(grid.image == 30)[10])
    weak = at(grid, "difference", *denser).astype(int)
    assert weak.max() > quiet.max() + 20
    assert (weak - at(grid, "difference", *lighter))[0] * (weak - at(grid, "difference", *lighter))[2] < 0
    grid.scene.set_difference(DifferenceStyle("signed", 8.0))
    assert at(grid, "difference", *denser).astype(int).sum() > weak.sum()


def test_flicker_shows_the_original_in_the_inpainted_pane(grid):
    grid.scene.view.zoom_to(1.0)
    grid.image = np.full_like(grid.image, 9)
    grid.scene.image_changed([(0, 0, 100, 120)])
    assert (at(grid, "inpainted", 50, 60) == 9).all()
    grid.scene.set_flicker(True)
    assert (at(grid, "inpainted", 50, 60) == gradient()[50, 60]).all()


class PaintNotes(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.rectangles: list[QRect] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self.rectangles.append(QRect(event.rect()))
        return False


def test_only_the_dirty_rectangle_is_painted(grid):
    canvas = grid.panes["original"].canvas
    mask = np.zeros((100, 120), bool)
    grid.scene.set_mask(mask)
    QApplication.processEvents()
    notes = PaintNotes()
    canvas.installEventFilter(notes)
    mask[40:44, 50:54] = True
    grid.scene.mask_changed((40, 50, 44, 54))
    QApplication.processEvents()
    assert notes.rectangles
    assert all(r.width() * r.height() < 0.05 * canvas.width() * canvas.height() for r in notes.rectangles)


def test_the_crosshair_leaves_no_trace(grid):
    grid.scene.view.set_crosshair((50.0, 60.0))
    grid.panes["original"].canvas.update_guides()
    QApplication.processEvents()
    grid.scene.view.set_crosshair(None)
    for pane in grid.panes.values():
        pane.canvas.update_guides()
    QApplication.processEvents()
    clean = PaintProbe.whole(grid)
    for pane in grid.panes.values():
        pane.canvas.update()
    QApplication.processEvents()
    assert (PaintProbe.whole(grid) == clean).all()


class PaintProbe:
    @staticmethod
    def whole(grid: PaneGrid) -> np.ndarray:
        return np.concatenate([pixels(grid, kind).ravel() for kind in grid.panes])


def test_guides_stay_within_the_region_that_they_claim():
    geometry = Geometry(400, 300, 2.0, 60, 80)
    ring = guides_region(geometry, [Ring((60.0, 80.0), 40.0)])
    left, top = (round(v) for v in geometry.to_device(60.0, 80.0))
    assert not ring.contains(QRect(left - 5, top - 5, 10, 10))
    assert ring.contains(QRect(left + 79, top - 1, 2, 2))
    assert guides_region(geometry, [frame((10, 10), (20, 30))]).contains(QRect(*_rect(geometry, 10, 10, 20, 30)))
    assert crosshair_region(geometry, None).isEmpty()


def _rect(geometry: Geometry, y0: float, x0: float, y1: float, x1: float) -> tuple[int, int, int, int]:
    left, top = geometry.to_device(y0, x0)
    right, bottom = geometry.to_device(y1, x1)
    return round(left), round(top), round(right - left), round(bottom - top)


def test_the_scale_bar_says_whose_millimetres_it_shows():
    geometry = Geometry(800, 600, 1.0, 0, 0)
    length, words = scale_bar(geometry, Spacing(0.2, 0.2, SpacingOrigin.AT_DETECTOR))
    assert words.endswith("mm (at detector)")
    assert length == pytest.approx(int(words.split()[0]) / 0.2)
    assert scale_bar(geometry, UNKNOWN_SPACING)[1].endswith("px")


def test_paint_events_outside_the_image_show_the_background(grid):
    canvas = grid.panes["original"].canvas
    grid.scene.close()
    canvas.paintEvent(QPaintEvent(QRect(0, 0, 5, 5)))
    assert pixels(grid, "original").max() < 20


def test_another_window_shows_what_a_fresh_start_would(grid):
    """Greys that are looked up in part only are those of a whole look-up, in all panes."""
    changed = grid.image.copy()
    changed[40:60, 30:80] = 250 - changed[40:60, 30:80] // 2
    grid.image = changed
    grid.scene.image_changed([(40, 30, 60, 80)])
    narrow = Window(90, 60, VoiFunction.LINEAR_EXACT)
    for kind in ("original", "inpainted", "difference"):
        pixels(grid, kind)
    grid.scene.set_window(narrow)
    quick = {kind: pixels(grid, kind) for kind in ("original", "inpainted", "difference")}
    grid.scene.view.zoom_to(1.5)
    grid.scene.view.fit()
    grid.scene._renderings.clear()
    for kind, seen in quick.items():
        assert (pixels(grid, kind) == seen).all(), kind
    assert (quick["difference"] != quick["difference"][0, 0]).any()
