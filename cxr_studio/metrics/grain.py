"""Grain: how much fine noise an area has, measured by the Laplacian."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.metrics.fidelity import Array


def laplacian(image: Array) -> NDArray[np.float32]:
    """Four-neighbour Laplacian, ``[H, W]`` float32; the outermost pixels see a mirrored border."""
    import cv2

    return np.asarray(cv2.Laplacian(np.asarray(image, np.float32), cv2.CV_32F, ksize=1))


def inside(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels whose whole four-neighbour stencil lies inside the mask and the image."""
    core = np.zeros_like(mask)
    core[1:-1, 1:-1] = mask[1:-1, 1:-1] & mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:]
    return core


def laplacian_sd(image: Array, mask: NDArray[np.bool_]) -> float:
    """Standard deviation of the Laplacian over the mask's inner pixels, in units of the image; NaN for too few."""
    values = laplacian(image)[inside(mask)]
    return float(values.std()) if values.size > 1 else float("nan")


def grain_ratio(filled: Array, original: Array, mask: NDArray[np.bool_]) -> float:
    """Laplacian SD inside the mask, filled over original: 1 = the same grain, below 1 = too smooth."""
    return laplacian_sd(filled, mask) / max(laplacian_sd(original, mask), 1e-9)
