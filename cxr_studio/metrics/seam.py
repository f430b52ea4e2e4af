"""Seam: whether the image jumps along the boundary of a mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.metrics.fidelity import Array

REACH = 3
"""Pixels on either side of the boundary that it is compared with."""


def seam_ratio(image: Array, mask: NDArray[np.bool_]) -> float:
    """Mean gradient across the boundary over the mean gradient near it: 1 = no seam; NaN without a boundary.

    The gradient across is the absolute difference of neighbouring pixels of which one lies inside; near are the
    differences of neighbours on the same side within three pixels of the boundary.
    """
    values = np.asarray(image, np.float64)
    near = _near(mask)
    across, beside = [], []
    for axis in (0, 1):
        step = np.abs(np.diff(values, axis=axis))
        crossing = np.diff(mask.astype(np.int8), axis=axis) != 0
        first = near[:-1] if axis == 0 else near[:, :-1]
        second = near[1:] if axis == 0 else near[:, 1:]
        across.append(step[crossing])
        beside.append(step[~crossing & first & second])
    jump, usual = np.concatenate(across), np.concatenate(beside)
    if not jump.size or not usual.size:
        return float("nan")
    return float(jump.mean() / max(usual.mean(), 1e-9))


def _near(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    import cv2

    kernel = np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8)
    solid = mask.astype(np.uint8)
    return np.asarray(cv2.dilate(solid, kernel) != cv2.erode(solid, kernel))
