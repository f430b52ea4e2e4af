"""Learning and fatigue: accuracy and response time over the order of the trials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from cxr_studio.errors import StatisticsError

FEWEST = 4
"""Trials below which nothing is said about drift."""


@dataclass(frozen=True)
class Drift:
    """How answers change from the first trial to the last.

    Attributes:
        log_odds_change: Slope of a logistic regression of correctness on trial order, per whole study
            (first to last trial); None when the data are separable or all alike.
        log_odds_error: Its standard error (Wald).
        p_accuracy: Likelihood-ratio P of that slope.
        first_half, last_half: (correct, trials).
        p_halves: Fisher's exact two-sided P that the halves differ.
        time_correlation: Spearman's ρ of response time with order; None without times.
        p_time: Its two-sided P.
    """

    log_odds_change: float | None
    log_odds_error: float | None
    p_accuracy: float | None
    first_half: tuple[int, int]
    last_half: tuple[int, int]
    p_halves: float
    time_correlation: float | None
    p_time: float | None


def drift(correct: Sequence[bool], times_ms: Sequence[float | None] | None = None) -> Drift:
    """Drift over ``correct``, in the order in which the trials were answered.

    Raises:
        StatisticsError: fewer than four trials.
    """
    right = np.asarray(correct, bool)
    if len(right) < FEWEST:
        raise StatisticsError(f"drift needs at least {FEWEST} trials")
    slope, error, p_accuracy = _logistic_slope(right)
    middle = len(right) // 2
    first, last = right[:middle], right[middle:]
    table = [[int(half.sum()), int((~half).sum())] for half in (first, last)]
    rho, p_time = _trend(times_ms or ())
    return Drift(
        log_odds_change=slope,
        log_odds_error=error,
        p_accuracy=p_accuracy,
        first_half=(table[0][0], len(first)),
        last_half=(table[1][0], len(last)),
        p_halves=float(stats.fisher_exact(table).pvalue),
        time_correlation=rho,
        p_time=p_time,
    )


def _logistic_slope(right: np.ndarray) -> tuple[float | None, float | None, float | None]:
    """Newton's method on intercept and slope; order runs from −0.5 to 0.5."""
    if right.all() or not right.any():
        return None, None, None
    order = np.linspace(-0.5, 0.5, len(right))
    design = np.column_stack([np.ones_like(order), order])
    weights = np.zeros(2)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ weights))
        bend = design.T @ (design * (chance * (1 - chance))[:, None])
        if np.linalg.cond(bend) > 1e10 or np.abs(weights).max() > 50:
            return None, None, None
        step = np.linalg.solve(bend, design.T @ (right - chance))
        weights = weights + step
        if np.abs(step).max() < 1e-10:
            break
    chance = 1 / (1 + np.exp(-design @ weights))
    share = right.mean()
    fitted = float(np.log(np.where(right, chance, 1 - chance)).sum())
    flat = float(np.log(np.where(right, share, 1 - share)).sum())
    error = float(np.sqrt(np.linalg.inv(bend)[1, 1]))
    return float(weights[1]), error, float(stats.chi2.sf(2 * max(fitted - flat, 0.0), 1))


def _trend(times_ms: Sequence[float | None]) -> tuple[float | None, float | None]:
    known = [(k, t) for k, t in enumerate(times_ms) if t is not None]
    if len(known) < FEWEST or len({t for _, t in known}) < 2:
        return None, None
    found = stats.spearmanr([k for k, _ in known], [t for _, t in known])
    return float(found.statistic), float(found.pvalue)
