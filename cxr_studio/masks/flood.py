"""Flood: the connected pixels whose value is within a tolerance of the pixel clicked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import EMPTY, Box, Mask, bounding_box, cut


def flood(image: NDArray[np.uint8] | NDArray[np.uint16], seed: tuple[int, int], *, tolerance: int) -> tuple[Mask, Box]:
    """Find the 4-connected region around a pixel.

    Args:
        image: Index image ``[H, W]``, uint8 or uint16 (GreyScale.index).
        seed: ``(y, x)`` of the pixel clicked.
        tolerance: Largest difference from the clicked pixel's value, in stored values, at least 0.

    Returns:
        The region as a mask of its bounding box, and that box; an empty mask and EMPTY for a seed outside.
    """
    height, width = image.shape
    if not (0 <= seed[0] < height and 0 <= seed[1] < width):
        return np.zeros((0, 0), bool), EMPTY
    import cv2

    value = int(image[seed])
    within = cv2.inRange(image, max(0, value - tolerance), value + tolerance)
    canvas = np.zeros((height + 2, width + 2), np.uint8)
    canvas[1:-1, 1:-1] = within == 0
    *_, (x, y, w, h) = cv2.floodFill(
        within, canvas, (seed[1], seed[0]), 0, flags=4 | cv2.FLOODFILL_MASK_ONLY | (2 << 8)
    )
    found = canvas[1:-1, 1:-1][y : y + h, x : x + w] == 2
    tight = bounding_box(found)
    if tight is None:
        return np.zeros((0, 0), bool), EMPTY
    return found[cut(tight)], (y + tight[0], x + tight[1], y + tight[2], x + tight[3])
