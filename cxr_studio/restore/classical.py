"""Classical fills of a crop: biharmonic at any size, Telea, Navier–Stokes. Baselines that need no checkpoint."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import bounding_box, cut, padded
from cxr_studio.masks.regions import regions
from cxr_studio.networks import biharmonic

Unit = NDArray[np.float32]
"""Unit image ``float32 [H, W]``: 0 and 1 are the edges of the window that generators see."""

Mask = NDArray[np.bool_]

SOLVE_SIDE = 72
"""Longest side in pixels of a hole that is solved at full resolution; larger ones start at a coarser scale."""

TELEA_RADIUS = 3.0
"""Neighbourhood in pixels of OpenCV's fills."""

MARGIN = 8
"""Pixels around a hole that its fill may look at."""


def biharmonic_fill(image: Unit, mask: Mask) -> Unit:
    """Fill every region of a mask with the biharmonic surface.

    A region of at most 72 pixels a side is solved exactly; a larger one is solved at a coarser scale, where it is that
    small, and brought back: the surface is smooth, so little is lost.

    Args:
        image: Values under the mask are ignored.
        mask: True = to be filled.

    Returns:
        A filled copy.
    """
    filled = image.copy()
    for region in regions(mask):
        around = padded(region.box, MARGIN, image.shape)
        part, hole = filled[cut(around)], mask[cut(around)]
        solved = _solve(part, hole)
        y0, x0, y1, x1 = region.box
        inside = cut((y0 - around[0], x0 - around[1], y1 - around[0], x1 - around[1]))
        filled[cut(region.box)][region.mask] = solved[inside][region.mask]
    return filled


def _solve(part: Unit, hole: Mask) -> Unit:
    box = bounding_box(hole)
    if box is None or hole.all():
        return np.full_like(part, 0.5)
    longest = max(box[2] - box[0], box[3] - box[1])
    if longest <= SOLVE_SIDE:
        return biharmonic.fill(part, hole)
    import cv2

    scale = SOLVE_SIDE / longest
    size = max(4, round(part.shape[1] * scale)), max(4, round(part.shape[0] * scale))
    known = (~hole).astype(np.float32)
    weight = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    small = cv2.resize(np.where(hole, np.float32(0), part), size, interpolation=cv2.INTER_AREA)
    coarse = _solve(np.asarray(small / np.maximum(weight, 1e-6)), np.asarray(weight < 0.5))
    grown = cv2.resize(coarse, part.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return _joined(part, hole, np.asarray(grown))


def _joined(part: Unit, hole: Mask, surface: Unit) -> Unit:
    """Paste a coarse surface, its difference to the true boundary carried inward and faded out."""
    import cv2

    gap = np.where(hole, np.float32(0), part - surface)
    known = (~hole).astype(np.float32)
    sigma = (0, 0), 4.0
    carried = cv2.GaussianBlur(gap, *sigma) / np.maximum(cv2.GaussianBlur(known, *sigma), 1e-3)
    fade = np.exp(-cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 3) / 6.0)
    return np.where(hole, surface + carried * fade, part).astype(np.float32)


def opencv_fill(image: Unit, mask: Mask, *, method: str) -> Unit:
    """Fill with OpenCV's "telea" or "navier-stokes", which work on 8 bits: the result has 1/255 steps.

    At the image's edge OpenCV looks at values under the mask, so the mean of the known ones stands there.
    """
    import cv2

    flag = cv2.INPAINT_TELEA if method == "telea" else cv2.INPAINT_NS
    known = image[~mask]
    hidden = np.where(mask, known.mean() if known.size else np.float32(0.5), image)
    levels = np.clip(np.round(hidden * 255), 0, 255).astype(np.uint8)
    filled = cv2.inpaint(levels, mask.astype(np.uint8), TELEA_RADIUS, flag)
    return np.where(mask, filled.astype(np.float32) / 255, image).astype(np.float32)


CLASSICAL: dict[str, Callable[[Unit, Mask], Unit]] = {
    "biharmonic": biharmonic_fill,
    "telea": lambda image, mask: opencv_fill(image, mask, method="telea"),
    "navier-stokes": lambda image, mask: opencv_fill(image, mask, method="navier-stokes"),
}
"""Registry name → fill of a unit image."""
