"""FROC curves of matched detections, in a sample and in resamples of its patients at once.

A resample is a row of weights: how often every image counts (``by_patient.patient_counts``). The first row is the
sample itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.metrics.by_patient import Values

RATES = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""False positives an image at which sensitivity is stated; their mean is the competition performance metric (CPM,
van Ginneken et al. 2010)."""

FALSE = -1
"""Lesion of a detection that hits none."""

BLOCK = 4_000_000
"""Weights that are looked at together: they take 32 MB."""

RECALLS = np.linspace(0, 1, 101)
"""Recalls at which COCO reads precision."""


@dataclass(frozen=True, eq=False)
class Matched:
    """Detections of a set of images, each with the lesion that it hits.

    Attributes:
        score: ``float64 [N]``, higher is surer.
        image: ``int64 [N]``, number of the image, from 0.
        lesion: ``int64 [N]``, number of the lesion, from 0, no lesion twice; ``FALSE`` for a false positive.
        lesion_image: ``int64 [L]``, the image that each lesion is in.
        images: How many there are, those without detections included.
    """

    score: Values
    image: NDArray[np.int64]
    lesion: NDArray[np.int64]
    lesion_image: NDArray[np.int64]
    images: int

    @property
    def positive(self) -> NDArray[np.bool_]:
        """``bool [images]``, True for an image with a lesion."""
        return np.asarray(np.bincount(self.lesion_image, minlength=self.images) > 0)

    def best(self, *, false_only: bool = False) -> Values:
        """Highest score of every image, or that of its false positives; -inf where there is none. ``[images]``."""
        found = np.full(self.images, -np.inf)
        chosen = self.lesion == FALSE if false_only else np.ones(len(self.score), bool)
        np.maximum.at(found, self.image[chosen], self.score[chosen])
        return found

    def ratings(self) -> Values:
        """Score with which every lesion was found, -inf for a missed one. ``[L]``."""
        found = np.full(len(self.lesion_image), -np.inf)
        hit = self.lesion != FALSE
        found[self.lesion[hit]] = self.score[hit]
        return found


@dataclass(frozen=True, eq=False)
class Curves:
    """Points of FROC curves, from (0, 0) on, with falling threshold; equal scores make one point.

    Attributes:
        false: ``float64 [R, P]``, false positives an image.
        found: ``float64 [R, P]``, share of the lesions that were found; NaN where a resample has none.
        threshold: ``float64 [P]``, least score that counts; inf first.
    """

    false: Values
    found: Values
    threshold: Values

    def sensitivity(self, rate: float) -> Values:
        """Share found at a rate of false positives an image, linear between points, level behind the last. ``[R]``."""
        at = (self.false <= rate).sum(axis=1) - 1
        behind = np.minimum(at + 1, self.false.shape[1] - 1)
        rows = np.arange(len(at))
        low, high = self.false[rows, at], self.false[rows, behind]
        step = np.divide(rate - low, high - low, out=np.zeros_like(low), where=high > low)
        return np.asarray(self.found[rows, at] + step * (self.found[rows, behind] - self.found[rows, at]))

    def area(self, limit: float) -> Values:
        """Area from 0 to ``limit`` false positives an image over ``limit``: the mean sensitivity, 0 to 1. ``[R]``."""
        end = self.sensitivity(limit)
        x = np.minimum(self.false, limit)
        y = np.where(self.false <= limit, self.found, end[:, None])
        within = (np.diff(x, axis=1) * (y[:, 1:] + y[:, :-1]) / 2).sum(axis=1)
        return np.asarray((within + (limit - x[:, -1]) * y[:, -1]) / limit)

    def threshold_at(self, rate: float) -> float:
        """Least threshold of the sample at which there are at most ``rate`` false positives an image."""
        return float(self.threshold[(self.false[0] <= rate).sum() - 1])


