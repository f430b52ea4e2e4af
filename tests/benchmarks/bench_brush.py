"""A brush step, from the mouse event to the painted frame, beside pyqtgraph's ImageItem with the full image."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from cxr_studio.masks.brush import paint_disc
from tests.benchmarks.measure import VIEW, close, large_image, large_radiograph, median_ms, send, studio_window, tell

pytestmark = pytest.mark.benchmark
RADII = (5, 30, 100)
STEPS = 60


def own(panes: int, radius: float) -> float:
    studio = studio_window(large_radiograph(), panes=panes, size=VIEW if panes == 1 else (600, 1000))
    studio.pointing.set_radius(radius)
    canvas = studio.window.grid.panes["inpainted"].canvas
    middle = canvas.height() / 2
    send(canvas, QEvent.Type.MouseMove, 150, middle, held=False)
    send(canvas, QEvent.Type.MouseButtonPress, 150, middle)
    ms = median_ms(lambda n: send(canvas, QEvent.Type.MouseMove, 150 + 4 * n, middle + 20 * np.sin(n / 5)), STEPS)
    send(canvas, QEvent.Type.MouseButtonRelease, 150 + 4 * STEPS, middle)
    close(studio)
    return ms


def pyqtgraph_full(radius: float) -> float:
    import pyqtgraph as pg

    view = pg.GraphicsLayoutWidget()
    view.resize(*VIEW)
    box = view.addViewBox(lockAspect=True, enableMenu=False)
    image, mask = large_image(), np.zeros((3000, 3000), bool)
    item = pg.ImageItem(image, axisOrder="row-major", levels=(0, 65_535))
    box.addItem(item)
    view.show()
    QApplication.processEvents()

    def step(number: int) -> None:
        box = paint_disc(mask, (1500, 600 + 20 * number), radius=radius)
        place = np.s_[box[0] : box[2], box[1] : box[3]]
        image[place] = np.where(mask[place], 65_535, image[place])
        item.setImage(image, levels=(0, 65_535))
        QApplication.processEvents()

    ms = median_ms(step, STEPS // 3)
    view.close()
    view.deleteLater()
    QApplication.processEvents()
    return ms


def test_brush_step(qapp: QApplication) -> None:
    peer = "pyqtgraph ImageItem, full uint16 image, radius 30"
    rows = [(peer, pyqtgraph_full(30), "ms")]
    rows += [(f"CXR Studio, one pane, radius {radius}", own(1, radius), "ms") for radius in RADII]
    rows += [(f"CXR Studio, three linked panes, radius {radius}", own(3, radius), "ms") for radius in RADII]
    tell("Brush step on 3000 × 3000, 16 bits, painting included (targets: 1 ms one pane, 3 ms three)", rows, base=peer)
