"""How many trials one reader needs: exact binomial power, and equivalence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.observations import Array
from cxr_studio.studies.statistics.proportions import CHANCE, clopper_pearson

MOST_TRIALS = 200_000
"""Trials beyond which the search gives up."""


@dataclass(frozen=True)
class Size:
    """Trials of one reader.

    Attributes:
        first: The smallest number of trials with the power that was asked for.
        stable: The number from which no larger one falls below it; exact power goes up in saw teeth.
        power: At ``stable``.
    """

    first: int
    stable: int
    power: float


def binomial_power(trials: int, accuracy: float, *, alpha: float = 0.05, sides: int = 2) -> float:
    """Power of the exact test against 0.5.

    Args:
        trials: Of one reader.
        accuracy: True proportion correct.
        alpha: Level of the test.
        sides: 1 (better than chance) or 2.
    """
    return float(_powers(np.array([trials]), accuracy, alpha=alpha, sides=sides)[0])


def trials_needed(accuracy: float, *, power: float = 0.8, alpha: float = 0.05, sides: int = 2) -> Size:
    """First and stable number of trials.

    Raises:
        StatisticsError: accuracy is 0.5 or out of range (below 0.5 for one side), or more than 200 000
            trials would be needed.
    """
    if not 0 < accuracy <= 1 or accuracy == CHANCE or (sides == 1 and accuracy < CHANCE):
        raise StatisticsError(
            f"the accuracy {accuracy:g} cannot be distinguished from chance",
            remedy="Give one between 0.5 and 1, or plan an equivalence test with --margin",
        )
    return _search(lambda n: _powers(n, accuracy, alpha=alpha, sides=sides), power)


def equivalence_power(trials: int, margin: float, *, accuracy: float = CHANCE, alpha: float = 0.05) -> float:
    """Power to show by two one-sided exact tests that the proportion is within ``margin`` of 0.5."""
    return float(_equivalence_powers(np.array([trials]), margin, accuracy=accuracy, alpha=alpha)[0])


def equivalence_trials(margin: float, *, power: float = 0.8, accuracy: float = CHANCE, alpha: float = 0.05) -> Size:
    """First and stable number of trials for equivalence.

    Raises:
        StatisticsError: the true accuracy is not inside the margin, or too many trials would be needed.
    """
    if not abs(accuracy - CHANCE) < margin < CHANCE:
        raise StatisticsError(f"the accuracy {accuracy:g} is not within {margin:g} of 0.5, so nothing could be shown")
    return _search(lambda n: _equivalence_powers(n, margin, accuracy=accuracy, alpha=alpha), power)


def half_width(trials: int, *, confidence: float = 0.9) -> float:
    """Half the width of the Clopper–Pearson interval when half of ``trials`` are right."""
    limits = clopper_pearson(trials // 2, trials, confidence=confidence)
    return (limits.high - limits.low) / 2


def _powers(trials: np.ndarray, accuracy: float, *, alpha: float, sides: int) -> Array:
    """The test rejects from the smallest k with P(X ≥ k) ≤ alpha / sides under chance, and below n − k."""
    reject = stats.binom.isf(alpha / sides, trials, CHANCE) + 1
    found = stats.binom.sf(reject - 1, trials, accuracy)
    if sides == 2:
        found = found + stats.binom.cdf(trials - reject, trials, accuracy)
    return np.asarray(found)


def _equivalence_powers(trials: np.ndarray, margin: float, *, accuracy: float, alpha: float) -> Array:
    """Equivalence is shown from the smallest k that rejects 0.5 − margin to n minus that k."""
    low = stats.binom.isf(alpha, trials, CHANCE - margin) + 1
    inside = stats.binom.cdf(trials - low, trials, accuracy) - stats.binom.cdf(low - 1, trials, accuracy)
    return np.asarray(np.maximum(inside, 0.0))


def _search(powers_of: Callable[[np.ndarray], Array], power: float) -> Size:
    """Look at every number of trials up to a ceiling that lies well beyond the first that is enough."""
    ceiling = 256
    while ceiling <= MOST_TRIALS:
        trials = np.arange(2, ceiling + 1)
        found = powers_of(trials)
        enough = found >= power
        if enough.any() and enough[len(enough) // 2 :].all():
            first = int(np.argmax(enough))
            stable = len(enough) - int(np.argmin(enough[::-1])) if not enough.all() else 0
            return Size(int(trials[first]), int(trials[stable]), float(found[stable]))
        ceiling *= 2
    raise StatisticsError(
        f"more than {MOST_TRIALS:,} trials would be needed", remedy="Choose a larger difference or margin"
    )
