"""Drawing what the tools ask for: rings, trails, ovals; each as a dark line under a light one, seen on any grey."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import ceil, floor, sqrt

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF, QRegion

from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.tools.guides import Guide, Label, Oval, Ring, Tone, Trail

UNDER = QPen(QColor(0, 0, 0, 150), 2.6)
"""Under every line, so that it is seen on any grey."""
COLOURS: dict[Tone, QColor] = {
    Tone.PLAIN: QColor(255, 255, 255, 220),
    Tone.SELECTED: QColor(255, 190, 70, 240),
    Tone.MEASURED: QColor(120, 230, 160, 240),
    Tone.FOUND: QColor(236, 150, 255, 235),
    Tone.MISSED: QColor(255, 104, 92, 240),
}
BACKING = QColor(8, 9, 11, 150)
"""Behind words."""
ASIDE = 5.0
"""Logical pixels from a label's point to its words."""
NAME = QSizeF(90.0, 16.0)
"""Logical pixels that the name of an image takes beside the swipe line."""
WORD = 6.8, 16.0
"""Logical pixels that a letter takes at most, and a line of words."""
CROSS = QPen(QColor(255, 255, 255, 70), 1)
LARGEST_PICTURE = 300.0
"""Radius in logical pixels up to which a ring is kept as a picture."""
GAP = 14.0
"""Half the opening of the crosshair in logical pixels."""
EDGE = 5.0
"""Logical pixels beside an outline's line that its width, its antialiasing and its knots may touch."""

KNOT = 3.0
"""Half a side of the dot at a polygon's corner, logical pixels."""


def draw_guides(painter: QPainter, geometry: Geometry, guides: Iterable[Guide]) -> None:
    """Draw outlines over an image; the painter is in logical pixels."""
    shapes = list(guides)
    if not shapes:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for guide in shapes:
        _draw(painter, geometry, guide)


def draw_crosshair(painter: QPainter, geometry: Geometry, point: tuple[float, float]) -> None:
    """Draw a hair line across the pane in both directions, open around the point."""
    place = _place(geometry, *point)
    width, height = geometry.width / geometry.ratio, geometry.height / geometry.ratio
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(CROSS)
    x, y = place.x(), place.y()
    across = [QLineF(0, y, x - GAP, y), QLineF(x + GAP, y, width, y)]
    painter.drawLines([*across, QLineF(x, 0, x, y - GAP), QLineF(x, y + GAP, x, height)])


def draw_swipe_names(painter: QPainter, place: float) -> None:
    """Say on which side of the swipe line, at so many logical pixels from the left, which image is."""
    for text, left, align in (
        ("Original", place - NAME.width() - ASIDE, Qt.AlignmentFlag.AlignRight),
        ("Inpainted", place + ASIDE, Qt.AlignmentFlag.AlignLeft),
    ):
        _words(painter, QRectF(QPointF(left, ASIDE), NAME), text, align=align)


def guides_region(geometry: Geometry, guides: Iterable[Guide]) -> QRegion:
    """Logical pixels that ``draw_guides`` touches; of a ring only the band around its line."""
    region = QRegion()
    for guide in guides:
        region += _ring_region(geometry, guide) if isinstance(guide, Ring) else _around(_bounds(geometry, guide))
    return region


def crosshair_region(geometry: Geometry, point: tuple[float, float] | None) -> QRegion:
    """Logical pixels that ``draw_crosshair`` touches."""
    if point is None:
        return QRegion()
    place = _place(geometry, *point)
    width, height = ceil(geometry.width / geometry.ratio), ceil(geometry.height / geometry.ratio)
    across = QRect(0, floor(place.y()) - 1, width, 3)
    return QRegion(across) + QRegion(QRect(floor(place.x()) - 1, 0, 3, height))


def _ring_region(geometry: Geometry, ring: Ring) -> QRegion:
    bounds = _bounds(geometry, ring)
    inset = bounds.width() / 2 * (1 - sqrt(0.5)) + EDGE
    inner = bounds.adjusted(inset, inset, -inset, -inset)
    band = _around(bounds)
    return band - QRegion(inner.toRect()) if inner.width() > 4 * EDGE else band


