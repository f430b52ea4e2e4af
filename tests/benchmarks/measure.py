"""What the benchmarks share: a studio window with a large radiograph, medians, and lines with ratios."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable
from statistics import median

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from cxr_studio.generation.session import Session
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph, Source
from cxr_studio.settings import Settings
from cxr_studio.ui.studio import Studio

SIDE = 3000
BESIDE = 460, 280
"""Logical pixels of the window beside its panes."""
VIEW = (1200, 1000)
"""Size of the one pane that the reference figures are for."""


def large_image(side: int = SIDE) -> np.ndarray:
    """A 16-bit image with structure at every scale, values 0 to 65,535."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[:side, :side] / side
    image = 30_000 + 20_000 * np.sin(9 * x) * np.cos(7 * y) + rng.normal(0, 900, (side, side))
    return np.clip(image, 0, 65_535).astype(np.uint16)


def large_radiograph(side: int = SIDE) -> Radiograph:
    stored = large_image(side)
    stored.setflags(write=False)
    return Radiograph(stored, linear_greyscale(stored.dtype, bits=16), source=Source(None, "", "png", 16))


def studio_window(radiograph: Radiograph, *, panes: int, size: tuple[int, int] = VIEW) -> Studio:
    """A shown window whose panes have the wanted size; nothing of the engine is started."""
    studio = Studio(Settings(live=False, crosshair=True))
    window = studio.window
    studio.workspace.open(Session(radiograph), None)
    window.show()
    window.grid.set_waiting("difference", False)
    if panes == 1:
        window.grid.toggle_maximised("inpainted")
    for pane in window.grid.panes.values():
        pane.canvas.setFixedSize(*size)
    window.resize(panes * size[0] + BESIDE[0], size[1] + BESIDE[1])  # nothing of a pane is cut off
    QApplication.processEvents()
    return studio


def close(studio: Studio) -> None:
    if studio.workspace.session is not None:
        studio.workspace.session.mark_saved()
    studio.window.close()
    studio.window.deleteLater()
    QApplication.processEvents()
    gc.collect()


def send(widget: QWidget, kind: QEvent.Type, x: float, y: float, *, held: bool = True) -> None:
    """A mouse event with the left button, followed by everything it causes, painting included."""
    left = Qt.MouseButton.LeftButton
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
    buttons = left if held else Qt.MouseButton.NoButton
    place = QPointF(x, y)
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), button, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)
    QApplication.processEvents()


def median_ms(
    step: Callable[[int], object], count: int, *, warm: int = 3, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Median milliseconds of a step called with its number; ``time.process_time`` leaves other programs out."""
    for number in range(warm):
        step(number)
    times = []
    for number in range(warm, warm + count):
        started = clock()
        step(number)
        times.append(clock() - started)
    return 1000 * median(times)


def tell(title: str, lines: Iterable[tuple[str, float, str]], *, base: str) -> None:
    """Print lines of (what, value, unit) with their ratio to the line called ``base``."""
    rows = list(lines)
    reference = next(value for what, value, _ in rows if what == base)
    print(f"\n{title}")
    for what, value, unit in rows:
        print(f"  {what:<58} {value:9.2f} {unit:<3} {value / reference:7.2f} ×")
