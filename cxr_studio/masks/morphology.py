"""Growing, shrinking and inverting whole masks; each returns a new mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Mask, bounding_box, cut, padded


def grow(mask: Mask, radius: float) -> Mask:
    """Add every pixel within ``radius`` pixels (Euclidean) of the mask."""
    box = bounding_box(mask)
    if box is None or radius <= 0:
        return mask.copy()
    around = padded(box, int(np.ceil(radius)), mask.shape)
    grown = mask.copy()
    grown[cut(around)] = _distance(~mask[cut(around)]) <= radius
    return grown


def shrink(mask: Mask, radius: float) -> Mask:
    """Remove every pixel within ``radius`` pixels of a pixel outside; the image's edge is no outside."""
    box = bounding_box(mask)
    if box is None or radius <= 0:
        return mask.copy()
    around = padded(box, 1, mask.shape)
    shrunk = mask.copy()
    shrunk[cut(around)] = inner_distance(mask[cut(around)]) > radius
    return shrunk


def invert(mask: Mask) -> Mask:
    """Swap inside and outside."""
    return ~mask


def inner_distance(mask: Mask) -> NDArray[np.float32]:
    """Euclidean distance in pixels from every True pixel to the nearest False one; 0 outside, inf where none is."""
    if mask.all():
        return np.full(mask.shape, np.inf, np.float32)
    return _distance(mask)


def _distance(inside: Mask) -> NDArray[np.float32]:
    import cv2

    return np.asarray(cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE))
