"""The membrane: the surface that meets known values and is harmonic between them, coarse to fine, without torch."""

from __future__ import annotations

import numpy as np

from cxr_studio.donors.plate import Unit
from cxr_studio.masks.boxes import Mask

RELAXATIONS = 8
"""Jacobi steps at each scale."""

LEAST_SIDE = 4
"""The pyramid ends at this side."""


def membrane(values: Unit, unknown: Mask) -> Unit:
    """Fill unknown pixels with a harmonic surface; the image's edge carries no flow.

    Args:
        values: ``float32 [H, W]``; what lies under ``unknown`` does not matter.
        unknown: Not everywhere True.

    Returns:
        ``float32 [H, W]``, equal to ``values`` where they are known.
    """
    known = (~unknown).astype(np.float32)
    return _filled(np.where(unknown, np.float32(0), values), known)


def _filled(values: Unit, known: Unit) -> Unit:
    import cv2

    height, width = values.shape
    if min(height, width) > LEAST_SIDE:
        size = -(-width // 2), -(-height // 2)
        even = ((0, 2 * size[1] - height), (0, 2 * size[0] - width))
        total, share = (np.pad(v, even) for v in (values * known, known))
        total, share = (v.reshape(size[1], 2, size[0], 2).mean(axis=(1, 3)) for v in (total, share))
        coarse = _filled(total / np.maximum(share, np.float32(1e-6)), (share > 0).astype(np.float32))
        rough = cv2.resize(coarse, (2 * size[0], 2 * size[1]), interpolation=cv2.INTER_LINEAR)[:height, :width]
    else:
        rough = np.full_like(values, (values * known).sum() / max(float(known.sum()), 1e-6))
    filled = np.where(known > 0, values, rough)
    kernel = np.array([[0, 0.25, 0], [0.25, 0, 0.25], [0, 0.25, 0]], np.float32)
    for _ in range(RELAXATIONS):
        around = cv2.filter2D(filled, -1, kernel, borderType=cv2.BORDER_REPLICATE)
        filled = np.where(known > 0, values, around)
    return np.asarray(filled, np.float32)
