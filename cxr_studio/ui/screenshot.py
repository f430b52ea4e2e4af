"""The window as a picture, with an inpainting done in it: for README, and for machines without a display."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer, SignalInstance

from cxr_studio.masks.brush import paint_segment
from cxr_studio.settings import Settings
from cxr_studio.ui.theme.style import apply_theme
from cxr_studio.ui.window.command_wiring import open_sample
from cxr_studio.ui.window.main_window import MainWindow

SIZE = (1600, 1000)
PATIENCE_MS = 60_000
"""How long the file and the fill may take, each."""

STROKE: tuple[tuple[float, float], ...] = ((0.36, 0.30), (0.39, 0.33), (0.43, 0.32))
"""Where the demo paints, as shares of height and width: inside the lung at the image's left."""
RADIUS = 0.028
"""Brush radius of the demo, share of the longest side."""


def render_demo(
    files: Sequence[Path],
    picture: Path,
    *,
    theme: str = "dark",
    size: tuple[int, int] = SIZE,
    stroke: Sequence[tuple[float, float]] = STROKE,
) -> int:
    """Open the window, paint, wait for the fill, write a PNG and leave.

    Args:
        files: What to open; empty for the bundled sample.
        picture: The PNG to write.
        theme: "dark" or "light".
        size: Of the window in logical pixels.
        stroke: Points ``(y, x)`` as shares of the image.

    Returns:
        0, or 1 when no fill came (the picture is written all the same).
    """
    from cxr_studio.ui.app import application

    if not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = application()
    apply_theme(app, theme)
    window = MainWindow(Settings(theme="light" if theme == "light" else "dark"))
    window.resize(*size)
    window.show()
    studio = window.studio
    opened = _wait(studio.workspace.opened, lambda: _open(window, files))
    if opened:
        studio.link.start(studio.inpainting.options.generator)
        _wait(studio.link.warmed, lambda: None)
        opened = _wait(studio.inpainting.timed, lambda: _paint(window, stroke))
    _rest(700)
    saved = window.grab().save(str(picture), "PNG")
    told = window.messages.text
    if studio.workspace.session is not None:
        studio.workspace.session.mark_saved()
    window.close()
    window.deleteLater()
    print(f"The window is in {picture}." if saved else f"{picture} could not be written.", file=sys.stderr)
    if told:
        print(told, file=sys.stderr)
    return 0 if saved and opened else 1


def _open(window: MainWindow, files: Sequence[Path]) -> None:
    window.side.histogram.build()
    if files:
        window.studio.documents.open(list(files))
    else:
        open_sample(window)


def _paint(window: MainWindow, stroke: Sequence[tuple[float, float]]) -> None:
    painting = window.studio.painting
    height, width = painting.mask.shape
    radius = RADIUS * max(height, width)
    points = [(y * height, x * width) for y, x in stroke]
    painting.begin()
    for start, end in zip(points, points[1:] or points, strict=False):
        painting.touch(paint_segment(painting.mask, start, end, radius=radius))
    painting.commit("Brush stroke")
    middle = np.mean(points, axis=0)
    window.grid.scene.view.set_crosshair((float(middle[0]), float(middle[1])))
    window.studio.display.read(float(middle[0]), float(middle[1]))


def _wait(signal: SignalInstance, begin: Callable[[], None]) -> bool:
    """Begin something and wait for its signal; False when it does not come."""
    loop, came = QEventLoop(), []

    def note(*_told: object) -> None:
        came.append(True)
        loop.quit()

    signal.connect(note)
    QTimer.singleShot(PATIENCE_MS, loop, loop.quit)
    begin()
    if not came:
        loop.exec()
    return bool(came)


def _rest(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop, loop.quit)
    loop.exec()
