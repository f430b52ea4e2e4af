"""From the end of a stroke to updated panes, beside skimage's biharmonic fill of the same hole."""

import time
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import cut
from cxr_studio.masks.shapes import fill_rectangle
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from cxr_studio.settings import Settings
from cxr_studio.ui.studio import Studio
from tests.benchmarks.measure import close, tell

pytestmark = pytest.mark.benchmark
RUNS = 9
SIDES = (40, 64, 128, 256)


def wait(signal: object, begin: object) -> float:
    loop = QEventLoop()
    signal.connect(loop.quit)
    QTimer.singleShot(60_000, loop, loop.quit)
    started = time.perf_counter()
    begin()
    loop.exec()
    QApplication.processEvents()
    signal.disconnect(loop.quit)
    return time.perf_counter() - started


def stroke(studio: Studio, side: int, number: int) -> None:
    painting = studio.painting
    painting.begin()
    top, left = 330 + 3 * number, 230 + 5 * number
    painting.mask[...] = False
    painting.touch((0, 0, *painting.mask.shape))
    painting.touch(fill_rectangle(painting.mask, (top, left), (top + side - 1, left + side - 1)))
    painting.commit("Rectangle")


def skimage_fill(side: int) -> float:
    from skimage.restoration import inpaint_biharmonic

    image = read_radiograph(resource("samples", "healthy-1.png")).stored / 255.0
    mask = np.zeros(image.shape, bool)
    mask[330 : 330 + side, 230 : 230 + side] = True
    around = cut((330 - 32, 230 - 32, 330 + side + 32, 230 + side + 32))
    started = time.perf_counter()
    inpaint_biharmonic(image[around], mask[around])
    return time.perf_counter() - started


def test_stroke_to_panes(qapp: QApplication, tmp_path: Path) -> None:
    studio = Studio(Settings())
    window = studio.window
    window.resize(1600, 1000)
    window.show()
    studio.workspace.open(Session(read_radiograph(resource("samples", "healthy-1.png"))), None)
    wait(studio.link.warmed, lambda: studio.link.start("context-encoder"))
    peer = "skimage inpaint_biharmonic, 64 × 64, fill alone"
    rows = [(peer, 1000 * median(skimage_fill(64) for _ in range(3)), "ms")]
    for side in SIDES:
        times = [wait(studio.inpainting.timed, partial(stroke, studio, side, n)) for n in range(RUNS)]
        rows.append((f"CXR Studio, context encoder, {side} × {side} px", 1000 * median(times[1:]), "ms"))
    close(studio)
    tell("Stroke end to updated panes, processor only (target: 100 ms for 64 × 64)", rows, base=peer)
