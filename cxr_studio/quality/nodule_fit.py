"""By how much drawn nodules would have to change to look like real ones, with intervals by patient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.quality.nodule_appearance import RESAMPLES, SEED, Measured, Quantity, resampled


@dataclass(frozen=True)
class Factor:
    """A ratio of medians.

    Attributes:
        value: Real over drawn.
        low: Of its 95 % interval, by patient.
        high: Likewise.
    """

    value: float
    low: float
    high: float

    @property
    def needed(self) -> bool:
        """Whether the interval leaves 1 out: only then do the two differ."""
        return not self.low <= 1 <= self.high

    def __str__(self) -> str:
        """``value (low to high)``."""
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True)
class Fit:
    """What brings one source to the real ones.

    Attributes:
        title: The source.
        contrast: Factor of the contrast.
        edge: Factor of the edge's softness.
        ratio: Factor of minor over major axis.
    """

    title: str
    contrast: Factor
    edge: Factor
    ratio: Factor


def fitted(title: str, drawn: Sequence[Measured], real: Sequence[Measured]) -> Fit:
    """Compare medians, resampling the patients of both."""
    rng = np.random.default_rng(SEED)
    rows = [(resampled(real, rng), resampled(drawn, rng)) for _ in range(RESAMPLES)]
    return Fit(title, *(_factor(drawn, real, rows, quantity) for quantity in ("contrast", "edge", "ratio")))


def _factor(
    drawn: Sequence[Measured],
    real: Sequence[Measured],
    rows: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
    quantity: Quantity,
) -> Factor:
    own, other = (np.array([getattr(m.appearance, quantity) for m in group]) for group in (real, drawn))
    ratios = [np.median(own[first]) / np.median(other[second]) for first, second in rows]
    low, high = np.quantile(ratios, [0.025, 0.975])
    return Factor(float(np.median(own) / np.median(other)), float(low), float(high))
