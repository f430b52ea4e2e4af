"""Kernels whose mean is the figure of merit: pairs for an AUC, single cases for a proportion or a mean score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.observations import Array, ReadingStudy

AUC = "AUC"
PERCENT_CORRECT = "percent correct"
SENSITIVITY = "sensitivity"
SPECIFICITY = "specificity"
MEAN_SCORE = "mean score"


@dataclass(frozen=True)
class Kernels:
    """A figure of merit spelt out over readers and cases.

    Attributes:
        endpoint: Its name.
        modalities, readers: Names of the first two axes.
        axes: Names of the axes after the modality: reader and negative and positive case, or reader and case.
        values: float64 [modality, reader, negative, positive] or [modality, reader, case]; 0 where missing.
        weights: 1 where there is a value, 0 where a reader did not read; same shape.
        chance: The value under no ability, against which a single modality is tested.
        lacking: Sentences on readers who have no figure of merit in a modality, and why.
    """

    endpoint: str
    modalities: tuple[str, ...]
    readers: tuple[str, ...]
    axes: tuple[str, ...]
    values: Array
    weights: Array
    chance: float
    lacking: tuple[str, ...] = ()

    @property
    def fully_crossed(self) -> bool:
        """Every reader read every case in every modality."""
        return bool((self.weights == 1).all())

    @property
    def per_reader(self) -> Array:
        """Figure of merit [modality, reader]; NaN where a reader has no usable case."""
        inner = tuple(range(2, self.values.ndim))
        counted = self.weights.sum(inner)
        empty = np.full(counted.shape, np.nan)
        return np.asarray(np.divide(self.values.sum(inner), counted, out=empty, where=counted > 0))

    @property
    def means(self) -> Array:
        """Figure of merit [modality] over readers and cases, each kernel value with the same weight."""
        whole = tuple(range(1, self.values.ndim))
        return np.asarray(self.values.sum(whole) / self.weights.sum(whole))

    @property
    def sizes(self) -> dict[str, int]:
        """Axis → how many."""
        return dict(zip(self.axes, self.values.shape[1:], strict=True))


def auc_kernels(study: ReadingStudy) -> Kernels:
    """1, ½ or 0 for each reader, negative and positive case (Wilcoxon).

    Raises:
        StatisticsError: fewer than two cases of a class, or a modality without a usable pair.
    """
    below, above = study.scores(study.cases(0)), study.scores(study.cases(1))
    if min(below.shape[2], above.shape[2]) < 2:
        raise StatisticsError(
            "an AUC needs at least two cases without and two with a signal, and there are "
            f"{below.shape[2]} without and {above.shape[2]} with",
            remedy="Give --binary-threshold to analyse proportions instead",
        )
    x, y = below[:, :, :, None], above[:, :, None, :]
    weights = (np.isfinite(x) & np.isfinite(y)).astype(float)
    values = np.where(weights > 0, (y > x) + 0.5 * (y == x), 0.0)
    lacking = _lacking(study, {"negative": below, "positive": above})
    kernels = _kernels(study, AUC, ("reader", "negative", "positive"), (values, weights), chance=0.5)
    return replace(kernels, lacking=lacking)


def binary_kernels(study: ReadingStudy, threshold: float, *, endpoint: str = PERCENT_CORRECT) -> Kernels:
    """1 or 0 for each reader and case: is the call "score > threshold" right?

    Args:
        study: What was read.
        threshold: A score above it is a call of "signal present"; one equal to it is not, as in iMRMC.
        endpoint: ``PERCENT_CORRECT`` over all cases, ``SENSITIVITY`` or ``SPECIFICITY``.

    Raises:
        StatisticsError: fewer than two cases count.
    """
    cases = {SENSITIVITY: study.cases(1), SPECIFICITY: study.cases(0)}.get(endpoint, study.cases(0) + study.cases(1))
    truth = np.array([study.truth[case] for case in cases])
    scores = study.scores(cases)
    weights = np.isfinite(scores).astype(float)
    values = np.where(weights > 0, (scores > threshold) == (truth == 1), 0.0).astype(float)
    kind = {SENSITIVITY: "positive", SPECIFICITY: "negative"}.get(endpoint, "")
    kernels = _kernels(study, endpoint, ("reader", "case"), (values, weights), chance=0.5)
    return replace(kernels, lacking=_lacking(study, {kind: scores}))


def score_kernels(study: ReadingStudy, *, truth: int = 1, endpoint: str = MEAN_SCORE, chance: float = 0.0) -> Kernels:
    """The scores themselves on the cases of one truth: mean score, or percent correct when scores are 0, ½, 1.

    Raises:
        StatisticsError: fewer than two cases count.
    """
    scores = study.scores(study.cases(truth))
    weights = np.isfinite(scores).astype(float)
    tables = np.nan_to_num(scores, nan=0.0), weights
    kernels = _kernels(study, endpoint, ("reader", "case"), tables, chance=chance)
    return replace(kernels, lacking=_lacking(study, {"": scores}))


def _lacking(study: ReadingStudy, classes: Mapping[str, Array]) -> tuple[str, ...]:
    """Sentences on readers without a case of a class in a modality.

    Raises:
        StatisticsError: no reader has one.
    """
    found = []
    for plane, modality in enumerate(study.modalities):
        for kind, scores in classes.items():
            case = f"{kind} case".lstrip()
            has = np.isfinite(scores[plane]).any(axis=1)
            if not has.any():
                raise StatisticsError(f"no reader has a score of a {case} in modality {modality}")
            names = [name for name, present in zip(study.readers, has, strict=True) if not present]
            if names:
                who = f"reader {names[0]} has" if len(names) == 1 else f"readers {', '.join(names)} have"
                found.append(f"In modality {modality} {who} no score of a {case}, and so no figure of merit.")
    return tuple(found)


def _kernels(
    study: ReadingStudy, endpoint: str, axes: tuple[str, ...], tables: tuple[Array, Array], *, chance: float
) -> Kernels:
    values, weights = tables
    if min(values.shape[2:]) < 2:
        raise StatisticsError(f"{endpoint} needs at least two cases")
    for name, plane in zip(study.modalities, weights, strict=True):
        if not plane.any():
            raise StatisticsError(f"no reader has usable cases in modality {name}")
    return Kernels(endpoint, study.modalities, study.readers, axes, values, weights, chance)
