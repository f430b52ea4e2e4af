"""How often the better of two is picked, with an interval by patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.metrics.by_patient import Z, estimate, means, patient_counts

CHANCE = 0.5


@dataclass(frozen=True)
class Rate:
    """A share of right answers.

    Attributes:
        value: 0 to 1; 0.5 is chance.
        low: Lower end of the 95 % interval: percentiles of bootstrap samples of patients.
        high: Its upper end.
        pairs: Number of trials.
        patients: Number of patients.
    """

    value: float
    low: float
    high: float
    pairs: int
    patients: int

    @property
    def holds_chance(self) -> bool:
        """Whether guessing lies within the interval."""
        return self.low <= CHANCE <= self.high

    @property
    def least_width(self) -> float:
        """Half-width of the 95 % interval that guessing in as many independent pairs would have."""
        return Z * float(np.sqrt(CHANCE * (1 - CHANCE) / self.pairs))

    def __str__(self) -> str:
        """``98.9 % (97.7–100)``."""
        low, high = (f"{100 * end:.1f}".removesuffix(".0") for end in (self.low, self.high))
        return f"{100 * self.value:.1f} % ({low}–{high})"


def rate_by_patient(right: NDArray[np.float64], patients: Sequence[str]) -> Rate:
    """Mean of answers (1 right, 0 wrong, ½ a tie) with the interval of resampled patients.

    Args:
        right: ``[N]``, 0 to 1, N at least 1.
        patients: ``[N]``, whose each trial is.

    Raises:
        ValueError: there are no answers.
    """
    if not len(right):
        raise ValueError("there are no answers")
    found = estimate(means(np.asarray(right, np.float64), patient_counts(patients)), null=CHANCE)
    return Rate(found.value, found.low, found.high, len(right), len(set(patients)))
