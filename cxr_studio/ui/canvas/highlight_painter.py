"""Drawing an abnormality map in a pane: its picture, the numbers of its hot spots, and the legend."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QRegion

from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.canvas.guide_painter import draw_guides
from cxr_studio.ui.canvas.highlight_legend import LEGEND, draw_legend
from cxr_studio.ui.canvas.highlight_overlay import HighlightOverlay
from cxr_studio.ui.canvas.rendering import Kind
from cxr_studio.ui.tools.guides import frame

LABEL = 22.0
"""Side of the square that holds a hot spot's number, logical pixels."""

MOST_NUMBERED = 10
"""Hot spots that have their number over the image, beside the selected one; more would hide what lies beneath."""

_DARK, _LIGHT = QColor(0, 0, 0, 220), QColor(255, 244, 214)


def draw_highlight(
    painter: QPainter, overlay: HighlightOverlay, geometry: Geometry, *, kind: Kind, exposed: QRectF
) -> None:
    """Copy the exposed part of the colours (or, in another pane than theirs, of the outlines)."""
    picture = overlay.picture(geometry, coloured=kind == overlay.pane)
    if picture is None:
        return
    ratio = geometry.ratio
    top, left, bottom, right = picture.box
    place = QRectF(left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio).intersected(exposed)
    if not place.isEmpty():
        across, down = place.x() * ratio - left, place.y() * ratio - top
        source = QRectF(across, down, place.width() * ratio, place.height() * ratio)
        painter.drawImage(place, picture.image, source)


def draw_marks(
    painter: QPainter, overlay: HighlightOverlay, geometry: Geometry, *, kind: Kind, exposed: QRegion
) -> None:
    """Number the hot spots, frame the selected one, and explain the colours where they are."""
    for spot in overlay.spots:
        y0, x0, y1, x1 = spot.box
        if spot.rank == overlay.selected:
            draw_guides(painter, geometry, [frame((y0 - 0.5, x0 - 0.5), (y1 - 0.5, x1 - 0.5))])
        elif spot.rank > MOST_NUMBERED:
            continue
        left, top = geometry.to_device(spot.y, spot.x)
        place = QRectF((left / geometry.ratio) - LABEL / 2, top / geometry.ratio - LABEL / 2, LABEL, LABEL)
        if exposed.intersects(place.toAlignedRect()):
            _number(painter, place, str(spot.rank))
    if kind == overlay.pane and exposed.intersects(LEGEND) and geometry.width / geometry.ratio > LEGEND.right():
        draw_legend(painter, overlay.style)


def _number(painter: QPainter, place: QRectF, text: str) -> None:
    painter.setPen(_DARK)
    for step in (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)):
        painter.drawText(place.translated(step), Qt.AlignmentFlag.AlignCenter, text)
    painter.setPen(_LIGHT)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
