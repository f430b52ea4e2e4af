"""The round brush: discs and the capsules between them. Only the changed rectangle is touched."""

from __future__ import annotations

from math import ceil, floor

import numpy as np

from cxr_studio.masks.boxes import Box, Mask, clip, cut, is_empty

Point = tuple[float, float]
"""``y, x`` in image pixels; the centre of the first pixel is (0, 0)."""


LEAST = 1e-12
"""Squared length in pixels below which a segment is a point."""


def paint_disc(mask: Mask, centre: Point, *, radius: float, value: bool = True) -> Box:
    """Set every pixel whose centre lies within ``radius`` pixels of a point.

    Args:
        mask: Changed in place.
        centre: Anywhere, also outside the image.
        radius: In pixels, above 0.
        value: True paints, False erases.

    Returns:
        The rectangle that may have changed.
    """
    return paint_segment(mask, centre, centre, radius=radius, value=value)


def paint_segment(mask: Mask, start: Point, end: Point, *, radius: float, value: bool = True) -> Box:
    """Set every pixel within ``radius`` of the line between two points, as a dragged brush does.

    Args:
        mask: Changed in place.
        start: Where the brush was.
        end: Where it is now.
        radius: In pixels, above 0.
        value: True paints, False erases.

    Returns:
        The rectangle that may have changed.
    """
    box = clip(
        (
            floor(min(start[0], end[0]) - radius),
            floor(min(start[1], end[1]) - radius),
            ceil(max(start[0], end[0]) + radius) + 1,
            ceil(max(start[1], end[1]) + radius) + 1,
        ),
        mask.shape,
    )
    if not is_empty(box):
        mask[cut(box)][_near(box, start, end, radius=radius)] = value
    return box


def _near(box: Box, start: Point, end: Point, *, radius: float) -> Mask:
    """Pixels of the box within ``radius`` of the segment."""
    y = np.arange(box[0], box[2], dtype=np.float32)[:, None] - start[0]
    x = np.arange(box[1], box[3], dtype=np.float32)[None, :] - start[1]
    dy, dx = end[0] - start[0], end[1] - start[1]
    length = dy * dy + dx * dx
    if length < LEAST:
        return np.asarray(y * y + x * x <= radius * radius)
    share = np.clip((y * dy + x * dx) / length, 0.0, 1.0)
    return np.asarray((y - share * dy) ** 2 + (x - share * dx) ** 2 <= radius * radius)
