"""Intervals and tests that resample patients, since two patches of one patient are no two facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

RESAMPLES = 4000
SEED = 20_180_702
LEVEL = 0.95

Z = 1.959964
"""Normal quantile of the 95 % interval."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval.

    Attributes:
        value: Of all patients.
        low: Lower end of the 95 % percentile interval.
        high: Its upper end.
        p: Two-sided, from the share of resamples on the other side of the null value.
    """

    value: float
    low: float
    high: float
    p: float

    def __str__(self) -> str:
        """``value (low to high)`` with three digits that matter."""
        return f"{self.value:.3g} ({self.low:.3g} to {self.high:.3g})"


def patient_counts(patients: Sequence[str], *, resamples: int = RESAMPLES, seed: int = SEED) -> Values:
    """How often every row counts in every resample of patients.

    Args:
        patients: One a row.
        resamples: How many.
        seed: The same seed gives the same resamples.

    Returns:
        ``float64 [resamples + 1, rows]``; the first is the sample itself, all ones.
    """
    names, index = np.unique(np.asarray(patients), return_inverse=True)
    rng = np.random.default_rng([seed, len(names)])
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=resamples)
    return np.vstack([np.ones(len(index)), drawn[:, index]]).astype(np.float64)


def means(values: Values, counts: Values) -> Values:
    """Weighted mean of ``values [rows]`` in all resamples ``counts [n, rows]``; NaN rows count for nothing."""
    known = np.isfinite(values)
    if not known.any():
        return np.full(len(counts), np.nan)
    totals = counts[:, known] @ values[known]
    return np.asarray(totals / np.maximum(counts[:, known].sum(axis=1), 1e-12))


def estimate(resampled: Values, *, null: float = 0.0) -> Estimate:
    """Sum up a figure whose first entry is that of the sample itself, the rest those of the resamples."""
    others = resampled[1:][np.isfinite(resampled[1:])]
    if not len(others):
        return Estimate(float(resampled[0]), float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(others, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    beyond = min((others <= null).sum(), (others >= null).sum())
    p = min(1.0, 2 * (float(beyond) + 1) / (len(others) + 1))
    return Estimate(float(resampled[0]), float(low), float(high), p)


@dataclass(frozen=True)
class Spread:
    """A figure that is no mean, with its interval.

    Attributes:
        value: Of all patients.
        low: Lower end of the 95 % interval of the delete-one-patient jackknife.
        high: Its upper end.
    """

    value: float
    low: float
    high: float


def jackknifed(figure: Callable[[NDArray[np.bool_]], float], patients: Sequence[str]) -> Spread:
    """A figure of all rows, with an interval from leaving out one patient at a time.

    For figures that a resample with doubled rows would bias (distances between distributions).

    Args:
        figure: Of the rows that a mask ``bool [rows]`` keeps.
        patients: One a row.

    Returns:
        NaN ends with fewer than two patients.
    """
    names, index = np.unique(np.asarray(patients), return_inverse=True)
    value = figure(np.ones(len(index), bool))
    if len(names) < 2:
        return Spread(value, float("nan"), float("nan"))
    without = np.array([figure(index != k) for k in range(len(names))])
    error = float(np.sqrt((len(names) - 1) * without.var()))
    return Spread(value, value - Z * error, value + Z * error)
