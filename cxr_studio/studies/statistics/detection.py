"""Real-or-fake (yes–no) studies: sensitivity, specificity, d′, criterion, and the area under the ROC curve.

Positive is "fake". A hit is a fake called fake, a correct rejection a real image called real.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import fisher_exact, norm, rankdata

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.proportions import CONFIDENCE, Interval, clopper_pearson


@dataclass(frozen=True)
class Rate:
    """``count`` of ``total`` with its Clopper–Pearson interval."""

    count: int
    total: int
    value: float
    interval: Interval


@dataclass(frozen=True)
class Detection:
    """Sensitivity and specificity of one reader, and the equal-variance signal-detection measures.

    d′ = z(H) − z(F), c = −(z(H) + z(F))/2, ln β = (z(F)² − z(H)²)/2; None when a rate is 0 or 1. The
    log-linear values use (x + 0.5)/(n + 1) in both rates, always, and are never missing. ``p_value`` is the
    two-sided P of Fisher's exact test of answers against truth; unlike percent correct against one half it holds for
    any share of fakes and any preference for one answer.
    """

    sensitivity: Rate
    specificity: Rate
    d_prime: float | None
    criterion: float | None
    ln_beta: float | None
    d_prime_log_linear: float
    criterion_log_linear: float
    p_value: float


@dataclass(frozen=True)
class Cell:
    """Correct answers of one reader on one pathology from one source."""

    pathology: str
    source: str
    reader: str
    rate: Rate


def rate(count: int, total: int, *, confidence: float = CONFIDENCE) -> Rate:
    """A count with its exact interval.

    Raises:
        StatisticsError: ``total`` is 0, or less than ``count``.
    """
    return Rate(count, total, count / max(total, 1), clopper_pearson(count, total, confidence=confidence))


def detection(hits: tuple[int, int], rejections: tuple[int, int], *, confidence: float = CONFIDENCE) -> Detection:
    """Measures from (hits, fakes) and (correct rejections, reals).

    Raises:
        StatisticsError: there are no fakes or no reals.
    """
    (hit, fakes), (rejected, reals) = hits, rejections
    if not (fakes and reals):
        raise StatisticsError("sensitivity and specificity need fake and real images")
    false_alarms = reals - rejected
    z_hit, z_false = (float(norm.ppf(x)) for x in (hit / fakes, false_alarms / reals))
    usable = bool(np.isfinite([z_hit, z_false]).all())
    l_hit, l_false = (float(norm.ppf(x)) for x in ((hit + 0.5) / (fakes + 1), (false_alarms + 0.5) / (reals + 1)))
    return Detection(
        sensitivity=rate(hit, fakes, confidence=confidence),
        specificity=rate(rejected, reals, confidence=confidence),
        d_prime=z_hit - z_false if usable else None,
        criterion=-(z_hit + z_false) / 2 if usable else None,
        ln_beta=(z_false**2 - z_hit**2) / 2 if usable else None,
        d_prime_log_linear=l_hit - l_false,
        criterion_log_linear=-(l_hit + l_false) / 2,
        p_value=float(fisher_exact([[hit, fakes - hit], [false_alarms, rejected]]).pvalue),
    )


def empirical_auc(scores: Sequence[float], fake: Sequence[bool]) -> float:
    """Share of (real, fake) pairs in which the fake has the higher score, ties counted half.

    Args:
        scores: Higher means more certainly fake.
        fake: The truth, as long as ``scores``.

    Raises:
        StatisticsError: there are no fakes or no reals.
    """
    truth = np.asarray(fake, bool)
    positive, negative = int(truth.sum()), int((~truth).sum())
    if not (positive and negative):
        raise StatisticsError("the area under the ROC curve needs fake and real images")
    ranks = rankdata(np.asarray(scores, float))
    return float((ranks[truth].sum() - positive * (positive + 1) / 2) / (positive * negative))


def roc_points(scores: Sequence[float], fake: Sequence[bool]) -> list[tuple[float, float]]:
    """(false-positive rate, sensitivity) at every threshold, from (0, 0) to (1, 1)."""
    truth, values = np.asarray(fake, bool), np.asarray(scores, float)
    cuts = np.unique(values)[::-1]
    points = [(float((values[~truth] >= cut).mean()), float((values[truth] >= cut).mean())) for cut in cuts]
    return [(0.0, 0.0), *points]


def signed_confidence(response_fake: bool, confidence: float | None) -> float:
    """One scale from a decision and its confidence: real and certain … fake and certain."""
    size = 1.0 if confidence is None else float(confidence)
    return size if response_fake else -size


def by_pathology(answers: Iterable[tuple[str, str, str, bool]], *, first: Sequence[str] = ()) -> list[Cell]:
    """Correct answers of each pathology × source × reader, in alphabetical order.

    Args:
        answers: (pathology, source, reader, correct).
        first: Pathologies that stand first, in their order.
    """
    place = {name: number for number, name in enumerate(first)}
    counts: dict[tuple[str, str, str], list[int]] = {}
    for pathology, source, reader, correct in answers:
        cell = counts.setdefault((pathology, source, reader), [0, 0])
        cell[0] += bool(correct)
        cell[1] += 1
    order = sorted(counts, key=lambda key: (place.get(key[0], len(place)), key))
    return [Cell(*key, rate(*counts[key])) for key in order]
