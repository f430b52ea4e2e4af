"""Gallas' one-shot U-statistics: variance of a mean over random readers and random cases, never pooled.

Degrees of freedom follow iMRMC ("BDG"): Satterthwaite on the marginal means of readers and of each class of
cases, not below the smallest of their own degrees of freedom and not below 2, and cut to a whole number for t.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, nan, sqrt

import numpy as np
from scipy import stats

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.mrmc_kernels import Kernels
from cxr_studio.studies.statistics.mrmc_moments import NEGLIGIBLE, Moments, product_moments
from cxr_studio.studies.statistics.observations import Array
from cxr_studio.studies.statistics.proportions import CONFIDENCE, Interval

NORMAL_FROM = 50.0
"""Degrees of freedom from which iMRMC uses the normal distribution."""

UNBIASED, MLE, UNKNOWN = "U-statistic", "MLE", "none"


@dataclass(frozen=True)
class UStatistic:
    """A mean, or a difference of two means, with its variance over readers and cases.

    Attributes:
        label: The modality, or "A - B".
        estimate: The mean, or the difference of the means.
        null: The value that is tested: chance, or 0 for a difference.
        variance: Of the estimate, by ``estimator``.
        variance_unbiased: U-statistic; may be zero or negative in small studies.
        variance_mle: From biased moments; never negative in a fully crossed study.
        estimator: ``U-statistic``, ``MLE`` when the unbiased variance was not positive, or ``none`` when neither
            was: then there is no variance, no test and no interval (NaN).
        df: Degrees of freedom before they are cut to a whole number.
        t, p_value, interval: t test and interval with floor(df), normal from 50.
        p_normal, interval_normal: The same by the normal distribution.
        moments: Of the modality; of the first, the second and their product for a difference.
    """

    label: str
    estimate: float
    null: float
    variance: float
    variance_unbiased: float
    variance_mle: float
    estimator: str
    standard_error: float
    df: float
    t: float
    p_value: float
    interval: Interval
    p_normal: float
    interval_normal: Interval
    moments: tuple[Moments, ...]


def modality_statistic(kernels: Kernels, modality: int, *, confidence: float = CONFIDENCE) -> UStatistic:
    """One modality against chance.

    Raises:
        StatisticsError: fewer than two readers, or than two cases of a class.
    """
    table = _table(kernels, modality)
    moments = _moments(table, table, kernels, kernels.modalities[modality])
    return _finish(
        (kernels.modalities[modality], float(kernels.means[modality]), kernels.chance),
        (moments.unbiased_variance, moments.mle_variance),
        _marginal_terms(table),
        moments=(moments,),
        confidence=confidence,
    )


def difference_statistic(kernels: Kernels, first: int, second: int, *, confidence: float = CONFIDENCE) -> UStatistic:
    """The difference first − second against 0, readers and cases shared as far as they were.

    Raises:
        StatisticsError: fewer than two readers, or than two cases of a class.
    """
    a, b = _table(kernels, first), _table(kernels, second)
    names = kernels.modalities[first], kernels.modalities[second]
    titled = ((a, a, names[0]), (b, b, names[1]), (a, b, " and ".join(names)))
    moments = tuple(_moments(x, y, kernels, name) for x, y, name in titled)
    unbiased, biased = (
        np.dot([1, 1, -2], [getattr(m, name) for m in moments]) for name in ("unbiased_variance", "mle_variance")
    )
    return _finish(
        (
            f"{kernels.modalities[first]} - {kernels.modalities[second]}",
            float(kernels.means[first] - kernels.means[second]),
            0.0,
        ),
        (float(unbiased), float(biased)),
        _paired_terms(a, b),
        moments=moments,
        confidence=confidence,
    )


def _moments(first: tuple[Array, Array], second: tuple[Array, Array], kernels: Kernels, name: str) -> Moments:
    try:
        return product_moments(first, second, kernels.axes)
    except StatisticsError as fault:
        why = f" ({kernels.lacking[0].rstrip('.')})" if kernels.lacking else ""
        raise StatisticsError(f"modality {name}: {fault.what}{why}", remedy=fault.remedy) from fault


def _finish(
    what: tuple[str, float, float],
    variances: tuple[float, float],
    terms: list[tuple[float, int]],
    *,
    moments: tuple[Moments, ...],
    confidence: float,
) -> UStatistic:
    label, estimate, null = what
    unbiased, biased = variances
    least = NEGLIGIBLE * max(abs(value) for each in moments for value in each.biased)
    found = {UNBIASED: unbiased, MLE: biased}
    estimator = next((name for name, value in found.items() if value > least), UNKNOWN)
    variance = found.get(estimator, nan)
    error = sqrt(variance)
    df = degrees_of_freedom(variance, terms) if estimator != UNKNOWN else nan
    t = (estimate - null) / error
    law = stats.t(floor(df)) if df < NORMAL_FROM else stats.norm
    return UStatistic(
        label=label,
        estimate=estimate,
        null=null,
        variance=variance,
        variance_unbiased=unbiased,
        variance_mle=biased,
        estimator=estimator,
        standard_error=error,
        df=df,
        t=t,
        p_value=float(2 * law.sf(abs(t))),
        interval=_around(estimate, error * float(law.ppf((1 + confidence) / 2)), confidence),
        p_normal=float(2 * stats.norm.sf(abs(t))),
        interval_normal=_around(estimate, error * float(stats.norm.ppf((1 + confidence) / 2)), confidence),
        moments=moments,
    )


def degrees_of_freedom(variance: float, terms: list[tuple[float, int]]) -> float:
    """Satterthwaite: variance² / Σ (term² / its df), at least the smallest of those df and at least 2.

    Args:
        variance: Of the estimate.
        terms: For readers and each class of cases, (variance of its marginal mean, degrees of freedom).
    """
    weight = sum(term**2 / df for term, df in terms)
    found = variance**2 / weight if weight > 0 else float("inf")
    return max(found, float(min(df for _, df in terms)), 2.0)


def _marginal_terms(table: tuple[Array, Array]) -> list[tuple[float, int]]:
    return [_term(means[np.isfinite(means)]) for means in _marginals(table)]


def _paired_terms(a: tuple[Array, Array], b: tuple[Array, Array]) -> list[tuple[float, int]]:
    """Differences of marginal means where units are shared; both modalities' own where they are not."""
    terms = []
    for first, second in zip(_marginals(a), _marginals(b), strict=True):
        apart = (first - second)[np.isfinite(first) & np.isfinite(second)]
        if len(apart) > 1:
            terms.append(_term(apart))
        else:
            terms += [_term(means[np.isfinite(means)]) for means in (first, second)]
    return terms


def _marginals(table: tuple[Array, Array]) -> list[Array]:
    """The mean of each reader, each negative, each positive case; NaN where there is none."""
    values, weights = table
    found = []
    for axis in range(values.ndim):
        others = tuple(k for k in range(values.ndim) if k != axis)
        counted = weights.sum(others)
        empty = np.full(counted.shape, np.nan)
        found.append(np.divide(values.sum(others), counted, out=empty, where=counted > 0))
    return found


def _term(means: Array) -> tuple[float, int]:
    return float(means.var(ddof=1) / len(means)), len(means) - 1


def _table(kernels: Kernels, modality: int) -> tuple[Array, Array]:
    return kernels.values[modality], kernels.weights[modality]


def _around(centre: float, reach: float, confidence: float) -> Interval:
    return Interval(centre - reach, centre + reach, confidence)
