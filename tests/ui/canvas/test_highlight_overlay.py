"""An abnormality map in the panes: colours where the searched image is, outlines elsewhere, where it is exposed."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from cxr_studio.quality.highlighting.map import hot_spots
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING
from cxr_studio.radiographs.window import VoiFunction, Window
from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.canvas.highlight_legend import LEGEND, colour_bar, draw_legend, map_value
from cxr_studio.ui.canvas.highlight_overlay import HighlightOverlay, HighlightStyle
from cxr_studio.ui.canvas.highlight_painter import draw_highlight
from cxr_studio.ui.canvas.pane_grid import PaneGrid
from cxr_studio.ui.canvas.scene import Scene

pytestmark = pytest.mark.usefixtures("qapp")

WHOLE = Geometry(240, 200, 2.0, 50.0, 60.0)
"""100 × 120 image pixels, twice as large."""
SIGNED = HighlightStyle("signed", 0.1, 1.0)


def plane() -> np.ndarray:
    made = np.zeros((100, 120), np.float32)
    made[20:40, 30:50] = 0.3
    made[60:80, 80:100] = -0.3
    return made


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def test_the_picture_holds_what_reaches_the_threshold_and_no_more():
    picture = HighlightOverlay(plane(), SIGNED).picture(WHOLE, coloured=True)
    assert np.allclose(picture.box, (40, 60, 160, 200), atol=2)
    shown = pixels(picture.image)
    assert shown[10, 10, 0] > shown[10, 10, 2]
    assert shown[-10, -10, 2] > shown[-10, -10, 0]
    assert shown[10, -10, 3] == 0


def test_nothing_above_the_threshold_is_no_picture():
    assert HighlightOverlay(plane(), HighlightStyle("signed", 0.5, 1.0)).picture(WHOLE, coloured=True) is None


def test_opacity_is_in_the_alpha():
    half = HighlightOverlay(plane(), HighlightStyle("absolute", 0.1, 0.5)).picture(WHOLE, coloured=True)
    assert pixels(half.image)[10, 10, 3] == pytest.approx(128, abs=1)


def test_outlines_leave_the_inside_free():
    picture = HighlightOverlay(plane(), SIGNED).picture(WHOLE, coloured=False)
    shown = pixels(picture.image)
    assert shown[15, 15, 3] == 0
    assert shown[0, 15, 3] > 200


def test_another_look_shares_the_samples_and_drops_the_spots():
    first = HighlightOverlay(plane(), SIGNED)
    first.picture(WHOLE, coloured=True)
    first.spots = hot_spots(plane(), np.ones((100, 120), bool), threshold=0.1)
    second = first.restyled(HighlightStyle("signed", 0.2, 0.3))
    assert second._samples is first._samples
    assert second.spots == ()
    assert second.shows(first._layer.image, "original")
    assert not second.shows(first._layer.image, "inpainted")


def test_few_geometries_are_kept():
    overlay = HighlightOverlay(plane(), SIGNED)
    for width in range(240, 250):
        overlay.picture(Geometry(width, 200, 2.0, 50.0, 60.0), coloured=True)
    assert len(overlay._samples) == len(overlay._pictures) == 4


def test_only_the_exposed_part_is_painted():
    target = QImage(240, 200, QImage.Format.Format_RGB32)
    target.fill(QColor(0, 0, 0))
    painter = QPainter(target)
    exposed = QRectF(70, 50, 10, 10)
    draw_highlight(painter, HighlightOverlay(plane(), SIGNED), WHOLE, kind="original", exposed=exposed)
    painter.end()
    lit = np.argwhere(pixels(target)[..., :3].any(axis=2))
    assert (lit.min(axis=0) == (50, 70)).all()
    assert (lit.max(axis=0) == (59, 79)).all()


def test_values_have_their_unit():
    assert map_value("absolute", 0.0525) == "5.2 %"
    assert map_value("z", 2.5) == "2.5 SD"
    assert map_value("z", 2.5, unit=False) == "2.5"


def test_the_legend_stays_in_its_place():
    target = QImage(400, 200, QImage.Format.Format_RGB32)
    for style in (SIGNED, HighlightStyle("absolute", 0.3, 1.0), HighlightStyle("z", 8.0, 1.0)):
        target.fill(QColor(90, 90, 90))
        painter = QPainter(target)
        draw_legend(painter, style)
        painter.end()
        changed = np.argwhere((pixels(target)[..., :3] != 90).any(axis=2))
        assert LEGEND.contains(int(changed[:, 1].min()), int(changed[:, 0].min()))
        assert LEGEND.contains(int(changed[:, 1].max()), int(changed[:, 0].max()))


def test_the_bar_of_a_signed_map_has_both_sides():
    bar = pixels(colour_bar("signed"))[0]
    assert bar[20, 2] > bar[20, 0]
    assert bar[-20, 0] > bar[-20, 2]
    assert bar[len(bar) // 2, 3] == 0


@pytest.fixture
def grid(qtbot):
    grid = PaneGrid(Scene())
    qtbot.addWidget(grid)
    grid.resize(1200, 500)
    grid.show()
    qtbot.waitExposed(grid)
    image = np.full((100, 120), 100, np.uint8)
    grid.scene.open(image, lambda: image, grey=linear_greyscale(image.dtype, 8), spacing=UNKNOWN_SPACING)
    grid.scene.set_window(Window(127.5, 255, VoiFunction.LINEAR_EXACT))
    return grid


def coloured(grid, kind):
    shown = pixels(grid.panes[kind].canvas.grab().toImage())[..., :3].astype(int)
    return int((np.ptp(shown, axis=2) > 20).sum())


def test_colours_are_in_one_pane_and_outlines_in_the_others(grid):
    assert coloured(grid, "original") == 0
    grid.scene.set_highlight(HighlightOverlay(plane(), SIGNED))
    assert coloured(grid, "original") > 5 * coloured(grid, "inpainted") > 0
    assert coloured(grid, "difference") > 0
    grid.scene.set_highlight(HighlightOverlay(plane(), SIGNED, pane="inpainted"))
    assert coloured(grid, "inpainted") > 5 * coloured(grid, "original") > 0
    grid.scene.set_flicker(True)
    assert coloured(grid, "inpainted") == 0
    grid.scene.set_flicker(False)
    grid.scene.set_highlight(None)
    assert coloured(grid, "original") == coloured(grid, "inpainted") == 0
