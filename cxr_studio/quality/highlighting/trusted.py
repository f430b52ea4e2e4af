"""What of a lung mask is believed: a mask may leak beside the chest, and what it then searches is no lung."""

from __future__ import annotations

import numpy as np

from cxr_studio.masks.boxes import Mask

SIDE = 256
"""Longest side in pixels at which it is looked at."""

NECK = 4
"""Half the width, in pixels of SIDE, of a neck that a leak is cut off at."""

TOUCHING = 0.05
"""A part that runs along the image's border for more than this share of the side lies outside the chest."""

LEAST = 0.25
"""A part smaller than this share of the largest one is no lung."""


def trusted(lungs: Mask) -> Mask:
    """Take away what leaks through a narrow neck, lies along the image's border, or is much smaller than the rest.

    Args:
        lungs: ``bool [H, W]``.

    Returns:
        The part that is believed; all of it where nothing would be left.
    """
    import cv2

    scale = max(1.0, max(lungs.shape) / SIDE)
    size = max(1, round(lungs.shape[1] / scale)), max(1, round(lungs.shape[0] / scale))
    small = (cv2.resize(lungs.astype(np.float32), size, interpolation=cv2.INTER_AREA) >= 0.5).astype(np.uint8)
    parts = _parts(cv2.morphologyEx(small, cv2.MORPH_OPEN, _disc(NECK), borderType=cv2.BORDER_CONSTANT, borderValue=0))
    largest = max((int(part.sum()) for part in parts), default=0)
    kept = np.zeros(small.shape, np.uint8)
    for part in parts:
        if part.sum() >= LEAST * largest and _along_border(part) <= TOUCHING * max(small.shape):
            kept |= part.astype(np.uint8)
    if not kept.any():
        return lungs
    wide = cv2.resize(cv2.dilate(kept, _disc(NECK)), lungs.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(lungs & (wide > 0))


def _parts(mask: np.ndarray) -> list[Mask]:
    import cv2

    count, labels = cv2.connectedComponents(mask, connectivity=4)
    return [labels == k for k in range(1, count)]


def _along_border(part: Mask) -> int:
    """Longest run of a part along the top or a side of the image, pixels; lungs may well be cut at the bottom."""
    return int(max(part[0].sum(), part[:, 0].sum(), part[:, -1].sum()))


def _disc(radius: int) -> np.ndarray:
    import cv2

    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)))
