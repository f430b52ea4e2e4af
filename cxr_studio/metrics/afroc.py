"""Jackknife FROC (JAFROC): two detectors on the same images, by the area under the alternative FROC curve.

Chakraborty & Berbaum 2004: the figure of merit is how often a lesion is rated above the highest false positive of an
image without lesions; leaving out one case at a time gives its spread. Here a case is a patient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxr_studio.metrics.by_patient import Values
from cxr_studio.metrics.froc import Matched, rank_area


@dataclass(frozen=True)
class Jackknifed:
    """A figure, or a difference of two, with the interval of the delete-one-patient jackknife.

    Attributes:
        value: Of all patients.
        low: Lower end of the 95 % interval (Student's t).
        high: Its upper end.
        p: Two-sided, against 0; 1 where nothing varies and the value is 0.
    """

    value: float
    low: float
    high: float
    p: float


def afroc_area(matched: Matched, counts: Values, *, weighted: bool = True) -> Values:
    """Area under the AFROC curve, RJafroc's ``wAFROC``; ``wAFROC1`` where every image has a lesion. ``[R]``.

    Args:
        matched: Further hits of a lesion left out.
        counts: ``[R, images]``, how often every image counts.
        weighted: Lesions of one image share its weight (wAFROC), or every lesion counts alike (AFROC).
    """
    number = np.bincount(matched.lesion_image, minlength=matched.images)
    weight = counts[:, matched.lesion_image] / (number[matched.lesion_image] if weighted else 1)
    normal = number == 0 if (number == 0).any() else number > 0
    best = matched.best(false_only=True)
    return rank_area(matched.ratings(), best[normal], (weight, counts[:, normal]))


def left_out(patients: Sequence[str]) -> Values:
    """Weights of the rows: all, and then without each patient in turn. ``[patients + 1, rows]``."""
    names, index = np.unique(np.asarray(patients), return_inverse=True)
    return np.vstack([np.ones(len(index)), index[None] != np.arange(len(names))[:, None]]).astype(np.float64)


def jackknifed_figure(values: Values) -> Jackknifed:
    """Sum up a figure of all patients and without each in turn, as ``left_out`` orders them.

    Returns:
        NaN ends with fewer than two patients, or where leaving one out leaves nothing to measure.
    """
    from scipy.stats import t

    whole, without = float(values[0]), values[1:]
    count = len(without)
    if count < 2 or not np.isfinite(values).all():
        return Jackknifed(whole, float("nan"), float("nan"), float("nan"))
    pseudo = count * whole - (count - 1) * without
    error = float(pseudo.std(ddof=1) / np.sqrt(count))
    if error == 0:
        return Jackknifed(whole, whole, whole, 1.0 if whole == 0 else 0.0)
    reach = float(t.ppf(0.975, count - 1)) * error
    return Jackknifed(whole, whole - reach, whole + reach, float(2 * t.sf(abs(whole) / error, count - 1)))
