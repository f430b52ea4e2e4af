"""CL@IoU: the share of boxes that a detector's best box of that finding locates (Xing et al. 2021, section 3.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from cxr_studio.datasets.entries import Manifest
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.matching import ROUNDING, iou
from cxr_studio.metrics.by_patient import RESAMPLES, Estimate, Values, estimate, means, patient_counts

PAPER_IOU = 0.1
TOTAL = "total"


def located(
    truth: Manifest, detections: Iterable[Detection], *, limit: float = PAPER_IOU, resamples: int = RESAMPLES
) -> Mapping[str, Estimate]:
    """Share of boxes located, by finding in order of the names, and over all boxes (``TOTAL``).

    A box is located where the best-scored detection of its finding in that radiograph has an IoU of at least ``limit``
    with it. The paper takes the largest value over eleven snapshots, which is optimistic; this is one snapshot's.

    Args:
        truth: The boxes.
        detections: With labels.
        limit: Least IoU.
        resamples: Of patients, for the intervals.
    """
    shares = resampled_shares(truth, detections, limit=limit, resamples=resamples)
    return {label: estimate(values) for label, values in shares.items()}


def resampled_shares(
    truth: Manifest, detections: Iterable[Detection], *, limit: float = PAPER_IOU, resamples: int = RESAMPLES
) -> dict[str, Values]:
    """As ``located``, in the sample and in resamples of its patients ``[resamples + 1]``, the same for one truth."""
    best: dict[tuple[str, str], Detection] = {}
    for one in detections:
        key = one.file, one.label
        if key not in best or (one.score, one.box) > (best[key].score, best[key].box):
            best[key] = one
    rows = []
    for entry in truth.entries:
        for finding in entry.findings:
            own = best.get((entry.file, finding.label))
            hit = own is not None and iou(own.box, finding.box) >= limit - ROUNDING
            rows.append((finding.label, entry.patient, float(hit)))
    found = {}
    for label in [*sorted({row[0] for row in rows}), TOTAL]:
        some = [row for row in rows if label in (row[0], TOTAL)]
        counts = patient_counts([row[1] for row in some], resamples=resamples)
        found[label] = means(np.array([row[2] for row in some]), counts)
    return found
