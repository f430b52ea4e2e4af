"""A loupe over the panes: what is under the pointer, three times as large."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QRegion

from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.canvas.rendering import Kind
from cxr_studio.ui.canvas.scene import Scene

SIDE, POWER = 190, 3.0
"""Diameter in logical pixels, and how many times larger than in the pane."""
RIM = QPen(QColor(255, 255, 255, 200), 1.2)


def magnifier_region(geometry: Geometry, point: tuple[float, float] | None) -> QRegion:
    """Logical pixels that the loupe takes."""
    return QRegion() if point is None else QRegion(_place(geometry, point).adjusted(-2, -2, 2, 2).toAlignedRect())


def draw_magnifier(painter: QPainter, scene: Scene, geometry: Geometry, *, kind: Kind) -> None:
    """Draw it where the scene has it; the painter is in logical pixels."""
    point = scene.magnified
    if point is None:
        return
    side = round(SIDE * geometry.ratio)
    near = replace(geometry, width=side, height=side, scale=POWER * geometry.scale, y=point[0] + 0.5, x=point[1] + 0.5)
    image = scene.made(near).image(kind, scene.difference_style)
    place = _place(geometry, point)
    round_edge = QPainterPath()
    round_edge.addEllipse(place)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(round_edge, Qt.ClipOperation.IntersectClip)
    painter.drawImage(place, image)
    painter.restore()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(RIM)
    painter.drawEllipse(place)


def _place(geometry: Geometry, point: tuple[float, float]) -> QRectF:
    left, top = geometry.to_device(*point)
    middle, half = QPointF(left / geometry.ratio, top / geometry.ratio), QPointF(SIDE / 2, SIDE / 2)
    return QRectF(middle - half, middle + half)
