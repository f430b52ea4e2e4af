"""Grain matching: a filled area gets the fine noise of its surroundings.

A generator trained to be near on average is smooth where the truth is unpredictable. The surroundings' high-frequency
residual gives a noise spectrum; seeded Gaussian noise of that spectrum is added until the Laplacian's standard
deviation inside the hole is that of the ring around it, counting what the fill has already. The noise holds only the
fine scales, so that it costs little squared error.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import bounding_box, cut, padded
from cxr_studio.metrics.grain import inside, laplacian
from cxr_studio.restore.classical import Mask, Unit

RING = 24
"""Width in pixels of the ring around the hole from which the grain is learned."""

FINE_SIGMA = 1.6
"""Standard deviation in pixels of the Gaussian whose residual is taken for grain."""

LAGS = 5
"""Largest lag in pixels of the noise's autocorrelation."""

EDGE_SHARE = 0.01
"""Share of the ring's strongest Laplacian values, edges of bones and devices, that are not grain."""

SHARE = 1.0
"""Share of the trimmed ring level that is aimed at."""


def match_grain(image: Unit, hole: Mask, unknown: Mask, *, seed: int) -> Unit:
    """Add grain to a filled hole.

    Args:
        image: Unit values ``[H, W]`` with the hole filled.
        hole: The filled pixels that get grain.
        unknown: Every pixel that is no measurement (this hole and others); not learned from.
        seed: Seed of the noise.

    Returns:
        A copy with grain inside ``hole``; unchanged where there are too few known pixels around to learn from.
    """
    box = bounding_box(hole)
    if box is None:
        return image.copy()
    around = padded(box, RING, image.shape)
    part, inner, known = image[cut(around)], hole[cut(around)], ~unknown[cut(around)]
    target = _ring_level(part, known)
    if target == 0.0:
        return image.copy()
    noise = coloured_noise(part, known, np.random.default_rng([seed, 0x6A1]))
    has = _level(part, inner)
    gain = np.sqrt(max(target**2 - has**2, 0.0)) / max(_level(noise, np.ones_like(inner)), 1e-9)
    grained = image.copy()
    grained[cut(around)][inner] += (gain * noise)[inner].astype(np.float32)
    return grained


def coloured_noise(part: Unit, known: Mask, rng: np.random.Generator) -> Unit:
    """Gaussian noise of ``part``'s shape with the spectrum that the known pixels' fine residual has."""
    fine = part - known_mean(part, FINE_SIGMA, known)
    return _noise(_spectrum_root(fine, inside(known), part.shape), part.shape, rng)


def known_mean(image: Unit, sigma: float, known: Mask) -> Unit:
    """Gaussian mean of the known pixels around each one; nothing of what lies under a mask comes in."""
    import cv2

    weight = known.astype(np.float32)
    total, share = (cv2.GaussianBlur(v, (0, 0), sigma, borderType=cv2.BORDER_REFLECT) for v in (image * weight, weight))
    return np.asarray(total / np.maximum(share, np.float32(1e-3)))


def _level(image: Unit, mask: Mask) -> float:
    """Standard deviation of the Laplacian over a mask, 0 where it has too few pixels."""
    values = laplacian(image)[inside(mask)]
    return float(values.std()) if values.size > 8 else 0.0


def _ring_level(part: Unit, known: Mask) -> float:
    values = laplacian(part)[inside(known)]
    if values.size < 32:
        return 0.0
    kept = values[np.abs(values) <= np.quantile(np.abs(values), 1 - EDGE_SHARE)]
    return SHARE * float(kept.std())


def _spectrum_root(fine: Unit, known: Mask, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Square root of the power spectrum of the ring's fine residual, on the grid of rfft2 of ``shape``."""
    values = np.where(known, fine, 0.0).astype(np.float64)
    padded_shape = [n + LAGS for n in shape]
    power = np.abs(np.fft.rfft2(values, padded_shape)) ** 2
    count = np.abs(np.fft.rfft2(known.astype(np.float64), padded_shape)) ** 2
    together = np.fft.irfft2(power, padded_shape)
    pairs = np.fft.irfft2(count, padded_shape)
    lags = np.arange(-LAGS, LAGS + 1)
    near = np.ix_(lags, lags)
    covariance = together[near] / np.maximum(pairs[near], 1.0)
    taper = np.cos(0.5 * np.pi * lags / (LAGS + 1)) ** 2
    kernel = np.zeros(shape)
    kernel[np.ix_(lags % shape[0], lags % shape[1])] = covariance * np.outer(taper, taper)
    return np.sqrt(np.maximum(np.fft.rfft2(kernel).real, 0.0))


def _noise(root: NDArray[np.float64], shape: tuple[int, ...], rng: np.random.Generator) -> Unit:
    white = np.fft.rfft2(rng.standard_normal(shape))
    return np.asarray(np.fft.irfft2(white * root, shape), np.float32)
