"""The grid on which networks and donors are compared: by millimetres where they are known, else by the longest side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.spacing import Spacing

SAME_GRID = 0.12
"""Scales nearer to 1 than this are taken as 1: resampling would cost more than it gives."""

SCALE_LIMITS = (0.25, 16.0)
"""Image pixels per grid pixel, at least and at most."""


def pixels_per(mm: float, reference_side: int, *, shape: tuple[int, int], spacing: Spacing) -> float:
    """Image pixels per grid pixel.

    Args:
        mm: Size of a grid pixel, where the spacing is known.
        reference_side: Longest side of a whole radiograph in grid pixels, where it is not.
        shape: Rows and columns of the radiograph.
        spacing: Its spacing.
    """
    if spacing.y is not None and spacing.x is not None:
        scale = mm / float(np.sqrt(spacing.y * spacing.x))
    else:
        scale = max(shape) / reference_side
    scale = float(np.clip(scale, *SCALE_LIMITS))
    return 1.0 if abs(scale - 1.0) < SAME_GRID else scale


def resampled(image: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """An image with ``scale`` of its pixels to a pixel: by area when it shrinks, cubic when it grows."""
    import cv2

    if scale == 1.0:
        return image
    size = max(1, round(image.shape[1] / scale)), max(1, round(image.shape[0] / scale))
    how = cv2.INTER_AREA if scale > 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=how), np.float32)
