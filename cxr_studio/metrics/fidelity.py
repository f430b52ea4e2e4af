"""How near a filled image is to the true one: PSNR, MSE, MAE, SSIM, UQI."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating] | NDArray[np.integer]

SIGMA = 1.5
RADIUS = 5
"""Gaussian window of SSIM: 11 × 11, standard deviation 1.5 (Wang et al. 2004)."""

K1, K2 = 0.01, 0.03
"""Stabilising constants of SSIM (Wang et al. 2004)."""

UQI_SIDE = 8
"""Side of UQI's box window (Wang and Bovik 2002)."""

COVERED = 0.5
"""Least share of a window that lies in a mask for it to count there."""

FLAT = 1e-9
"""Variance of a window, relative to its squared mean, that rounding alone may give."""


def mse(image: Array, truth: Array) -> float:
    """Mean squared error in squared units of the images."""
    return float(np.mean((np.asarray(image, np.float64) - np.asarray(truth, np.float64)) ** 2))


def mae(image: Array, truth: Array) -> float:
    """Mean absolute error in units of the images."""
    return float(np.mean(np.abs(np.asarray(image, np.float64) - np.asarray(truth, np.float64))))


def psnr(image: Array, truth: Array, *, value_range: float) -> float:
    """Peak signal-to-noise ratio in dB, 10 log10(range² / MSE); infinite for equal images."""
    error = mse(image, truth)
    return float("inf") if error == 0 else float(10 * np.log10(value_range**2 / error))


def ssim(image: Array, truth: Array, *, value_range: float) -> float:
    """Mean structural similarity (Wang et al. 2004) over the pixels whose window lies inside.

    Equals ``skimage.metrics.structural_similarity(gaussian_weights=True, sigma=1.5, use_sample_covariance=False)``.

    Args:
        image: ``[H, W]``, at least 11 × 11.
        truth: The same shape.
        value_range: Largest minus smallest possible value.
    """
    similarity = ssim_map(image, truth, value_range=value_range)
    return float(similarity[RADIUS:-RADIUS, RADIUS:-RADIUS].mean())


def ssim_map(image: Array, truth: Array, *, value_range: float) -> NDArray[np.float64]:
    """Structural similarity of the window around every pixel, ``[H, W]``, mirrored at the edge; see ``ssim``."""
    x, y = np.asarray(image, np.float64), np.asarray(truth, np.float64)
    mean_x, mean_y = _gauss(x), _gauss(y)
    var_x, var_y = _gauss(x * x) - mean_x**2, _gauss(y * y) - mean_y**2
    covariance = _gauss(x * y) - mean_x * mean_y
    c1, c2 = (K1 * value_range) ** 2, (K2 * value_range) ** 2
    top = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    return np.asarray(top / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2)))


def uqi(image: Array, truth: Array) -> float:
    """Mean universal quality index (Wang and Bovik 2002), 8 × 8 box, over windows that are not flat; NaN for none."""
    return _mean(uqi_map(image, truth))


def masked_uqi(image: Array, truth: Array, mask: NDArray[np.bool_]) -> float:
    """The same over the windows of which at least half lies in a mask ``[H, W]``; NaN for none."""
    return _mean(uqi_map(image, truth)[_box(mask.astype(np.float64)) >= COVERED])


def uqi_map(image: Array, truth: Array) -> NDArray[np.float64]:
    """The index of every 8 × 8 window, ``[H - 7, W - 7]`` by its upper left corner; NaN where both are flat."""
    x, y = np.asarray(image, np.float64), np.asarray(truth, np.float64)
    mean_x, mean_y = _box(x), _box(y)
    var_x, var_y = _box(x * x) - mean_x**2, _box(y * y) - mean_y**2
    covariance = _box(x * y) - mean_x * mean_y
    variance, square = var_x + var_y, mean_x**2 + mean_y**2
    found = np.full(variance.shape, np.nan)
    counts = (variance > FLAT * square) & (square > 0)
    found[counts] = (4 * covariance * mean_x * mean_y)[counts] / (variance * square)[counts]
    return found


def _mean(values: NDArray[np.float64]) -> float:
    """Of those that are numbers; NaN for none."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


def _gauss(image: NDArray[np.float64]) -> NDArray[np.float64]:
    import cv2

    side = 2 * RADIUS + 1
    return np.asarray(cv2.GaussianBlur(image, (side, side), SIGMA, borderType=cv2.BORDER_REFLECT))


def _box(image: NDArray[np.float64]) -> NDArray[np.float64]:
    import cv2

    blurred = cv2.blur(image, (UQI_SIDE, UQI_SIDE), anchor=(0, 0))
    return np.asarray(blurred[: 1 - UQI_SIDE, : 1 - UQI_SIDE])
