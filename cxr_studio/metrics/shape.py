"""Measures of the form of silhouettes, distances between their distributions, and overlap with the nearest other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Masks = NDArray[np.bool_]
"""``bool [N, H, W]``, one region each."""

Figures = Mapping[str, NDArray[np.float64]]
"""Values ``float64 [N]`` of each of ``MEASURES``."""

MEASURES = ("eccentricity", "solidity", "compactness", "roughness")

POINTS = 256
"""Points at equal distances along an outline that it is measured by."""

FINEST = 40
"""Highest Fourier harmonic of an outline that is kept: above it lie the steps of the pixels."""

COARSE = 4
"""Highest harmonic that counts as overall form (ellipse, triangle, square); what is above it is roughness."""

OVERLAP_SIDE = 48
"""Side in pixels to which silhouettes are brought before they are laid over each other."""


def eccentricity(mask: NDArray[np.bool_]) -> float:
    """Of the ellipse with the same second central moments: 0 for a circle, towards 1 for a line."""
    spread = np.cov(np.stack(np.nonzero(mask)).astype(np.float64), bias=True) + np.eye(2) / 12
    small, large = np.linalg.eigvalsh(spread)
    return float(np.sqrt(max(0.0, 1 - small / large)))


def outline_of(mask: NDArray[np.bool_]) -> NDArray[np.complex128]:
    """Outline of a mask's largest region: x + iy of ``POINTS`` points at equal distances, harmonics up to ``FINEST``.

    Raises:
        ValueError: the mask is empty.
    """
    import cv2

    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        raise ValueError("an empty mask has no outline")
    chain = max(outlines, key=len)[:, 0].astype(np.float64) @ np.array([1, 1j])
    closed = np.append(chain, chain[0])
    way = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(closed)))])
    even = np.interp(np.linspace(0, way[-1], POINTS, endpoint=False), way, closed)
    return _low_passed(even, FINEST)


def solidity(outline: NDArray[np.complex128]) -> float:
    """Area within an outline over the area of its convex hull: 1 for a convex shape."""
    import cv2

    hull = cv2.convexHull(np.stack([outline.real, outline.imag], axis=1).astype(np.float32))[:, 0].astype(np.float64)
    return _area(outline) / _area(hull @ np.array([1, 1j]))


def compactness(outline: NDArray[np.complex128]) -> float:
    """4π · area / perimeter²: 1 for a circle, less for all else."""
    return float(4 * np.pi * _area(outline) / np.abs(np.diff(np.append(outline, outline[0]))).sum() ** 2)


def roughness(outline: NDArray[np.complex128]) -> float:
    """Root mean square distance of an outline to its Fourier series up to harmonic 4, over the equivalent radius."""
    rest = outline - _low_passed(outline, COARSE)
    return float(np.sqrt(np.mean(np.abs(rest) ** 2)) / np.sqrt(_area(outline) / np.pi))


def measured(masks: Masks | Sequence[NDArray[np.bool_]]) -> dict[str, NDArray[np.float64]]:
    """Measure silhouettes; ``float64 [N]`` for each of ``MEASURES``."""
    rows = []
    for mask in masks:
        outline = outline_of(mask)
        rows.append((eccentricity(mask), solidity(outline), compactness(outline), roughness(outline)))
    return dict(zip(MEASURES, np.array(rows).T, strict=True))


def ks_distances(
    first: Mapping[str, NDArray[np.float64]], second: Mapping[str, NDArray[np.float64]]
) -> dict[str, float]:
    """Two-sample Kolmogorov–Smirnov distance for every measure, 0 to 1."""
    from scipy.stats import ks_2samp

    return {name: float(ks_2samp(first[name], second[name]).statistic) for name in MEASURES}


def nearest_overlap(masks: Masks, among: Masks, *, turns: int = 16) -> NDArray[np.float64]:
    """Intersection over union of each mask with the nearest of others, over in-plane turns and mirroring.

    Every mask is centred on its centroid and brought to one area first.

    Args:
        masks: ``bool [N, H, W]``.
        among: ``bool [M, H, W]``.
        turns: Number of turns that are tried, evenly over 360 degrees.

    Returns:
        ``float64 [N]``, 0 to 1.
    """
    others = np.stack([_standard(mask, 0.0) for mask in among]).reshape(len(among), -1).astype(np.float32)
    sizes = others.sum(axis=1)
    best = np.zeros(len(masks))
    for flip in (1, -1):
        for angle in np.arange(turns) * 360.0 / turns:
            mine = np.stack([_standard(mask[:, ::flip], angle) for mask in masks]).reshape(len(masks), -1)
            both = mine.astype(np.float32) @ others.T
            best = np.maximum(best, (both / (mine.sum(axis=1)[:, None] + sizes - both)).max(axis=1))
    return best


def _standard(mask: NDArray[np.bool_], degrees: float) -> NDArray[np.bool_]:
    """A mask turned about its centroid and brought to a quarter of the area of a square of ``OVERLAP_SIDE``."""
    import cv2

    y, x = np.nonzero(mask)
    scale = OVERLAP_SIDE / 2 / np.sqrt(y.size)
    matrix = cv2.getRotationMatrix2D((float(x.mean()), float(y.mean())), degrees, scale)
    matrix[:, 2] += (OVERLAP_SIDE - 1) / 2 - np.array([x.mean(), y.mean()])
    drawn = cv2.warpAffine(mask.astype(np.float32), matrix, (OVERLAP_SIDE, OVERLAP_SIDE), flags=cv2.INTER_LINEAR)
    return np.asarray(drawn > 0.5)


def _low_passed(outline: NDArray[np.complex128], highest: int) -> NDArray[np.complex128]:
    series = np.fft.fft(outline)
    series[np.abs(np.fft.fftfreq(len(outline), 1 / len(outline))) > highest] = 0
    return np.asarray(np.fft.ifft(series))


def _area(outline: NDArray[np.complex128]) -> float:
    return abs(float(np.sum((outline.conj() * np.roll(outline, -1)).imag)) / 2)