def curves(matched: Matched, counts: Values) -> Curves:
    """FROC curves of resamples; see ``in_blocks`` for many of them.

    Args:
        matched: The detections.
        counts: ``[R, images]``, how often every image counts.
    """
    order = np.argsort(-matched.score, kind="stable")
    score, image, hit = matched.score[order], matched.image[order], matched.lesion[order] != FALSE
    ends = np.flatnonzero(np.append(np.diff(score) != 0, True)) if len(score) else np.zeros(0, int)
    weights = counts[:, image]
    lesions, images = counts[:, matched.lesion_image].sum(axis=1), counts.sum(axis=1)
    found = _shares(np.cumsum(weights * hit, axis=1)[:, ends], lesions)
    false = _shares(np.cumsum(weights * ~hit, axis=1)[:, ends], images)
    start = np.zeros((len(counts), 1))
    first = np.where(lesions > 0, 0.0, np.nan)[:, None]
    return Curves(np.hstack([start, false]), np.hstack([first, found]), np.append(np.inf, score[ends]))


def in_blocks(matched: Matched, counts: Values) -> Iterator[Curves]:
    """The curves of all resamples, as many at a time as ``BLOCK`` allows."""
    step = max(1, BLOCK // max(1, len(matched.score)))
    for start in range(0, len(counts), step):
        yield curves(matched, counts[start : start + step])


def sensitivities(matched: Matched, counts: Values, rates: Sequence[float]) -> Values:
    """Share found at rates of false positives an image. ``[R, rates]``."""
    return np.vstack([np.stack([some.sensitivity(f) for f in rates], axis=1) for some in in_blocks(matched, counts)])


def areas(matched: Matched, counts: Values, limits: Sequence[float]) -> Values:
    """Mean sensitivity up to limits of false positives an image. ``[R, limits]``."""
    return np.vstack([np.stack([some.area(f) for f in limits], axis=1) for some in in_blocks(matched, counts)])


def average_precision(matched: Matched, counts: Values) -> Values:
    """COCO's average precision: mean over 101 recalls of the best precision at that recall or above. ``[R]``.

    Args:
        matched: Further hits of a lesion must count as false positives here, as they do for COCO.
        counts: As for ``curves``.
    """
    found: list[float] = []
    for some in in_blocks(matched, counts):
        own = counts[len(found) : len(found) + len(some.found)]
        hits = some.found[:, 1:] * own[:, matched.lesion_image].sum(axis=1)[:, None]
        answers = hits + some.false[:, 1:] * own.sum(axis=1)[:, None]
        precision = np.divide(hits, answers, out=np.zeros_like(hits), where=answers > 0)
        best = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
        found += [_mean_precision(*row) for row in zip(some.found, best, strict=True)]
    return np.array(found)


def _mean_precision(recall: Values, best: Values) -> float:
    """Of one curve: recall from its point (0, 0) on, and the best precision from every later point on."""
    if np.isnan(recall[0]):
        return float("nan")
    return float(np.append(best, 0.0)[np.searchsorted(recall[1:], RECALLS - 1e-12)].mean())


def rank_area(positive: Values, negative: Values, weights: tuple[Values, Values]) -> Values:
    """Area under the ROC curve: how often a positive is rated above a negative, ties count half. ``[R]``.

    Args:
        positive: ``[P]``, -inf for what was not rated.
        negative: ``[N]``, likewise.
        weights: ``[R, P]`` and ``[R, N]``, how much each counts.

    Returns:
        NaN where either counts for nothing.
    """
    values = np.concatenate([positive, negative])
    if not len(positive) or not len(negative):
        return np.full(len(weights[0]), np.nan)
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    starts = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))
    whole, rated = np.hstack(weights)[:, order], order < len(positive)
    above, below = (np.add.reduceat(whole * kind, starts, axis=1) for kind in (rated, ~rated))
    wins = (above * (np.cumsum(below, axis=1) - below / 2)).sum(axis=1)
    total = weights[0].sum(axis=1) * weights[1].sum(axis=1)
    return np.asarray(np.divide(wins, total, out=np.full(len(wins), np.nan), where=total > 0))


def image_area(matched: Matched, counts: Values) -> Values:
    """Area under the ROC curve of images, rated by their highest score: with a lesion against without. ``[R]``."""
    ill, best = matched.positive, matched.best()
    return rank_area(best[ill], best[~ill], (counts[:, ill], counts[:, ~ill]))


def _shares(numerator: Values, denominator: Values) -> Values:
    whole = np.broadcast_to(denominator[:, None], numerator.shape)
    return np.asarray(np.divide(numerator, whole, out=np.full(numerator.shape, np.nan), where=whole > 0))
