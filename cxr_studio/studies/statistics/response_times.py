"""Response times: medians and quartiles; nothing is trimmed silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class ResponseTimes:
    """Times from the painted image to the key, in milliseconds.

    Attributes:
        count: Answers with a time.
        geometric_mean: exp of the mean log.
        over_cap: Answers slower than ``cap``; they stay in every other figure.
        median_correct, median_wrong: None when there are none.
        p_correct: Mann–Whitney two-sided P of correct against wrong.
    """

    count: int
    median: float
    quartiles: tuple[float, float]
    geometric_mean: float
    cap: float
    over_cap: int
    median_correct: float | None
    median_wrong: float | None
    p_correct: float | None


def response_times(
    times_ms: Sequence[float | None], correct: Sequence[bool], *, cap: float = 60_000.0
) -> ResponseTimes | None:
    """Summary of one reader's times, or None when none was kept."""
    known = [(t, c) for t, c in zip(times_ms, correct, strict=True) if t is not None and t > 0]
    if not known:
        return None
    times = np.array([t for t, _ in known])
    right = np.array([c for _, c in known], bool)
    both = right.any() and not right.all()
    return ResponseTimes(
        count=len(times),
        median=float(np.median(times)),
        quartiles=(float(np.percentile(times, 25)), float(np.percentile(times, 75))),
        geometric_mean=float(np.exp(np.log(times).mean())),
        cap=cap,
        over_cap=int((times > cap).sum()),
        median_correct=float(np.median(times[right])) if right.any() else None,
        median_wrong=float(np.median(times[~right])) if not right.all() else None,
        p_correct=float(stats.mannwhitneyu(times[right], times[~right]).pvalue) if both else None,
    )
