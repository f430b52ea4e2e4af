"""Correcting p values for how many comparisons were made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def holm(values: Sequence[float]) -> list[float]:
    """Adjusted p values (Holm 1979), in the order given: the share of families with a false rejection stays below them.

    Args:
        values: Of one family; NaN ones are no comparisons and stay NaN.
    """
    raw = np.asarray(values, np.float64)
    adjusted = np.full(raw.shape, np.nan)
    known = np.flatnonzero(np.isfinite(raw))
    order = known[np.argsort(raw[known], kind="stable")]
    steps = raw[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return [float(value) for value in adjusted]
