"""How many readers and cases a study of several readers needs, from the components of a pilot.

Hillis, Obuchowski and Berbaum 2011 Acad Radiol 18:129: components between readers stay, covariances over
cases shrink with their number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy import stats

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.mrmc_covariance import JACKKNIFE, case_covariance
from cxr_studio.studies.statistics.mrmc_kernels import Kernels
from cxr_studio.studies.statistics.mrmc_obuchowski_rockette import components

FEWEST_DF = 1.0


@dataclass(frozen=True)
class Pilot:
    """What sizing needs of a pilot.

    ``reader`` is the variance between readers that more cases do not remove: of the difference between two
    modalities (per reader, halved) or of one modality. ``alone`` is the variance over cases that every
    reader has to itself, ``together`` the part that all readers share, for ``cases`` cases.

    Attributes:
        difference: A difference of two modalities is sized, not one modality against chance.
    """

    reader: float
    alone: float
    together: float
    cases: int
    difference: bool


@dataclass(frozen=True)
class Sized:
    """One cell of the plan: readers × cases, standard error, degrees of freedom, power."""

    readers: int
    cases: int
    standard_error: float
    df: float
    power: float


def pilot_of(kernels: Kernels, *, covariance: str = JACKKNIFE) -> Pilot:
    """Components of a fully crossed pilot: of the difference if it has two or more modalities.

    Negative components count as 0.

    Raises:
        StatisticsError: fewer than two readers, or the pilot is not fully crossed.
    """
    if len(kernels.readers) < 2:
        raise StatisticsError("a pilot needs at least two readers")
    found = components(kernels.per_reader, case_covariance(kernels, covariance))
    cases = sum(size for axis, size in kernels.sizes.items() if axis != "reader")
    if len(kernels.modalities) == 1:
        together = max(found.cov2, 0.0)
        return Pilot(max(found.var_r, 0.0), found.var - together, together, cases, difference=False)
    together = max(found.cov2 - found.cov3, 0.0)
    reader = found.ms_tr - found.var + found.cov1 + together
    return Pilot(max(reader, 0.0), max(found.var - found.cov1 - together, 0.0), together, cases, difference=True)


def planned(pilot: Pilot, effect: float, *, readers: int, cases: int, alpha: float = 0.05) -> Sized:
    """Power of the two-sided F test for ``effect`` (a difference, or a distance from chance).

    Raises:
        StatisticsError: fewer than two readers, or no effect.
    """
    if readers < 2 or cases < 4 or effect == 0:
        raise StatisticsError("a plan needs at least two readers, four cases and an effect other than 0")
    shrink = pilot.cases / cases
    own = pilot.reader + shrink * pilot.alone
    whole = own + readers * shrink * pilot.together
    variance = (2 if pilot.difference else 1) * whole / readers
    df = max(float((readers - 1) * whole**2 / own**2), FEWEST_DF) if own > 0 else 1e6
    if variance <= 0:
        raise StatisticsError("the pilot has no variation, so nothing can be planned from it")
    limit = stats.f.isf(alpha, 1, df)
    power = float(stats.ncf.sf(limit, 1, df, effect**2 / variance))
    return Sized(readers, cases, sqrt(variance), df, power if np.isfinite(power) else 1.0)


def power_table(
    pilot: Pilot, effect: float, *, readers: Iterable[int], cases: Iterable[int], alpha: float = 0.05
) -> list[Sized]:
    """Every combination, by readers and then cases."""
    columns = list(cases)
    return [planned(pilot, effect, readers=r, cases=c, alpha=alpha) for r in readers for c in columns]


def cases_needed(pilot: Pilot, effect: float, *, readers: int, power: float = 0.8, alpha: float = 0.05) -> Sized | None:
    """Fewest cases with ``power``, or None when even 100 000 are not enough for so few readers."""
    low, high = 3, 100_000
    if planned(pilot, effect, readers=readers, cases=high, alpha=alpha).power < power:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if planned(pilot, effect, readers=readers, cases=middle, alpha=alpha).power >= power:
            high = middle
        else:
            low = middle
    return planned(pilot, effect, readers=readers, cases=high, alpha=alpha)
