"""The scale of an abnormality map: a colour bar with numbers and their unit, in the corner of a pane."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from cxr_studio.quality.highlighting.map import LEARNED, ONE_SIDED, Kind
from cxr_studio.quality.highlighting.overlay import FULL, painted
from cxr_studio.ui.canvas.highlight_overlay import HighlightStyle

MARGIN, LINE = 12, 15
"""Logical pixels: from the pane's corner, and of a line of words."""

BAR = 168, 8
"""Width and height of the colour bar, logical pixels."""

LEGEND = QRect(MARGIN - 4, MARGIN - 4, BAR[0] + 56, 3 * LINE + BAR[1] + 14)
"""Logical pixels that the legend takes."""

TITLES: dict[Kind, str] = {
    "absolute": "|original − filled|, % of window",
    "signed": "Denser +, darker −, % of window",
    "z": "Denser +, darker −, SD of healthy",
    "focal": "Dense and round, SD of healthy",
}
NOTE = "Research only, not a finding"

BACKING, WORDS = QColor(8, 9, 11, 165), QColor(210, 214, 220)
"""Behind the words, so that they are read on any grey; and of the words."""


def map_value(kind: Kind, value: float, *, unit: bool = True) -> str:
    """``4.2 %`` of the window, or ``2.5 SD`` where healthy lungs were learned."""
    if kind in LEARNED:
        return f"{value:.1f}{' SD' if unit else ''}"
    return f"{100 * value:.1f}{' %' if unit else ''}"


def draw_legend(painter: QPainter, style: HighlightStyle) -> None:
    """Draw it at the upper left; the painter is in logical pixels."""
    painter.fillRect(LEGEND, BACKING)
    _words(painter, QRectF(MARGIN, MARGIN, BAR[0] + 36, LINE), TITLES[style.kind], Qt.AlignmentFlag.AlignLeft)
    top = MARGIN + LINE + 3
    place = QRectF(MARGIN, top, *BAR)
    painter.drawImage(place, colour_bar(style.kind))
    for share, align, text in _numbers(style):
        across = QRectF(MARGIN + share * BAR[0] - 40, top + BAR[1] + 2, 80, LINE)
        if align == Qt.AlignmentFlag.AlignLeft:
            across.moveLeft(MARGIN)
        elif align == Qt.AlignmentFlag.AlignRight:
            across.moveRight(MARGIN + BAR[0])
        _words(painter, across, text, align)
    _words(painter, QRectF(MARGIN, top + BAR[1] + 3 + LINE, BAR[0] + 36, LINE), NOTE, Qt.AlignmentFlag.AlignLeft)


@lru_cache(maxsize=4)
def colour_bar(kind: Kind) -> QImage:
    """The colours of a map from its threshold on, opaque; on both sides of zero where a map has both."""
    ramp = np.linspace(1.0, FULL, BAR[0] if kind in ONE_SIDED else BAR[0] // 2 - 6, dtype=np.float32)
    if kind not in ONE_SIDED:
        ramp = np.concatenate([-ramp[::-1], np.zeros(12, np.float32), ramp])
    colours = painted(ramp[None], kind=kind, threshold=1.0, opacity=1.0)
    colours[..., 3] = np.where(np.abs(ramp) >= 1, 255, 0)
    return QImage(colours.tobytes(), len(ramp), 1, 4 * len(ramp), QImage.Format.Format_RGBA8888).copy()


def _numbers(style: HighlightStyle) -> tuple[tuple[float, Qt.AlignmentFlag, str], ...]:
    low, high = (map_value(style.kind, value, unit=False) for value in (style.threshold, FULL * style.threshold))
    left, centre, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
    if style.kind in ONE_SIDED:
        return (0.0, left, low), (1.0, right, f"≥ {high}")
    return (0.0, left, f"≤ −{high}"), (0.5, centre, f"±{low}"), (1.0, right, f"≥ {high}")


def _words(painter: QPainter, place: QRectF, text: str, align: Qt.AlignmentFlag) -> None:
    flags = align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
    painter.setPen(WORDS)
    painter.drawText(place, flags, text)
