"""Rectangles of pixels: ``y0, x0, y1, x1``, half-open."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Box = tuple[int, int, int, int]
"""``y0, x0, y1, x1`` in pixels, half-open."""

Mask = NDArray[np.bool_]
"""``bool [H, W]``, True = to be filled."""

Value = TypeVar("Value", bound=np.generic)

EMPTY: Box = (0, 0, 0, 0)


def is_empty(box: Box) -> bool:
    """True when the box holds no pixel."""
    return box[0] >= box[2] or box[1] >= box[3]


def union(first: Box, second: Box) -> Box:
    """Smallest box that holds both; an empty one counts for nothing."""
    if is_empty(first):
        return second
    if is_empty(second):
        return first
    return (
        min(first[0], second[0]),
        min(first[1], second[1]),
        max(first[2], second[2]),
        max(first[3], second[3]),
    )


def intersection(first: Box, second: Box) -> Box:
    """Pixels in both; EMPTY when there are none."""
    box = (
        max(first[0], second[0]),
        max(first[1], second[1]),
        min(first[2], second[2]),
        min(first[3], second[3]),
    )
    return EMPTY if is_empty(box) else box


def clip(box: Box, shape: tuple[int, ...]) -> Box:
    """Cut a box to an image of this ``(height, width)``; EMPTY when nothing is left."""
    return intersection(box, (0, 0, shape[0], shape[1]))


def padded(box: Box, margin: int, shape: tuple[int, ...]) -> Box:
    """Widen a box by ``margin`` pixels on all sides, within the image."""
    return clip((box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin), shape)


def relative(box: Box, outer: Box) -> Box:
    """A box in the coordinates of another one's first corner."""
    return box[0] - outer[0], box[1] - outer[1], box[2] - outer[0], box[3] - outer[1]


def cut(box: Box) -> tuple[slice, slice]:
    """Index of the box in an array ``[H, W, ...]``."""
    return slice(box[0], box[2]), slice(box[1], box[3])


def bounding_box(mask: Mask) -> Box | None:
    """Smallest box that holds every True pixel, or None for an empty mask."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not len(rows):
        return None
    columns = np.flatnonzero(mask[rows[0] : rows[-1] + 1].any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def cut_square(image: NDArray[Value], corner: tuple[int, int], side: int) -> NDArray[Value]:
    """A square of an image ``[side, side]`` that may reach beyond it: there the image is mirrored, a mask is empty.

    Args:
        image: ``[H, W]``; ``bool`` counts as a mask.
        corner: Top left ``y, x``; may lie outside, the square may not.
        side: In pixels.
    """
    widths = [(max(0, -at), max(0, at + side - n)) for at, n in zip(corner, image.shape, strict=True)]
    y, x = (max(0, at) for at in corner)
    part = image[y : corner[0] + side, x : corner[1] + side]
    if not any(sum(widths, ())):
        return part
    return np.pad(part, widths) if image.dtype == np.bool_ else np.pad(part, widths, mode="symmetric")
