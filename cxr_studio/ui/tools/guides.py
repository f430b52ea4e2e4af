"""Outlines that a tool asks to be drawn over the image; never part of it."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_studio.ui.tools.pointer import Point


@dataclass(frozen=True)
class Ring:
    """A circle: ``radius`` in image pixels."""

    centre: Point
    radius: float


@dataclass(frozen=True)
class Trail:
    """A run of straight lines, optionally closed; ``knots`` asks for a dot at each corner."""

    points: tuple[Point, ...]
    closed: bool = False
    knots: bool = False


@dataclass(frozen=True)
class Oval:
    """The ellipse inside the rectangle between two corners."""

    first: Point
    second: Point


Guide = Ring | Trail | Oval


def frame(first: Point, second: Point) -> Trail:
    """Return the closed rectangle between two opposite corners."""
    (y0, x0), (y1, x1) = first, second
    return Trail(((y0, x0), (y0, x1), (y1, x1), (y1, x0)), closed=True)
