"""Subtlety from 1 to 5, the scale of LIDC-IDRI and JSRT, by how well real nodules stand out.

No nodule here comes with a radiologist's grade, so the grades are fifths of real nodules by conspicuity: a drawn nodule
of grade 2 stands out as much as those real ones that 20 to 40 % of all stand out less than. Readers who grade by eye
need not agree, and do not use the five grades equally often.
"""

from __future__ import annotations

from bisect import bisect_right
from math import isnan

GRADES = {
    1: "extremely subtle",
    2: "moderately subtle",
    3: "fairly subtle",
    4: "moderately obvious",
    5: "obvious",
}
"""The words of LIDC-IDRI (McNitt-Gray et al. 2007)."""

LIMITS = (1.30, 2.00, 2.37, 2.90)
"""Conspicuity at 20, 40, 60 and 80 % of 67 real nodules of ChestX-ray14 (``conspicuity``, fitted with
``measuring.measure``); tests/benchmarks/bench_subtlety.py computes it again."""

AIMS = (0.86, 1.60, 2.20, 2.61, 3.58)
"""Conspicuity that is aimed at for each grade: the median of its real ones (10, 30, 50, 70 and 90 % of all)."""


def grade_of(conspicuity: float) -> int | None:
    """Grade of a nodule that stands out by so much; None where it could not be measured."""
    return None if isnan(conspicuity) else 1 + bisect_right(LIMITS, conspicuity)


def aim_of(grade: int) -> float:
    """Conspicuity that a nodule of a grade is drawn for."""
    return AIMS[grade - 1]
