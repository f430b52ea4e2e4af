"""Table 1 of Belli et al.: how near a generator comes on patches of healthy lungs and on patches of findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from cxr_studio.masks.boxes import Box
from cxr_studio.metrics.by_patient import Estimate, Values, estimate, means, patient_counts
from cxr_studio.metrics.fidelity import mse, psnr, ssim
from cxr_studio.quality.highlighting.windows import SquareFill
from cxr_studio.restore.classical import Unit

RANGE = 255.0
"""The paper's values: the window that the generator sees is 0 to 255."""

METRICS = ("psnr", "mse", "ssim")


@dataclass(frozen=True)
class Place:
    """A square hole in one plane of one radiograph.

    Attributes:
        patient: Whose it is.
        group: "healthy", "matched", "finding" or "mirrored".
        y: Row of its centre in pixels of the plane.
        x: Column of its centre.
        finding: The finding of the box it belongs to, or "".
    """

    patient: str
    group: str
    y: float
    x: float
    finding: str = ""


@dataclass(frozen=True)
class PatchScore:
    """What one generator made of one place; PSNR in dB, MSE on the 0 to 255 scale."""

    place: Place
    psnr: float
    mse: float
    ssim: float


@dataclass(frozen=True)
class Gap:
    """How much worse a generator does on findings.

    Attributes:
        metric: "psnr", "mse" or "ssim".
        healthy: Mean over the healthy group.
        finding: Mean over the other group.
        gap: Worse on findings is positive, whatever the metric.
    """

    metric: str
    healthy: Estimate
    finding: Estimate
    gap: Estimate


def score_places(fill: SquareFill, plane: Unit, places: Sequence[Place]) -> list[PatchScore]:
    """Fill a hole at every place, one at a time in the radiograph, and compare.

    Args:
        fill: The generator.
        plane: ``float32 [h, w]`` unit values at the generator's scale.
        places: Centres; a hole that would leave the plane is moved in.
    """
    if not places:
        return []
    side, margin = fill.card.hole_side, (fill.card.input_side - fill.card.hole_side) // 2
    wide = np.pad(plane, margin, mode="symmetric")
    corners = [corner(place.y, place.x, side, plane.shape) for place in places]
    crops = np.stack([wide[y : y + fill.card.input_side, x : x + fill.card.input_side] for y, x in corners])
    filled = fill.sampled(crops)[0] * np.float32(RANGE)
    true = crops[:, margin : margin + side, margin : margin + side] * np.float32(RANGE)
    return [
        PatchScore(place, psnr(a, b, value_range=RANGE), mse(a, b), ssim(a, b, value_range=RANGE))
        for place, a, b in zip(places, filled, true, strict=True)
    ]


def corner(y: float, x: float, side: int, shape: tuple[int, ...]) -> tuple[int, int]:
    """Top left corner of the square around a centre, moved into the plane."""
    top, left = (int(np.clip(round(v) - side // 2, 0, n - side)) for v, n in zip((y, x), shape, strict=True))
    return top, left


def centre(box: Box) -> tuple[float, float]:
    """Row and column of a box's middle."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def of_finding(scores: Iterable[PatchScore], name: str) -> list[PatchScore]:
    """Only what belongs to boxes of one finding, and the random places in healthy lungs, which belong to none."""
    return [one for one in scores if one.place.finding in ("", name)]


def gaps(scores: Iterable[PatchScore], *, healthy: str, finding: str) -> list[Gap]:
    """Compare two groups, resampling the patients of each.

    Args:
        scores: Of both groups, among others.
        healthy: Name of the group that should be filled well.
        finding: Name of the group that should not.
    """
    return [
        Gap(metric, estimate(a), estimate(b), estimate(_worse(metric) * (b - a)))
        for metric in METRICS
        for a, b in [_resampled(list(scores), metric, healthy, finding)]
    ]


def gap_difference(
    first: Sequence[PatchScore], second: Sequence[PatchScore], *, metric: str, healthy: str, finding: str
) -> Estimate:
    """How much larger the first generator's gap is than the second's on the same places, by the same resamples."""
    both = [_resampled(list(scores), metric, healthy, finding) for scores in (first, second)]
    own, other = (_worse(metric) * (b - a) for a, b in both)
    return estimate(own - other)


def _resampled(scores: list[PatchScore], metric: str, healthy: str, finding: str) -> tuple[Values, Values]:
    found = []
    for seed, group in enumerate((healthy, finding)):
        chosen = [one for one in scores if one.place.group == group]
        values = np.array([getattr(one, metric) for one in chosen], np.float64)
        found.append(means(values, patient_counts([one.place.patient for one in chosen], seed=seed)))
    return found[0], found[1]


def _worse(metric: str) -> float:
    return 1.0 if metric == "mse" else -1.0
