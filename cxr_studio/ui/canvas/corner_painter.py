"""Words in the corners of a pane, as radiology viewers have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cxr_studio.ui.canvas.geometry import Geometry

ASIDE, TALL = 8, 52
"""Logical pixels from the edges, and of the strips at the top and the bottom that hold words."""
WORDS, SHADOW = QColor(222, 226, 210), QColor(0, 0, 0, 210)


@dataclass(frozen=True)
class Corners:
    """Words of each corner, lines divided by line feeds; the scale bar has the lower left one."""

    top_left: str = ""
    top_right: str = ""
    bottom_right: str = ""


CornersOf = Callable[[Geometry], Corners]
"""Gives a pane's words."""


def corners_area(geometry: Geometry) -> tuple[QRect, QRect]:
    """Logical pixels that words may take, at the top and at the bottom."""
    width, height = round(geometry.width / geometry.ratio), round(geometry.height / geometry.ratio)
    return QRect(0, 0, width, TALL), QRect(width // 2, height - TALL, width - width // 2, TALL)


def draw_corners(painter: QPainter, geometry: Geometry, corners: Corners) -> None:
    """Draw them; the painter is in logical pixels."""
    width, height = geometry.width / geometry.ratio, geometry.height / geometry.ratio
    inner = QRectF(ASIDE, ASIDE, width - 2 * ASIDE, height - 2 * ASIDE)
    left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
    top, bottom = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
    for text, where in (
        (corners.top_left, left | top),
        (corners.top_right, right | top),
        (corners.bottom_right, right | bottom),
    ):
        for colour, step in ((SHADOW, QPointF(1, 1)), (WORDS, QPointF())):
            painter.setPen(colour)
            painter.drawText(inner.translated(step), where, text)
