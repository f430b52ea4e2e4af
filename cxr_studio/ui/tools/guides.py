"""Outlines that a tool asks to be drawn over the image; never part of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cxr_studio.ui.tools.pointer import Point


class Tone(StrEnum):
    """What an outline stands for, which decides its colour."""

    PLAIN = "plain"
    SELECTED = "selected"
    MEASURED = "measured"
    FOUND = "found"
    MISSED = "missed"


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
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Oval:
    """The ellipse inside the rectangle between two corners."""

    first: Point
    second: Point
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Label:
    """Words beside a point, below and right of it; more lines are divided by line feeds."""

    point: Point
    text: str
    tone: Tone = Tone.PLAIN


Guide = Ring | Trail | Oval | Label


def frame(first: Point, second: Point, tone: Tone = Tone.PLAIN) -> Trail:
    """Return the closed rectangle between two opposite corners."""
    (y0, x0), (y1, x1) = first, second
    return Trail(((y0, x0), (y0, x1), (y1, x1), (y1, x0)), closed=True, tone=tone)
