"""What the highlight costs: a brush step and a window/level step under it, a move of its threshold, its hot spots."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from cxr_studio.quality.highlighting.map import hot_spots
from cxr_studio.ui.canvas.highlight_overlay import HighlightOverlay, HighlightStyle
from cxr_studio.ui.studio import Studio
from tests.benchmarks.measure import close, large_radiograph, median_ms, send, studio_window, tell

pytestmark = pytest.mark.benchmark
STEPS = 40
STYLE = HighlightStyle("signed", 0.05, 0.6)


def large_map(side: int = 3000) -> np.ndarray:
    """A smooth signed map of which about a third is above the threshold, as of a lung full of masses."""
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    return (0.09 * np.sin(14 * x) * np.cos(11 * y)).astype(np.float32)


def overlaid(plane: np.ndarray) -> HighlightOverlay:
    overlay = HighlightOverlay(plane, STYLE)
    overlay.spots = hot_spots(plane, np.ones(plane.shape, bool), threshold=STYLE.threshold)
    return overlay


def studio_of(overlay: HighlightOverlay | None) -> Studio:
    studio = studio_window(large_radiograph(), panes=3, size=(600, 1000))
    studio.window.grid.scene.set_highlight(overlay)
    QApplication.processEvents()
    return studio


def dragged(overlay: HighlightOverlay | None, tool: str) -> float:
    studio = studio_of(overlay)
    window = studio.window
    window.registry.action(tool).trigger()
    studio.pointing.set_radius(30)
    canvas = window.grid.panes["inpainted"].canvas
    send(canvas, QEvent.Type.MouseMove, 150, 500, held=False)
    send(canvas, QEvent.Type.MouseButtonPress, 150, 500)
    ms = median_ms(lambda n: send(canvas, QEvent.Type.MouseMove, 150 + 4 * n, 500 + 20 * np.sin(n / 5)), STEPS)
    send(canvas, QEvent.Type.MouseButtonRelease, 350, 500)
    close(studio)
    return ms


def threshold_step(overlay: HighlightOverlay) -> float:
    studio = studio_of(overlay)
    window = studio.window
    scene = window.grid.scene

    def step(number: int) -> None:
        assert scene.highlight is not None
        scene.set_highlight(scene.highlight.restyled(HighlightStyle("signed", 0.02 + 0.001 * number, 0.6)))
        QApplication.processEvents()

    ms = median_ms(step, STEPS)
    close(studio)
    return ms


def test_highlight(qapp: QApplication) -> None:
    plane = large_map()
    looked_at = np.ones(plane.shape, bool)
    for title, tool in (("Brush step, radius 30", "tool.brush"), ("Window/level step", "tool.window")):
        rows = [("without the highlight", dragged(None, tool), "ms"), ("with it", dragged(overlaid(plane), tool), "ms")]
        tell(f"{title}, three linked panes, 3000 × 3000", rows, base="without the highlight")
    spots = median_ms(lambda n: hot_spots(plane, looked_at, threshold=0.04 + 0.0005 * n), 10)
    rows = [("Threshold moved, three panes painted", threshold_step(overlaid(plane)), "ms")]
    rows += [("Hot spots of 3000 × 3000", spots, "ms")]
    tell("A move of the threshold", rows, base="Threshold moved, three panes painted")
