"""Fréchet distance between two sets of feature vectors, each taken for a normal distribution (Heusel et al. 2017)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_SAMPLES = 2
"""Fewer samples have no covariance."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Count, mean and scatter of feature vectors; moments of parts add up to those of the whole.

    Attributes:
        count: Number of vectors.
        mean: ``float64 [D]``.
        scatter: Sum of the outer products of the deviations from the mean, ``float64 [D, D]``.
    """

    count: int
    mean: NDArray[np.float64]
    scatter: NDArray[np.float64]

    @classmethod
    def of(cls, vectors: NDArray[np.floating]) -> Moments:
        """Moments of vectors ``[N, D]``, N at least 1."""
        values = np.asarray(vectors, np.float64)
        mean = values.mean(axis=0)
        return cls(len(values), mean, (values - mean).T @ (values - mean))

    @property
    def covariance(self) -> NDArray[np.float64]:
        """Sample covariance ``[D, D]``, divided by N - 1."""
        return np.asarray(self.scatter / (self.count - 1))


def merged(parts: Iterable[Moments]) -> Moments | None:
    """Moments of all vectors together (Chan et al. 1983); None for no parts."""
    whole: Moments | None = None
    for part in parts:
        whole = part if whole is None else _pair(whole, part)
    return whole


def frechet_distance(first: Moments, second: Moments) -> float:
    """``|m1 - m2|² + trace(C1 + C2 - 2 (C1 C2)^½)``, squared units of the features; NaN with fewer than two vectors."""
    if min(first.count, second.count) < LEAST_SAMPLES:
        return float("nan")
    root = _root(first.covariance)
    cross = np.sqrt(np.clip(np.linalg.eigvalsh(root @ second.covariance @ root), 0, None)).sum()
    shift = float(((first.mean - second.mean) ** 2).sum())
    return max(0.0, shift + float(np.trace(first.covariance) + np.trace(second.covariance) - 2 * cross))


def frechet_of(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """The same of few long vectors ``[N, D]`` and ``[M, D]``: costs N × M numbers instead of D × D.

    The trace of the root of C1 C2 is the sum of the singular values of the deviations' products, as C1 and C2 have no
    other eigenvalues than theirs.
    """
    one, other = (np.asarray(values, np.float64) for values in (first, second))
    if min(len(one), len(other)) < LEAST_SAMPLES:
        return float("nan")
    shift = float(((one.mean(axis=0) - other.mean(axis=0)) ** 2).sum())
    one, other = ((values - values.mean(axis=0)) / np.sqrt(len(values) - 1) for values in (one, other))
    cross = np.linalg.svd(one @ other.T, compute_uv=False).sum()
    return max(0.0, shift + float((one**2).sum() + (other**2).sum() - 2 * cross))


def _pair(first: Moments, second: Moments) -> Moments:
    count = first.count + second.count
    step = second.mean - first.mean
    scatter = first.scatter + second.scatter + np.outer(step, step) * (first.count * second.count / count)
    return Moments(count, first.mean + step * (second.count / count), scatter)


def _root(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Symmetric square root of a positive semi-definite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T)
