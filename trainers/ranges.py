"""Ranges in a recipe: two numbers, the smaller first, refused before anything is read."""

from __future__ import annotations

from math import isfinite
from typing import Annotated

from pydantic import AfterValidator

ZOOMS = (1 / 64, 16.0)
"""Least and largest magnification of a patch: beyond them a patch is a pixel, or a pixel a patch."""


def _ordered(values: tuple[float, float]) -> tuple[float, float]:
    low, high = values
    if not (isfinite(low) and isfinite(high) and low > 0):
        raise ValueError(f"both ends of the range must be above 0, not {low:g} to {high:g}")
    if low > high:
        raise ValueError(f"the range must have its smaller end first, {high:g} to {low:g}")
    return values


def _zoom(values: tuple[float, float]) -> tuple[float, float]:
    if values[0] < ZOOMS[0] or values[1] > ZOOMS[1]:
        raise ValueError(f"a magnification lies between {ZOOMS[0]:.3g} and {ZOOMS[1]:g}")
    return values


def _rectangle(values: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    y0, x0, y1, x1 = values
    if not (0 <= y0 < y1 <= 1 and 0 <= x0 < x1 <= 1):
        raise ValueError("the area is y0, x0, y1, x1 as fractions of the image, the smaller ones first")
    return values


Range = Annotated[tuple[float, float], AfterValidator(_ordered)]
"""Two finite numbers above 0, the smaller first."""

Zoom = Annotated[Range, AfterValidator(_zoom)]
"""A range of magnifications."""

Area = Annotated[tuple[float, float, float, float], AfterValidator(_rectangle)]
"""A rectangle ``y0, x0, y1, x1`` as fractions of the image."""
