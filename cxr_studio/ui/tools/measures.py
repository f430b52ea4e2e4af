"""What is measured on a radiograph, in image pixels: a distance, an angle, a region."""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, degrees, hypot

from cxr_studio.radiographs.spacing import Spacing
from cxr_studio.ui.tools.guides import Guide, Label, Oval, Tone, Trail, frame
from cxr_studio.ui.tools.pointer import Point


@dataclass(frozen=True)
class Ruler:
    """A distance between two points."""

    first: Point
    second: Point


@dataclass(frozen=True)
class Angle:
    """An angle at the middle one of three points."""

    first: Point
    vertex: Point
    second: Point


@dataclass(frozen=True)
class Region:
    """A rectangle between two opposite corners, or the ellipse inside it."""

    first: Point
    second: Point
    oval: bool


Measure = Ruler | Angle | Region


def millimetres(first: Point, second: Point, spacing: Spacing) -> float:
    """Distance of two points in mm.

    Raises:
        SpacingUnknown: the radiograph has no believable spacing.
    """
    step_y, step_x = spacing.require()
    return hypot((second[0] - first[0]) * step_y, (second[1] - first[1]) * step_x)


def ruler_text(ruler: Ruler, spacing: Spacing) -> str:
    """``42.3 mm (at detector)``, or ``120.4 px (mm unknown)``."""
    if spacing.known:
        return f"{millimetres(ruler.first, ruler.second, spacing):.1f} mm ({spacing.origin.value})"
    return f"{hypot(ruler.second[0] - ruler.first[0], ruler.second[1] - ruler.first[1]):.1f} px (mm unknown)"


def angle_degrees(angle: Angle, spacing: Spacing) -> float:
    """Degrees, 0 to 180; in millimetres where they are known, so that oblong pixels do not change it."""
    step_y, step_x = spacing.require() if spacing.known else (1.0, 1.0)
    arms = [((p[0] - angle.vertex[0]) * step_y, (p[1] - angle.vertex[1]) * step_x) for p in (angle.first, angle.second)]
    lengths = hypot(*arms[0]) * hypot(*arms[1])
    if not lengths:
        return 0.0
    cosine = (arms[0][0] * arms[1][0] + arms[0][1] * arms[1][1]) / lengths
    return degrees(acos(min(max(cosine, -1.0), 1.0)))


def outline(measure: Measure, text: str, tone: Tone = Tone.MEASURED) -> tuple[Guide, ...]:
    """How a measure is drawn: its lines and its words."""
    match measure:
        case Ruler(first, second):
            return Trail((first, second), knots=True, tone=tone), Label(second, text, tone)
        case Angle(first, vertex, second):
            return Trail((first, vertex, second), knots=True, tone=tone), Label(vertex, text, tone)
        case Region(first, second, oval):
            low = max(first[0], second[0]), max(first[1], second[1])
            line: Guide = Oval(first, second, tone) if oval else frame(first, second, tone)
            return line, Label(low, text, tone)


def distance_to(measure: Measure, point: Point) -> float:
    """Image pixels from a point to the nearest line of a measure; 0 inside a region."""
    match measure:
        case Ruler(first, second):
            return _to_line(point, first, second)
        case Angle(first, vertex, second):
            return min(_to_line(point, first, vertex), _to_line(point, vertex, second))
        case Region((y0, x0), (y1, x1), _):
            dy = max(min(y0, y1) - point[0], 0.0, point[0] - max(y0, y1))
            dx = max(min(x0, x1) - point[1], 0.0, point[1] - max(x0, x1))
            return hypot(dy, dx)


def _to_line(point: Point, start: Point, end: Point) -> float:
    dy, dx = end[0] - start[0], end[1] - start[1]
    squared = dy * dy + dx * dx
    share = ((point[0] - start[0]) * dy + (point[1] - start[1]) * dx) / squared if squared else 0.0
    share = min(max(share, 0.0), 1.0)
    return hypot(point[0] - start[0] - share * dy, point[1] - start[1] - share * dx)
