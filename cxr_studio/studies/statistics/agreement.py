"""Agreement between readers beyond chance: Cohen's κ for two, Fleiss' κ for more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.mrmc_moments import NEGLIGIBLE
from cxr_studio.studies.statistics.proportions import CONFIDENCE, Interval


@dataclass(frozen=True)
class Kappa:
    """κ with its test against no agreement.

    Attributes:
        value: (observed − expected agreement) / (1 − expected); None when all answers are of one kind.
        standard_error: Asymptotic, for the interval; None for Fleiss' κ, and where all agree.
        interval: value ± z SE; None likewise.
        z: κ over its standard error under no agreement.
        p_value: Two-sided, normal.
    """

    value: float | None
    standard_error: float | None
    interval: Interval | None
    z: float | None
    p_value: float | None


UNDEFINED = Kappa(None, None, None, None, None)


def cohen_kappa(table: npt.ArrayLike, *, weights: str = "none", confidence: float = CONFIDENCE) -> Kappa:
    """Cohen's κ of a square table of counts.

    Args:
        table: [category of reader 1, category of reader 2].
        weights: ``none``, or ``linear`` for ordered categories (value only).
        confidence: Of the interval.

    Standard errors: Fleiss, Cohen and Everitt 1969.

    Raises:
        StatisticsError: the table is not square or empty.
    """
    counts = np.asarray(table, float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.sum() <= 0:
        raise StatisticsError("agreement of two readers needs a square table with answers in it")
    share, n = counts / counts.sum(), counts.sum()
    rows, columns = share.sum(1), share.sum(0)
    if weights == "linear":
        index = np.arange(len(counts))
        apart = np.abs(index[:, None] - index) / max(len(counts) - 1, 1)
        expected = float((apart * np.outer(rows, columns)).sum())
        return (
            UNDEFINED if expected <= NEGLIGIBLE else Kappa(1 - float((apart * share).sum()) / expected, *([None] * 4))
        )
    observed, expected = float(np.trace(share)), float(rows @ columns)
    if expected >= 1 - NEGLIGIBLE:
        return UNDEFINED
    value = (observed - expected) / (1 - expected)
    spread = sqrt(max(_variance(share, value, expected), 0.0) / n)
    null = expected + expected**2 - float((rows * columns * (rows + columns)).sum())
    z = value / (sqrt(null / n) / (1 - expected)) if null > NEGLIGIBLE else None
    p = None if z is None else _two_sided(z)
    if spread <= NEGLIGIBLE:  # all agree, or nobody does: the asymptotic interval has no width
        return Kappa(value, None, None, z, p)
    reach = float(norm.ppf((1 + confidence) / 2)) * spread
    return Kappa(value, spread, Interval(value - reach, value + reach, confidence), z, p)


def fleiss_kappa(counts: npt.ArrayLike) -> Kappa:
    """Fleiss' κ: ``counts`` [subject, category], every row the same number of readers.

    Raises:
        StatisticsError: fewer than two readers, or rows of different sums.
    """
    table = np.asarray(counts, float)
    readers = table.sum(1) if table.ndim == 2 and table.size else np.zeros(1)
    if readers[0] < 2 or (readers != readers[0]).any():
        raise StatisticsError("agreement needs the same two or more readers on every case")
    n, raters = len(table), float(readers[0])
    shares = table.sum(0) / table.sum()
    observed = float(((table**2).sum(1) - raters).mean() / (raters * (raters - 1)))
    expected = float((shares**2).sum())
    if expected >= 1 - NEGLIGIBLE:
        return UNDEFINED
    value = (observed - expected) / (1 - expected)
    spread = shares * (1 - shares)
    under_null = spread.sum() ** 2 - float((spread * (1 - 2 * shares)).sum())
    variance = 2 * under_null / (spread.sum() ** 2 * n * raters * (raters - 1))
    z = value / sqrt(variance) if variance > NEGLIGIBLE else None
    return Kappa(value, None, None, z, None if z is None else _two_sided(z))


def cross_table(first: Sequence[str], second: Sequence[str]) -> npt.NDArray[np.int64]:
    """Counts of paired answers, [category of first, category of second], categories in alphabetical order."""
    names = sorted({*first, *second})
    table = np.zeros((len(names), len(names)), np.int64)
    for a, b in zip(first, second, strict=True):
        table[names.index(a), names.index(b)] += 1
    return table


def _variance(share: npt.NDArray[np.float64], value: float, expected: float) -> float:
    rows, columns = share.sum(1), share.sum(0)
    diagonal = float((np.diag(share) * (1 - (rows + columns) * (1 - value)) ** 2).sum())
    beside = share * (columns[:, None] + rows[None, :]) ** 2
    off = (1 - value) ** 2 * float(beside.sum() - np.trace(beside))
    return (diagonal + off - (value - expected * (1 - value)) ** 2) / (1 - expected) ** 2


def _two_sided(z: float) -> float:
    return float(2 * norm.sf(abs(z)))
