"""Filled shapes: polygon (and lasso), rectangle, ellipse, and the square stamp of the context-encoder paper."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import EMPTY, Box, Mask, clip, cut, is_empty
from cxr_studio.masks.brush import Point

SHIFT = 4
"""Binary places of sub-pixel precision in polygon corners."""

BEYOND = 4
"""Pixels around the image to which a polygon is cut."""


def fill_polygon(mask: Mask, points: Sequence[Point], *, value: bool = True) -> Box:
    """Fill a polygon (closed by itself, even-odd rule), in place.

    Args:
        mask: Changed in place.
        points: Corners ``(y, x)``; fewer than three change nothing.
        value: True paints, False erases.

    Returns:
        The rectangle that may have changed.
    """
    if len(points) < 3:
        return EMPTY
    import cv2

    corners = _within(np.asarray(points, dtype=np.float64), mask.shape)
    if not len(corners):
        return EMPTY
    (top, left), (bottom, right) = np.floor(corners.min(axis=0)).astype(int), np.ceil(corners.max(axis=0)).astype(int)
    box = clip((int(top), int(left), int(bottom) + 1, int(right) + 1), mask.shape)
    if is_empty(box):
        return EMPTY
    canvas = np.zeros((bottom + 1 - top, right + 1 - left), np.uint8)
    local = (corners - (top, left))[:, ::-1] * (1 << SHIFT)
    cv2.fillPoly(canvas, [np.round(local).astype(np.int32)], 1, lineType=cv2.LINE_8, shift=SHIFT)
    inside = canvas[cut((box[0] - top, box[1] - left, box[2] - top, box[3] - left))]
    mask[cut(box)][inside.astype(bool)] = value
    return box


def fill_rectangle(mask: Mask, corner: Point, opposite: Point, *, value: bool = True) -> Box:
    """Fill the rectangle between two corners, both included; returns it."""
    box = _between(mask, corner, opposite)
    mask[cut(box)] = value
    return box


def fill_ellipse(mask: Mask, corner: Point, opposite: Point, *, value: bool = True) -> Box:
    """Fill the ellipse inscribed in the rectangle between two corners; returns the changed rectangle."""
    box = _between(mask, corner, opposite)
    if is_empty(box):
        return EMPTY
    centre = (corner[0] + opposite[0]) / 2, (corner[1] + opposite[1]) / 2
    half = abs(corner[0] - opposite[0]) / 2 + 0.5, abs(corner[1] - opposite[1]) / 2 + 0.5
    y = (np.arange(box[0], box[2])[:, None] - centre[0]) / half[0]
    x = (np.arange(box[1], box[3])[None, :] - centre[1]) / half[1]
    mask[cut(box)][y * y + x * x <= 1.0] = value
    return box


def stamp_square(mask: Mask, centre: Point, *, side: int = 64, value: bool = True) -> Box:
    """Fill the ``side × side`` square nearest to a point (64 in Belli et al.); returns the changed rectangle."""
    top, left = ceil(centre[0] - side / 2), ceil(centre[1] - side / 2)
    box = clip((top, left, top + side, left + side), mask.shape)
    mask[cut(box)] = value
    return box


def _within(corners: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Cut a polygon to the image and BEYOND pixels around it (Sutherland and Hodgman 1974).

    OpenCV cuts lines at the edge of what it draws on with some pixels' error, so it is given none to cut.
    """
    sides = ((0, -BEYOND, 1), (1, -BEYOND, 1), (0, shape[0] - 1 + BEYOND, -1), (1, shape[1] - 1 + BEYOND, -1))
    for axis, limit, sign in sides:
        following = np.roll(corners, -1, axis=0)
        kept = sign * (corners[:, axis] - limit) >= 0
        crosses = kept != np.roll(kept, -1)
        length = np.where(crosses, following[:, axis] - corners[:, axis], 1.0)
        share = (limit - corners[:, axis]) / length
        crossing = corners + np.where(crosses, share, 0.0)[:, None] * (following - corners)
        corners = np.stack([corners, crossing], axis=1)[np.stack([kept, crosses], axis=1)]
    return corners


def _between(mask: Mask, corner: Point, opposite: Point) -> Box:
    return clip(
        (
            floor(min(corner[0], opposite[0]) + 0.5),
            floor(min(corner[1], opposite[1]) + 0.5),
            ceil(max(corner[0], opposite[0]) + 0.5),
            ceil(max(corner[1], opposite[1]) + 0.5),
        ),
        mask.shape,
    )
