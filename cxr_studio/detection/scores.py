"""Figures of a detector, and of two on the same images, with intervals by patient."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from cxr_studio.detection.matching import Matching
from cxr_studio.errors import StatisticsError
from cxr_studio.metrics.afroc import Jackknifed, afroc_area, jackknifed_figure, left_out
from cxr_studio.metrics.by_patient import RESAMPLES, Estimate, Values, estimate, patient_counts
from cxr_studio.metrics.froc import RATES, areas, average_precision, image_area, sensitivities

AREA_LIMITS = (1.0, 8.0)
"""False positives an image up to which the area under the FROC curve is taken."""

ROC_SHARE = 0.75
"""Share of the area in NODE21's score; the rest is sensitivity at ``NODE21_RATE``."""

NODE21_RATE = 0.25

ROC_AREA, CPM, PRECISION, AFROC = "ROC area of images", "CPM", "average precision", "wAFROC area"
NODE21_ROC, NODE21_FROC = "NODE21 score (AUC: ROC of images)", "NODE21 score (AUC: FROC to 1)"
"""NODE21 takes the AUC from the ROC curve of images; Shen et al. say FROC, so both readings are stated."""


@dataclass(frozen=True)
class Scores:
    """What a detector came to.

    Attributes:
        images: Radiographs.
        positive: Of them with a finding.
        lesions: Findings.
        patients: Patients, which intervals resample.
        detections: Boxes that counted.
        figures: Estimates by name, in the order of a table; NaN where the images do not allow a figure.
    """

    images: int
    positive: int
    lesions: int
    patients: int
    detections: int
    figures: Mapping[str, Estimate]


@dataclass(frozen=True)
class Difference:
    """Second detector less the first, on the same images.

    Attributes:
        figures: By name, resampled together.
        jafroc: Of the wAFROC area, by the jackknife.
    """

    figures: Mapping[str, Estimate]
    jafroc: Jackknifed


def sensitivity_name(rate: float) -> str:
    """``sensitivity at 1/8`` and the like."""
    return f"sensitivity at 1/{round(1 / rate)}" if rate < 1 else f"sensitivity at {rate:g}"


def area_name(limit: float) -> str:
    """``FROC area to 1`` and the like."""
    return f"FROC area to {limit:g}"


def score(matching: Matching, *, resamples: int = RESAMPLES) -> Scores:
    """Measure a detector.

    Raises:
        StatisticsError: no image has a finding.
    """
    if not matching.lesions:
        what = "none of the radiographs has a finding, so there is nothing to detect"
        raise StatisticsError(what, remedy="Choose another label or split")
    values = resampled(matching, resamples=resamples)
    matched = matching.matched
    return Scores(
        matched.images,
        int(matched.positive.sum()),
        len(matching.lesions),
        len(set(matching.patients)),
        len(matched.score),
        {name: estimate(row) for name, row in values.items()},
    )


def compare(first: Matching, second: Matching, *, resamples: int = RESAMPLES) -> Difference:
    """Measure by how much the second detector is better on the same images.

    Raises:
        StatisticsError: they were not matched to the same radiographs.
    """
    if first.truth != second.truth:
        raise StatisticsError("the detectors were not run on the same radiographs", remedy="Give one manifest for both")
    values, others = (resampled(one, resamples=resamples) for one in (first, second))
    without = left_out(first.patients)
    jafroc = afroc_area(second.matched, without) - afroc_area(first.matched, without)
    differences = {name: estimate(others[name] - values[name]) for name in values}
    return Difference(differences, jackknifed_figure(jafroc))


def resampled(matching: Matching, *, resamples: int = RESAMPLES) -> dict[str, Values]:
    """Every figure in the sample and in resamples of its patients, the same ones for the same radiographs.

    Returns:
        By name ``[resamples + 1]``, that of the sample first; NaN where the images do not allow a figure.
    """
    matched, counts = matching.matched, patient_counts(matching.patients, resamples=resamples)
    found = sensitivities(matched, counts, RATES)
    area = areas(matched, counts, AREA_LIMITS)
    roc = image_area(matched, counts)
    at_quarter = found[:, RATES.index(NODE21_RATE)]
    values: dict[str, Values] = {sensitivity_name(f): found[:, k] for k, f in enumerate(RATES)}
    values[CPM] = found.mean(axis=1)
    values |= {area_name(limit): area[:, k] for k, limit in enumerate(AREA_LIMITS)}
    values[ROC_AREA] = roc
    values[AFROC] = afroc_area(matched, counts)
    values[PRECISION] = average_precision(matching.strict, counts)
    node21: Callable[[Values], Values] = lambda auc: np.asarray(ROC_SHARE * auc + (1 - ROC_SHARE) * at_quarter)  # noqa: E731
    values[NODE21_ROC], values[NODE21_FROC] = node21(roc), node21(area[:, 0])
    return values
