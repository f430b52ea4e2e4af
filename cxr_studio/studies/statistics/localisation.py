"""Localisation (LROC): how often a change is found and also marked in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxr_studio.studies.statistics import outcome as o
from cxr_studio.studies.statistics.detection import signed_confidence
from cxr_studio.studies.statistics.proportions import CONFIDENCE, Interval, clopper_pearson, wilson


@dataclass(frozen=True)
class Localisation:
    """One reader's marks.

    Attributes:
        located: Right answers whose mark lies on the change.
        right: Right answers on changed images (of pairs: all right answers).
        changed: Changed images, or pairs, that were answered.
        marked: Answers of them with a mark.
        exact: Clopper–Pearson interval of ``located`` of ``changed``.
        wilson: Wilson interval of the same.
        area: Area under the empirical LROC curve; None for pairs, or without real images.
    """

    located: int
    right: int
    changed: int
    marked: int
    exact: Interval
    wilson: Interval
    area: float | None

    @property
    def value(self) -> float:
        """Proportion correctly localised."""
        return self.located / self.changed


def localisation(answers: Sequence[o.Answer], *, confidence: float = CONFIDENCE) -> Localisation | None:
    """Of one reader's main answers; None where no changed image was answered or none was marked.

    Args:
        answers: With ``mark_hit`` True, False, or None without a mark.
        confidence: Of the intervals.
    """
    changed = [a for a in answers if a.truth != o.REAL]
    marked = sum(a.mark_hit is not None for a in changed)
    if not marked:
        return None
    located = sum(a.correct and a.mark_hit is True for a in changed)
    reals = [a for a in answers if a.truth == o.REAL]
    return Localisation(
        located,
        sum(a.correct for a in changed),
        len(changed),
        marked,
        clopper_pearson(located, len(changed), confidence=confidence),
        wilson(located, len(changed), confidence=confidence),
        lroc_area(changed, reals) if reals else None,
    )


def lroc_area(changed: Sequence[o.Answer], reals: Sequence[o.Answer]) -> float:
    """Area under the empirical LROC curve.

    The mean over all pairs of a changed and a real image of 1 where the changed one is rated higher and marked in its
    place, ½ where both are rated alike and it is marked in its place, else 0 (Swensson 1996).
    """
    kernel = [
        [_wins(_rating(a), _rating(b)) if a.mark_hit is True and a.response == o.FAKE else 0.0 for b in reals]
        for a in changed
    ]
    return float(np.mean(kernel))


def _rating(answer: o.Answer) -> float:
    return signed_confidence(answer.response == o.FAKE, answer.confidence)


def _wins(first: float, second: float) -> float:
    return 1.0 if first > second else 0.5 if first == second else 0.0
