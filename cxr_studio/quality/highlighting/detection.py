"""Whether a map finds what radiologists boxed: ROC against matched healthy places, hits at one false positive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Box, Mask, clip, cut
from cxr_studio.metrics.by_patient import Estimate, Values, estimate, patient_counts
from cxr_studio.quality.highlighting.boxed import FindingBox
from cxr_studio.quality.highlighting.places import carried, covered, lung_frame

LEAST_LUNG = 0.25
"""A place counts when at least this share of it is lung."""

APART = 0.06
"""Least distance of two marks, share of the image's longest side."""

ALLOWED = 1.0
"""False positives a healthy radiograph at which hits are counted."""

CURVE = 0.25, 0.5, 1.0, 2.0, 4.0
"""Those of the curve (FROC)."""

SIDE = 256
"""Longest side at which maps are kept: they are smooth, and there are many."""


@dataclass(frozen=True, eq=False)
class Judged:
    """One layer of one radiograph's map, shrunk.

    Attributes:
        image: The radiograph's file name.
        patient: Whose it is.
        layer: ``float32 [h, w]``, larger = more abnormal.
        lungs: ``bool [h, w]``.
        scale: Pixels of the radiograph a pixel of the layer.
    """

    image: str
    patient: str
    layer: Plane
    lungs: Mask
    scale: float

    def mean(self, box: Box) -> float:
        """Mean over the lung inside a box of the layer; NaN where there is too little of it."""
        if covered(box, self.lungs) < LEAST_LUNG:
            return float("nan")
        place = cut(clip(box, self.lungs.shape))
        return float(self.layer[place][self.lungs[place]].mean())

    def shrunk(self, box: Box) -> Box:
        """A box of the radiograph in pixels of the layer."""
        y0, x0, y1, x1 = (round(v / self.scale) for v in box)
        return y0, x0, y1, x1

    @cached_property
    def marks(self) -> list[tuple[float, int, int]]:
        """Local maxima ``(value, y, x)``, no two nearer than APART, highest first."""
        import cv2

        reach = 2 * max(1, round(APART * max(self.layer.shape))) + 1
        inside = np.where(self.lungs, self.layer, np.float32(-np.inf))
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        highest = cv2.dilate(inside, kernel) == inside
        rows, columns = np.nonzero(highest & self.lungs & (self.layer > 0))
        found = [(float(self.layer[y, x]), int(y), int(x)) for y, x in zip(rows, columns, strict=True)]
        return sorted(found, reverse=True)


@dataclass(frozen=True)
class Detection:
    """How well one layer finds boxes.

    Attributes:
        boxes: How many were judged.
        auc: ROC area of boxes against the same places in healthy lungs.
        mirrored: Share of boxes above the mirrored place in the same radiograph (0.5 by chance).
        hits: Share of boxes hit at one false positive an image.
        chance: The same for boxes carried to healthy radiographs.
        curve: Pairs of false positives an image and hits.
    """

    boxes: int
    auc: Estimate
    mirrored: Estimate
    hits: Estimate
    chance: float
    curve: tuple[tuple[float, float], ...] = ()


