"""Obuchowski–Rockette analysis of variance with Hillis' degrees of freedom.

Obuchowski and Rockette 1995 Commun Stat Simul 24:285; Hillis 2007 Stat Med 26:596 and 2014 Stat Med 33:330.
Three generalisations: to both readers and cases (RRRC), to cases only (FRRC), to readers only (RRFC).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import inf, nan, sqrt

import numpy as np
from scipy import stats

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.mrmc_moments import NEGLIGIBLE
from cxr_studio.studies.statistics.observations import Array
from cxr_studio.studies.statistics.proportions import CONFIDENCE, Interval

RRRC, FRRC, RRFC = "RRRC", "FRRC", "RRFC"
MODELS = {
    RRRC: "random readers, random cases",
    FRRC: "fixed readers, random cases",
    RRFC: "random readers, fixed cases",
}


@dataclass(frozen=True)
class Components:
    """Mean squares and covariances of figures of merit [modality, reader].

    ``cov1``: same reader, other modality; ``cov2``: other reader, same modality; ``cov3``: both other.
    ``var_r`` and ``var_tr``, the reader and the modality × reader components, may come out negative.
    """

    ms_t: float
    ms_r: float
    ms_tr: float
    var: float
    cov1: float
    cov2: float
    cov3: float
    var_r: float
    var_tr: float


@dataclass(frozen=True)
class Effect:
    """A modality's mean or a difference of two, with its test: F(1, df) = t², or χ²(1) = z² when df is infinite.

    Where nothing varies there is no test and no interval: standard error, t, P and limits are NaN.
    """

    label: str
    estimate: float
    standard_error: float
    df: float
    t: float
    p_value: float
    interval: Interval


@dataclass(frozen=True)
class Generalisation:
    """One of the three models: the overall test, every modality, every difference.

    Attributes:
        f: F of equality of all modalities, or χ²/df1 for FRRC; NaN with one modality or no variation.
    """

    model: str
    f: float
    df1: float
    df2: float
    p_value: float
    modalities: tuple[Effect, ...]
    differences: tuple[Effect, ...]


@dataclass(frozen=True)
class ObuchowskiRockette:
    """The analysis, with the covariance method it rests on."""

    covariance: str
    components: Components
    generalisations: tuple[Generalisation, ...]


@dataclass(frozen=True)
class Input:
    """Figures of merit [modality, reader] with their covariance over cases, modality slowest."""

    merit: Array
    covariance: Array
    modalities: tuple[str, ...]
    method: str
    chance: float = 0.5
    confidence: float = CONFIDENCE


def obuchowski_rockette(given: Input) -> ObuchowskiRockette:
    """All three generalisations.

    Raises:
        StatisticsError: fewer than two readers.
    """
    if given.merit.shape[1] < 2:
        raise StatisticsError("Obuchowski-Rockette needs at least two readers")
    found = components(given.merit, given.covariance)
    return ObuchowskiRockette(given.method, found, tuple(_generalise(given, found, model) for model in MODELS))


def components(merit: Array, covariance: Array) -> Components:
    """Mean squares of ``merit`` [I, J] and the mean covariances of ``covariance`` [I J, I J]."""
    tests, readers = merit.shape
    blocks = covariance.reshape(tests, readers, tests, readers)
    same_test, same_reader = np.eye(tests, dtype=bool)[:, None, :, None], np.eye(readers, dtype=bool)[None, :, None]
    var, cov1, cov2, cov3 = (
        _mean(blocks, np.broadcast_to(mask, blocks.shape))
        for mask in (
            same_test & same_reader,
            ~same_test & same_reader,
            same_test & ~same_reader,
            ~same_test & ~same_reader,
        )
    )
    least = _least(merit, covariance)
    var, cov1, cov2, cov3 = (0.0 if abs(value) <= least else value for value in (var, cov1, cov2, cov3))
    by_test, by_reader, whole = merit.mean(1, keepdims=True), merit.mean(0, keepdims=True), merit.mean()
    ms_t = readers * float(((by_test - whole) ** 2).sum()) / (tests - 1) if tests > 1 else 0.0
    ms_r = tests * float(((by_reader - whole) ** 2).sum()) / (readers - 1)
    ms_t, ms_r = (0.0 if value <= least else value for value in (ms_t, ms_r))
    left = merit - by_test - by_reader + whole
    ms_tr = float((left**2).sum()) / ((tests - 1) * (readers - 1)) if tests > 1 else 0.0
    ms_tr = 0.0 if ms_tr <= least else ms_tr
    if tests == 1:
        return Components(0.0, ms_r, 0.0, var, 0.0, cov2, 0.0, ms_r - var + cov2, 0.0)
    var_tr = ms_tr - var + cov1 + cov2 - cov3
    return Components(ms_t, ms_r, ms_tr, var, cov1, cov2, cov3, (ms_r - ms_tr) / tests - cov1 + cov3, var_tr)


def _generalise(given: Input, found: Components, model: str) -> Generalisation:
    tests, readers = given.merit.shape
    shared = found.cov2 - found.cov3
    shared = shared if shared > _least(given.merit, given.covariance) else 0.0
    if model == FRRC:
        denominator, df2 = found.var - found.cov1 + (readers - 1) * shared, inf
    else:
        denominator = found.ms_tr + (readers * shared if model == RRRC else 0.0)
        df2 = _hillis(denominator, found.ms_tr, (tests - 1) * (readers - 1))
    denominator = denominator if denominator > _least(given.merit, given.covariance) else 0.0
    f = found.ms_t / denominator if tests > 1 and denominator > 0 else nan
    means = given.merit.mean(1)
    error = sqrt(max(2 * denominator / readers, 0.0))
    return Generalisation(
        model=model,
        f=f,
        df1=tests - 1,
        df2=df2,
        p_value=_f_tail(f, tests - 1, df2),
        modalities=tuple(_modality(given, model, k) for k in range(tests)),
        differences=tuple(
            _effect(
                (f"{given.modalities[a]} - {given.modalities[b]}", float(means[a] - means[b]), 0.0), error, df2, given
            )
            for a, b in combinations(range(tests), 2)
        ),
    )


def _modality(given: Input, model: str, test: int) -> Effect:
    """Its own mean square and covariance, not those of the other modalities (Hillis 2014)."""
    readers = given.merit.shape[1]
    own = components(given.merit[test : test + 1], given.covariance.reshape(*given.merit.shape * 2)[test, :, test, :])
    shared = max(own.cov2, 0.0)
    if model == FRRC:
        spread, df = own.var + (readers - 1) * shared, inf
    else:
        spread = own.ms_r + (readers * shared if model == RRRC else 0.0)
        df = _hillis(spread, own.ms_r, readers - 1)
    spread = spread if spread > _least(given.merit, given.covariance) else 0.0
    what = (given.modalities[test], float(given.merit[test].mean()), given.chance)
    return _effect(what, sqrt(max(spread / readers, 0.0)), df, given)


def _effect(what: tuple[str, float, float], error: float, df: float, given: Input) -> Effect:
    label, estimate, null = what
    law = stats.norm if df == inf else stats.t(df)
    error = error if error > 0 else nan
    t = (estimate - null) / error
    reach = float(law.ppf((1 + given.confidence) / 2)) * error
    interval = Interval(estimate - reach, estimate + reach, given.confidence)
    return Effect(label, estimate, error, df, t, float(2 * law.sf(abs(t))), interval)


def _least(merit: Array, covariance: Array) -> float:
    """Variance up to which a figure is rounding errors."""
    return NEGLIGIBLE * max(float((merit**2).mean()), float(np.abs(covariance).max()))


def _hillis(denominator: float, mean_square: float, df: float) -> float:
    """denominator² / (mean square² / its df); infinite without variation between readers."""
    return denominator**2 / (mean_square**2 / df) if mean_square > 0 and df > 0 else inf


def _f_tail(f: float, df1: float, df2: float) -> float:
    if not f >= 0 or df1 < 1:
        return nan
    return float(stats.chi2.sf(f * df1, df1) if df2 == inf else stats.f.sf(f, df1, df2))


def _mean(blocks: Array, mask: np.ndarray) -> float:
    return float(blocks[mask].mean()) if mask.any() else 0.0
