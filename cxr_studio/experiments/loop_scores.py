"""What the loop came to: every row tested on the real nodules of all held-out folds, pooled, and by fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cxr_studio.datasets.entries import Manifest
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.matching import Matching, match
from cxr_studio.detection.scores import (
    CPM,
    NODE21_FROC,
    NODE21_ROC,
    ROC_AREA,
    area_name,
    resampled,
    sensitivity_name,
)
from cxr_studio.experiments.hard_examples import Loop, rows_of
from cxr_studio.experiments.looking import FOUND, answers
from cxr_studio.experiments.parts import START
from cxr_studio.metrics.by_patient import RESAMPLES, Estimate, Values, estimate

FROC_AREA = area_name(1.0)
FIGURES = (FROC_AREA, ROC_AREA, NODE21_FROC, NODE21_ROC, CPM, sensitivity_name(0.25), sensitivity_name(1.0))
"""In the order of the tables."""

LEAST_RESAMPLES = 2
"""Of a fold, whose interval nobody reads."""


@dataclass(frozen=True, eq=False)
class Row:
    """One row.

    Attributes:
        name: In folders.
        title: In tables.
        matching: On all folds, each by its own detector.
        values: Figures in the sample and in resamples of its patients, by name.
        by_fold: Figures of each fold, by name.
    """

    name: str
    title: str
    matching: Matching
    values: Mapping[str, Values]
    by_fold: Mapping[str, Values]

    def figure(self, name: str) -> Estimate:
        """A figure with its interval by patient."""
        return estimate(self.values[name])

    def less(self, other: Row, name: str) -> Estimate:
        """By how much it is higher than another row's, patients resampled together."""
        return estimate(self.values[name] - other.values[name])

    def over_folds(self, name: str) -> tuple[float, float]:
        """Mean and standard deviation over the folds, as the paper prints them."""
        own = self.by_fold[name][np.isfinite(self.by_fold[name])]
        if not len(own):
            return float("nan"), float("nan")
        return float(own.mean()), float(own.std(ddof=1)) if len(own) > 1 else float("nan")


def score_loop(loop: Loop, *, resamples: int = RESAMPLES) -> list[Row]:
    """The rows that every fold has tested, the start detector's first."""
    rows = []
    for name, title in [(START, "start detector, not fine-tuned"), *rows_of(loop.experiment)]:
        folders = [loop.tested(fold, name) for fold in range(loop.experiment.folds)]
        if not all((folder / FOUND).is_file() for folder in folders):
            continue
        found = []
        for fold, folder in enumerate(folders):
            held = loop.sets.held_out(fold)
            found.append((held, answers(folder, loop.sets.test if name == START else held, held)))
        rows.append(_row(name, title, loop.sets.test, found, resamples=resamples))
    return rows


def _row(
    name: str, title: str, test: Manifest, found: Sequence[tuple[Manifest, list[Detection]]], *, resamples: int
) -> Row:
    matching = match(test, [one for _, some in found for one in some])
    single = [resampled(match(held, some), resamples=LEAST_RESAMPLES) for held, some in found]
    by_fold = {figure: np.array([values[figure][0] for values in single]) for figure in single[0]}
    return Row(name, title, matching, resampled(matching, resamples=resamples), by_fold)