def shrink(image: str, patient: str, layer: Plane, lungs: Mask) -> Judged:
    """Shrink a layer to SIDE for judging."""
    import cv2

    scale = max(1.0, max(layer.shape) / SIDE)
    size = round(layer.shape[1] / scale), round(layer.shape[0] / scale)
    share = cv2.resize(lungs.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    small = cv2.resize(np.where(lungs, layer, np.float32(0)), size, interpolation=cv2.INTER_AREA)
    return Judged(image, patient, np.asarray(small / np.maximum(share, 0.25)), np.asarray(share >= 0.5), scale)


def detection(found: Sequence[Judged], healthy: Sequence[Judged], boxes: Sequence[FindingBox]) -> Detection:
    """Judge one layer.

    Args:
        found: Of the radiographs with boxes.
        healthy: Of healthy radiographs.
        boxes: Those of the first.
    """
    there = {one.image: one for one in found}
    known = [b for b in boxes if b.image in there]
    above, own, mirrored, inside = _compared([(there[b.image], b) for b in known], healthy)
    rows, columns = _resamples([there[b.image].patient for b in known], healthy)
    level = _levels(healthy, columns)
    best = np.array([_best(there[b.image], there[b.image].shrunk(b.box)) for b in known])
    hits = (rows * (best[None] >= level[:, None])).sum(axis=1) / rows.sum(axis=1)
    return Detection(
        int(np.isfinite(own).sum()),
        estimate(_areas(above, rows, columns), null=0.5),
        estimate(_share_above(own - mirrored, rows), null=0.5),
        estimate(hits),
        float(np.mean(inside >= level[0])),
        tuple((fp, float(np.mean(best >= _levels(healthy, columns[:1], allowed=fp)[0]))) for fp in CURVE),
    )


def area_difference(
    one: tuple[Sequence[Judged], Sequence[Judged]],
    other: tuple[Sequence[Judged], Sequence[Judged]],
    boxes: Sequence[FindingBox],
) -> Estimate:
    """By how much one layer's ROC area is larger than another's of the same radiographs, resampled together.

    Args:
        one: A layer of the radiographs with boxes, and of the healthy ones.
        other: Another layer of the same, in the same order.
        boxes: Those of the first.
    """
    areas = []
    for found, healthy in (one, other):
        there = {each.image: each for each in found}
        known = [b for b in boxes if b.image in there]
        above, *_ = _compared([(there[b.image], b) for b in known], healthy)
        areas.append(_areas(above, *_resamples([there[b.image].patient for b in known], healthy)))
    return estimate(areas[0] - areas[1])


def _resamples(patients: Sequence[str], healthy: Sequence[Judged]) -> tuple[Values, Values]:
    """How often every box and every healthy radiograph counts."""
    return patient_counts(patients, seed=1), patient_counts([one.patient for one in healthy], seed=2)


def _areas(above: Values, rows: Values, columns: Values) -> Values:
    """ROC area in every resample."""
    counts = np.isfinite(above)
    total = np.einsum("bi,ij,bj->b", rows, counts.astype(float), columns, optimize=True)
    wins = np.einsum("bi,ij,bj->b", rows, np.where(counts, above, 0.0), columns, optimize=True)
    return np.asarray(wins / np.maximum(total, 1e-12))


def _compared(
    known: Sequence[tuple[Judged, FindingBox]], healthy: Sequence[Judged]
) -> tuple[Values, Values, Values, Values]:
    """Every box against every healthy radiograph (1 above, 0.5 equal), its own mean, the mirrored one's, best marks."""
    own, mirrored = np.full(len(known), np.nan), np.full(len(known), np.nan)
    above, inside = np.full((len(known), len(healthy)), np.nan), np.full((len(known), len(healthy)), -np.inf)
    frames = [lung_frame(one.lungs) for one in healthy]
    for i, (one, finding) in enumerate(known):
        box, frame = one.shrunk(finding.box), lung_frame(one.lungs)
        own[i] = one.mean(box)
        mirrored[i] = one.mean(carried(box, frame, frame, mirrored=True))
        for j, (other, there) in enumerate(zip(healthy, frames, strict=True)):
            place = carried(box, frame, there)
            gap = own[i] - other.mean(place)
            above[i, j] = np.nan if np.isnan(gap) else 0.5 * (np.sign(gap) + 1)
            inside[i, j] = _best(other, place)
    return above, own, mirrored, inside


def _best(one: Judged, box: Box) -> float:
    """Highest mark inside a box of the layer, or -inf."""
    y0, x0, y1, x1 = box
    return max((value for value, y, x in one.marks if y0 <= y < y1 and x0 <= x < x1), default=-np.inf)


def _levels(healthy: Sequence[Judged], columns: Values, *, allowed: float = ALLOWED) -> Values:
    """In every resample of healthy patients, the value that so many marks an image reach."""
    marks = sorted(((value, j) for j, one in enumerate(healthy) for value, _, _ in one.marks), reverse=True)
    values = np.array([value for value, _ in marks] + [0.0])
    passed = np.cumsum(columns[:, [j for _, j in marks]], axis=1) > allowed * columns.sum(axis=1, keepdims=True)
    first = np.where(passed.any(axis=1), passed.argmax(axis=1), len(marks))
    return np.asarray(np.nextafter(values[first], np.inf))


def _share_above(gap: NDArray[np.float64], rows: Values) -> Values:
    known = np.isfinite(gap)
    wins = rows[:, known] @ (0.5 * (np.sign(gap[known]) + 1))
    return np.asarray(wins / np.maximum(rows[:, known].sum(axis=1), 1e-12))
