"""Second moments of a figure of merit over readers and cases, in any design (Gallas).

The variance of a mean of kernels is a sum over pairs of kernels, sorted by what the two share: the reader,
the negative case, the positive case, in any combination. Sums over pairs that share at least something are
cheap; inclusion and exclusion turns them into sums over pairs that share exactly that, which are unbiased.
Gallas 2006 Acad Radiol 13:353; Gallas and Brown 2008 Neural Netw 21:387 for designs with missing cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.observations import Array

Shared = frozenset[int]

NEGLIGIBLE = 1e-12
"""Share of the mean square of what is averaged below which a variance is rounding errors: double precision leaves
about 1e-16 of it, and a variance of this size would take 10^11 independent cases."""


@dataclass(frozen=True)
class Moments:
    """Moments of a pair of modalities (or of one with itself), most shared first.

    The order is iMRMC's: reader and both cases; reader and positive; reader and negative; reader; both
    cases; positive; negative; nothing.

    Attributes:
        shared: Names of the axes that the two kernels of a pair share.
        moments: Unbiased mean product of such pairs; 0 where there are none.
        biased: The same over pairs that share at least these (V-statistic, MLE).
        coefficients: Share of such pairs among all; 1 has been subtracted from the last.
    """

    shared: tuple[tuple[str, ...], ...]
    moments: tuple[float, ...]
    biased: tuple[float, ...]
    coefficients: tuple[float, ...]

    @property
    def unbiased_variance(self) -> float:
        """Variance (or covariance) of the means, unbiased; may be negative."""
        return float(np.dot(self.moments, self.coefficients))

    @property
    def mle_variance(self) -> float:
        """Variance (or covariance) from the biased moments."""
        return float(np.dot(self.biased, self.coefficients))


def product_moments(first: tuple[Array, Array], second: tuple[Array, Array], axes: tuple[str, ...]) -> Moments:
    """Moments of two tables of kernels.

    Args:
        first: (values, weights) of one modality, [reader, …cases].
        second: Those of the other, same shape.
        axes: Their names, reader first.

    Raises:
        StatisticsError: no two kernels are of different readers and different cases.
    """
    subsets = _subsets(len(axes))
    numerators = {s: _shared_sum(first[0], second[0], s) for s in subsets}
    pairs = {s: _shared_sum(first[1], second[1], s) for s in subsets}
    exact_numerators, exact_pairs = _exactly(numerators), _exactly(pairs)
    if exact_pairs[frozenset()] <= 0:
        raise StatisticsError(
            "the variance over readers and cases needs at least two readers and two cases of each class"
        )
    whole = pairs[frozenset()]
    coefficients = [exact_pairs[s] / whole for s in subsets]
    coefficients[-1] -= 1
    return Moments(
        shared=tuple(tuple(axes[k] for k in sorted(s)) for s in subsets),
        moments=tuple(exact_numerators[s] / exact_pairs[s] if exact_pairs[s] > 0.5 else 0.0 for s in subsets),
        biased=tuple(numerators[s] / pairs[s] if pairs[s] > 0 else 0.0 for s in subsets),
        coefficients=tuple(coefficients),
    )


def crossed_coefficients(sizes: tuple[int, ...]) -> tuple[float, ...]:
    """Coefficients of a fully crossed study of other sizes (readers, then cases), in the order of ``Moments``."""
    whole = float(np.prod(np.array(sizes, float)))
    terms = [
        float(np.prod([1.0 if axis in s else size - 1.0 for axis, size in enumerate(sizes)])) / whole
        for s in _subsets(len(sizes))
    ]
    terms[-1] -= 1
    return tuple(terms)


def _subsets(count: int) -> list[Shared]:
    """All subsets of the axes, iMRMC's order: by reader, then the cases with positive before negative alone."""
    every = [frozenset(s) for size in range(count, -1, -1) for s in combinations(range(count), size)]
    return sorted(every, key=lambda s: (0 not in s, -len(s), -sum(s)))


def _shared_sum(a: Array, b: Array, shared: Shared) -> float:
    others = tuple(axis for axis in range(a.ndim) if axis not in shared)
    return float((a.sum(others) * b.sum(others)).sum())


def _exactly(at_least: dict[Shared, float]) -> dict[Shared, float]:
    return {
        s: sum((-1) ** (len(larger) - len(s)) * value for larger, value in at_least.items() if s <= larger)
        for s in at_least
    }
