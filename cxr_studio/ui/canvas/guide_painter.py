"""Drawing what the tools ask for: rings, trails, ovals; each as a dark line under a light one, seen on any grey."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from cxr_studio.ui.canvas.view_state import Geometry
from cxr_studio.ui.tools.guides import Guide, Oval, Ring

UNDER, OVER = QColor(0, 0, 0, 150), QColor(255, 255, 255, 220)
CROSS = QColor(255, 255, 255, 70)
KNOT = 3.0
"""Half a side of the dot at a polygon's corner, logical pixels."""


def draw_guides(painter: QPainter, geometry: Geometry, guides: Iterable[Guide]) -> None:
    """Draw outlines over an image; the painter is in logical pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    shapes = list(guides)
    for colour, width in ((UNDER, 2.6), (OVER, 1.1)):
        painter.setPen(QPen(colour, width))
        for guide in shapes:
            _draw(painter, geometry, guide)


def draw_crosshair(painter: QPainter, geometry: Geometry, point: tuple[float, float]) -> None:
    """Draw a hair line across the pane in both directions, open around the point."""
    place = _place(geometry, *point)
    width, height = geometry.width / geometry.ratio, geometry.height / geometry.ratio
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(CROSS, 1))
    gap = 14.0
    painter.drawLine(QPointF(0, place.y()), QPointF(place.x() - gap, place.y()))
    painter.drawLine(QPointF(place.x() + gap, place.y()), QPointF(width, place.y()))
    painter.drawLine(QPointF(place.x(), 0), QPointF(place.x(), place.y() - gap))
    painter.drawLine(QPointF(place.x(), place.y() + gap), QPointF(place.x(), height))


def _draw(painter: QPainter, geometry: Geometry, guide: Guide) -> None:
    if isinstance(guide, Ring):
        radius = (guide.radius + 0.5) * geometry.scale / geometry.ratio
        painter.drawEllipse(_place(geometry, *guide.centre), radius, radius)
    elif isinstance(guide, Oval):
        painter.drawEllipse(QRectF(_place(geometry, *guide.first), _place(geometry, *guide.second)).normalized())
    else:
        places = [_place(geometry, *point) for point in guide.points]
        line = QPolygonF(places)
        painter.drawPolygon(line) if guide.closed else painter.drawPolyline(line)
        for place in places if guide.knots else ():
            painter.drawRect(QRectF(place.x() - KNOT, place.y() - KNOT, 2 * KNOT, 2 * KNOT))


def _place(geometry: Geometry, y: float, x: float) -> QPointF:
    left, top = geometry.to_device(y, x)
    return QPointF(left / geometry.ratio, top / geometry.ratio)
