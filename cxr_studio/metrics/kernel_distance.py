"""Kernel distance between two sets of feature vectors (KID, Bińkowski et al. 2018), unbiased also for few of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.floating]

DEGREE = 3
"""Of the polynomial kernel (x · y / D + 1)³."""


def polynomial_kernel(first: Vectors, second: Vectors) -> NDArray[np.float64]:
    """``(x · y / D + 1)³`` for all vectors ``[N, D]`` and ``[M, D]``: ``[N, M]``."""
    x, y = np.asarray(first, np.float64), np.asarray(second, np.float64)
    return np.asarray((x @ y.T / x.shape[1] + 1) ** DEGREE)


def kernel_distance(first: Vectors, second: Vectors, *, paired: bool = False) -> float:
    """Unbiased squared maximum mean discrepancy; about 0, also below, for vectors of one distribution.

    Args:
        first: ``[N, D]``, N at least 2; NaN otherwise.
        second: ``[M, D]``, M at least 2.
        paired: Row k of both belongs to one thing (a hole as it was and as it was filled). Such two are alike for
            that reason alone, so they are not compared; equal sets then have a distance of exactly 0.
    """
    if min(len(first), len(second)) < 2:
        return float("nan")
    within = [_mean_off_diagonal(polynomial_kernel(x, x)) for x in (first, second)]
    between = polynomial_kernel(first, second)
    return sum(within) - 2 * (_mean_off_diagonal(between) if paired else float(between.mean()))


def _mean_off_diagonal(kernel: NDArray[np.float64]) -> float:
    count = len(kernel)
    return float((kernel.sum() - np.trace(kernel)) / (count * (count - 1)))
