"""A scale bar whose length says what its millimetres are."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from cxr_studio.radiographs.spacing import Spacing
from cxr_studio.ui.canvas.geometry import Geometry

STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
"""Lengths offered, in mm or px."""

LONGEST = 0.25
"""Share of the pane's width that the bar takes at most."""


def scale_bar(geometry: Geometry, spacing: Spacing) -> tuple[float, str]:
    """Length in logical pixels and the words beside it, e.g. ``50 mm (at detector)`` or ``200 px``."""
    per_unit = geometry.scale / geometry.ratio / ((spacing.y if geometry.turn.odd else spacing.x) or 1.0)
    room = LONGEST * geometry.width / geometry.ratio
    length = max((step for step in STEPS if step * per_unit <= room), default=STEPS[0])
    words = f"{length} mm ({spacing.origin.value})" if spacing.known else f"{length} px"
    return length * per_unit, words


def scale_bar_area(geometry: Geometry) -> QRect:
    """Logical pixels that the bar and its words take."""
    return QRect(0, round(geometry.height / geometry.ratio) - 44, round(geometry.width / geometry.ratio * 0.5) + 40, 44)


def draw_scale_bar(painter: QPainter, geometry: Geometry, spacing: Spacing) -> None:
    """Draw the bar at the lower left; the painter is in logical pixels."""
    length, words = scale_bar(geometry, spacing)
    left, bottom = 12.0, geometry.height / geometry.ratio - 14.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for colour, width in ((QColor(0, 0, 0, 160), 3), (QColor(210, 214, 220), 1)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(left, bottom), QPointF(left + length, bottom))
        for end in (left, left + length):
            painter.drawLine(QPointF(end, bottom - 4), QPointF(end, bottom + 4))
    painter.setPen(QColor(0, 0, 0, 200))
    painter.drawText(QPointF(left + 1, bottom - 7), words)
    painter.setPen(QColor(210, 214, 220))
    painter.drawText(QPointF(left, bottom - 8), words)
