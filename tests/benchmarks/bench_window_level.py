"""A step of a window/level drag, from the mouse event to the painted frame, beside pyqtgraph's setLevels."""

import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from cxr_studio.generation.result import Patch
from cxr_studio.ui.studio import Studio
from tests.benchmarks.measure import VIEW, close, large_image, large_radiograph, median_ms, send, studio_window, tell

pytestmark = pytest.mark.benchmark
STEPS = 40
ROUNDS = 3
Clock = Callable[[], float]


def own(panes: int, scale: float | None, *, edited: bool = False, clock: Clock = time.perf_counter) -> float:
    studio = studio_window(large_radiograph(), panes=panes)
    window = studio.window
    if edited:
        brighten(studio)
    if scale is not None:
        window.grid.scene.view.zoom_to(scale)
    window.registry.action("tool.window").trigger()
    canvas = window.grid.panes["inpainted"].canvas
    send(canvas, QEvent.Type.MouseMove, 300, 500, held=False)
    send(canvas, QEvent.Type.MouseButtonPress, 300, 500)
    ms = median_ms(lambda n: send(canvas, QEvent.Type.MouseMove, 300 + 3 * n, 500 + n), STEPS, clock=clock)
    send(canvas, QEvent.Type.MouseButtonRelease, 300, 500)
    close(studio)
    return ms


def brighten(studio: Studio) -> None:
    """Give the inpainted image pixels of its own, as after the first fill."""
    stored = np.full((300, 300), 40_000, np.uint16)
    studio.workspace.lay([Patch((1200, 1200, 1500, 1500), stored)])
    QApplication.processEvents()


def pyqtgraph_levels() -> float:
    import pyqtgraph as pg

    view = pg.GraphicsLayoutWidget()
    view.resize(*VIEW)
    box = view.addViewBox(lockAspect=True, enableMenu=False)
    item = pg.ImageItem(large_image(), axisOrder="row-major", levels=(0, 65_535))
    box.addItem(item)
    view.show()
    QApplication.processEvents()

    def step(number: int) -> None:
        item.setLevels((100 * number, 60_000))
        QApplication.processEvents()

    ms = median_ms(step, STEPS // 2)
    view.close()
    view.deleteLater()
    QApplication.processEvents()
    return ms


def test_window_level_step(qapp: QApplication) -> None:
    peer = "pyqtgraph ImageItem, setLevels on uint16"
    rows = [
        (peer, pyqtgraph_levels(), "ms"),
        ("CXR Studio, one pane, fitted", own(1, None), "ms"),
        ("CXR Studio, one pane, actual pixels", own(1, 1.0), "ms"),
        ("CXR Studio, three linked panes, fitted", own(3, None), "ms"),
        ("CXR Studio, one pane, something filled", own(1, None, edited=True), "ms"),
        ("CXR Studio, three linked panes, something filled", own(3, None, edited=True), "ms"),
    ]
    tell("Window/level step on 3000 × 3000, 16 bits, view 1200 × 1000 (target: 8 ms a pane)", rows, base=peer)
    took: dict[int, list[float]] = {1: [], 3: []}
    for panes in (1, 3) * ROUNDS:
        took[panes].append(own(panes, None, edited=True, clock=time.process_time))
    one, three = min(took[1]), min(took[3])
    print(f"  three linked panes with something filled: {three / one:.2f} × one pane in processor time (target: 2.5)")