def _bounds(geometry: Geometry, guide: Guide) -> QRectF:
    if isinstance(guide, Ring):
        radius = (guide.radius + 0.5) * geometry.scale / geometry.ratio
        place = _place(geometry, *guide.centre)
        return QRectF(place.x() - radius, place.y() - radius, 2 * radius, 2 * radius)
    if isinstance(guide, Label):
        return _label_area(geometry, guide)
    points = (guide.first, guide.second) if isinstance(guide, Oval) else guide.points
    return QPolygonF([_place(geometry, *point) for point in points]).boundingRect()


def _around(bounds: QRectF) -> QRegion:
    return QRegion(bounds.adjusted(-EDGE, -EDGE, EDGE, EDGE).toAlignedRect())


def _draw(painter: QPainter, geometry: Geometry, guide: Guide) -> None:
    if isinstance(guide, Ring):
        _draw_ring(painter, geometry, guide)
        return
    if isinstance(guide, Label):
        _draw_label(painter, geometry, guide)
        return
    for pen in (UNDER, QPen(COLOURS[guide.tone], 1.1)):
        painter.setPen(pen)
        if isinstance(guide, Oval):
            painter.drawEllipse(QRectF(_place(geometry, *guide.first), _place(geometry, *guide.second)).normalized())
        else:
            _draw_trail(painter, geometry, guide)


def _draw_trail(painter: QPainter, geometry: Geometry, trail: Trail) -> None:
    places = [_place(geometry, *point) for point in trail.points]
    line = QPolygonF(places)
    painter.drawPolygon(line) if trail.closed else painter.drawPolyline(line)
    for place in places if trail.knots else ():
        painter.drawRect(QRectF(place.x() - KNOT, place.y() - KNOT, 2 * KNOT, 2 * KNOT))


def _label_area(geometry: Geometry, label: Label) -> QRectF:
    """Below and right of its point, moved so far that all of it is in the pane."""
    place, lines = _place(geometry, *label.point), label.text.split("\n")
    across, down = WORD[0] * max(map(len, lines)) + ASIDE, WORD[1] * len(lines)
    right, bottom = geometry.width / geometry.ratio - across, geometry.height / geometry.ratio - down
    left, top = min(place.x() + ASIDE, right), min(place.y() + ASIDE, bottom)
    if place.x() < 0 or place.x() > right + across or place.y() < 0 or place.y() > bottom + down:
        left, top = place.x() + ASIDE, place.y() + ASIDE
    return QRectF(left, top, across, down)


def _draw_label(painter: QPainter, geometry: Geometry, label: Label) -> None:
    area = _label_area(geometry, label)
    _words(painter, area, label.text, tone=label.tone)


def _words(
    painter: QPainter,
    area: QRectF,
    text: str,
    *,
    tone: Tone = Tone.PLAIN,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Words on a dark backing, so that they are read on any grey."""
    flags = align | Qt.AlignmentFlag.AlignTop
    painter.fillRect(painter.boundingRect(area, flags, text).adjusted(-3, 0, 3, 0), BACKING)
    painter.setPen(COLOURS[tone])
    painter.drawText(area, flags, text)


def _draw_ring(painter: QPainter, geometry: Geometry, ring: Ring) -> None:
    """A brush's ring is drawn at every move, so a small one is kept as a picture."""
    radius, place = (ring.radius + 0.5) * geometry.scale / geometry.ratio, _place(geometry, *ring.centre)
    if radius > LARGEST_PICTURE:
        for pen in (UNDER, QPen(COLOURS[Tone.PLAIN], 1.1)):
            painter.setPen(pen)
            painter.drawEllipse(place, radius, radius)
        return
    picture = _ring_picture(round(radius * 8) / 8, geometry.ratio)
    half = picture.width() / geometry.ratio / 2
    left, top = round((place.x() - half) * geometry.ratio), round((place.y() - half) * geometry.ratio)
    painter.drawImage(QPointF(left / geometry.ratio, top / geometry.ratio), picture)


@lru_cache(maxsize=8)
def _ring_picture(radius: float, ratio: float) -> QImage:
    side = 2 * ceil((radius + EDGE) * ratio)
    picture = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(0)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for pen in (UNDER, QPen(COLOURS[Tone.PLAIN], 1.1)):
        painter.setPen(pen)
        painter.drawEllipse(QPointF(side / ratio / 2, side / ratio / 2), radius, radius)
    painter.end()
    return picture


def _place(geometry: Geometry, y: float, x: float) -> QPointF:
    left, top = geometry.to_device(y, x)
    return QPointF(left / geometry.ratio, top / geometry.ratio)
