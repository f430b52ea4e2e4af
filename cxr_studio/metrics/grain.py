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


BANDS = ((0.5, 1.0), (1.0, 2.0), (2.0, 4.0))
"""Standard deviations in pixels of the Gaussians whose differences are the bands: structures of about 1-2, 2-4 and 4-8
pixels."""


def band_ratios(filled: Array, original: Array, mask: NDArray[np.bool_]) -> tuple[float, ...]:
    """Power in each of ``BANDS`` under the mask, filled over original: 1 = the same spectrum."""
    return tuple(_band_power(filled, band, mask) / max(_band_power(original, band, mask), 1e-12) for band in BANDS)


def _band_power(image: Array, band: tuple[float, float], mask: NDArray[np.bool_]) -> float:
    import cv2

    fine, wide = (cv2.GaussianBlur(np.asarray(image, np.float32), (0, 0), sigma) for sigma in band)
    return float(np.var((fine - wide)[mask])) if mask.any() else float("nan")
