"""Two-way bootstrap over readers and cases: a cross-check, slightly biased upward (Gallas 2009)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import nan

import numpy as np

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.mrmc_kernels import Kernels
from cxr_studio.studies.statistics.mrmc_moments import NEGLIGIBLE
from cxr_studio.studies.statistics.observations import Array
from cxr_studio.studies.statistics.proportions import CONFIDENCE, Interval

REPLICATES = 2000
SEED = 20_250_101


@dataclass(frozen=True)
class Resampled:
    """A mean or a difference: bootstrap standard error and percentile interval, NaN where all replicates agree."""

    label: str
    estimate: float
    variance: float
    standard_error: float
    interval: Interval


@dataclass(frozen=True)
class Bootstrap:
    """All modalities, then all differences.

    Attributes:
        replicates: Drawn.
        used: Of them, those in which every modality had a usable cell (all in a fully crossed study).
        seed: Of numpy's PCG64.
    """

    replicates: int
    used: int
    seed: int
    results: tuple[Resampled, ...]


def two_way_bootstrap(
    kernels: Kernels, *, replicates: int = REPLICATES, seed: int = SEED, confidence: float = CONFIDENCE
) -> Bootstrap:
    """Readers, and the cases of each class, drawn with replacement, independently; same seed, same figures.

    Raises:
        StatisticsError: fewer than two readers or replicates.
    """
    if len(kernels.readers) < 2 or replicates < 2:
        raise StatisticsError("the bootstrap needs at least two readers and two replicates")
    draws = _draws(kernels, replicates, np.random.Generator(np.random.PCG64(seed)))
    draws = draws[np.isfinite(draws).all(1)]
    if len(draws) < 2:
        raise StatisticsError("too few cells were read for a bootstrap over readers and cases")
    names, means = kernels.modalities, kernels.means
    least = NEGLIGIBLE * float((means**2).mean())
    results = [_resampled(name, float(means[k]), draws[:, k], (confidence, least)) for k, name in enumerate(names)]
    for a, b in combinations(range(len(names)), 2):
        label = f"{names[a]} - {names[b]}"
        results.append(_resampled(label, float(means[a] - means[b]), draws[:, a] - draws[:, b], (confidence, least)))
    return Bootstrap(replicates, len(draws), seed, tuple(results))


def _draws(kernels: Kernels, replicates: int, chance: np.random.Generator) -> Array:
    """Means [replicate, modality]."""
    sizes = kernels.values.shape[1:]
    found = np.empty((replicates, len(kernels.modalities)))
    for k in range(replicates):
        counts = [np.bincount(chance.integers(0, n, n), minlength=n).astype(float) for n in sizes]
        totals = [_contract(table, counts) for table in (kernels.values, kernels.weights)]
        found[k] = np.divide(totals[0], totals[1], out=np.full(len(found[k]), np.nan), where=totals[1] > 0)
    return found


def _contract(table: Array, counts: list[Array]) -> Array:
    """Σ over readers and cases, each as often as it was drawn."""
    for axis_counts in reversed(counts):
        table = table @ axis_counts
    return table


def _resampled(label: str, estimate: float, draws: Array, limits: tuple[float, float]) -> Resampled:
    (confidence, least), variance = limits, float(draws.var(ddof=1))
    if variance <= least:
        return Resampled(label, estimate, nan, nan, Interval(nan, nan, confidence))
    low, high = np.quantile(draws, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Resampled(label, estimate, variance, variance**0.5, Interval(float(low), float(high), confidence))
