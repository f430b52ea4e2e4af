"""An observer of shape: told a nodule's place and diameter, it looks at what is round, how sharp, how even.

A small network looks at grain and seams, and a Gaussian blob passes it. This one sees every nodule at one size, blurred
so that grain is gone, and knows only what a shape is: how the grey falls off from the middle to the border, how much it
differs around, how it differs from a blob's fall-off, and what lies in the ring around it. A straight-line classifier
on these few figures is all that sixty real nodules allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.errors import StudioError
from cxr_studio.networks.observer import folds_of

Values = NDArray[np.float64]

RADIUS = 16
"""Pixels of a nodule's radius after it is brought to one size."""

REACH = 2.0
"""How far out it looks, in radii."""

BLUR = 1.2
"""Standard deviation in those pixels of the Gaussian that takes the grain away."""

RINGS = 10
ANGLES = 32
HARMONICS = 2, 3, 4

SHRINKAGE = 0.3
"""Share of a pooled covariance that is replaced by its diagonal: there are few nodules."""

FOLDS = 5
RESAMPLES = 2000


@dataclass(frozen=True)
class ShapeVerdict:
    """How well one source is told from another by shape.

    Attributes:
        title: The source.
        against: What it is told from.
        counts: Nodules of either.
        area: ROC area, cross-validated by patient; 0.5 where they cannot be told apart.
        low: Of its 95 % interval, by patient.
        high: Likewise.
    """

    title: str
    against: str
    counts: tuple[int, int]
    area: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Shown:
    """One nodule as the observer is shown it.

    Attributes:
        patient: Whose radiograph it is in.
        image: ``float32 [h, w]``, any values.
        y: Row of its middle.
        x: Column of its middle.
        diameter: Pixels.
    """

    patient: str
    image: Plane
    y: float
    x: float
    diameter: float


def told_apart(
    titles: tuple[str, str], first: Sequence[Shown], second: Sequence[Shown], *, seed: int = 0
) -> ShapeVerdict:
    """Cross-validate the observer by patient.

    Args:
        titles: Of both.
        first: Nodules of one source.
        second: Of the other.
        seed: Of the folds.

    Raises:
        StudioError: too few nodules, or of too few patients.
    """
    if min(len(first), len(second)) < FOLDS:
        raise StudioError("there are too few nodules for the observer of shape", remedy=f"Give {FOLDS} or more of each")
    rows = np.stack([features(one) for one in (*first, *second)])
    labels = np.arange(len(rows)) < len(first)
    patients = [one.patient for one in (*first, *second)]
    folds = folds_of(patients, folds=FOLDS, seed=seed)
    scores = np.empty(len(rows))
    for fold in range(FOLDS):
        held = folds == fold
        if min(labels[~held].sum(), (~labels[~held]).sum()) < 2:
            raise StudioError("the nodules are of too few patients", remedy="Give nodules of more patients")
        scores[held] = _standardised(_discriminant(rows[~held], labels[~held]), rows[~held], rows[held])
    low, high = _interval(scores, labels, patients)
    return ShapeVerdict(*titles, (len(first), len(second)), _area(scores, labels, np.ones(len(rows))), low, high)


def features(shown: Shown) -> Values:
    """What the observer knows of a nodule: brightness and contrast do not matter.

    Returns:
        ``float64 [2 RINGS + 7]``: the fall-off, its change around by ring, the strength of two to four lobes, what a
        Gaussian leaves of the fall-off, the steepest fall, its place, and the unevenness inside.
    """
    polar = _polar(shown)
    around = polar[-RINGS // 4 :].mean()
    middle = polar[: RINGS // 4].mean() - around
    polar = (polar - around) / (np.sign(middle) * max(abs(float(middle)), 1e-3 + 0.25 * float(polar.std())))
    fall, spread = polar.mean(axis=1), polar.std(axis=1)
    inside = polar[: RINGS // 2]
    lobes = np.abs(np.fft.rfft(inside.mean(axis=0)))[list(HARMONICS)] / ANGLES
    steps = -np.diff(fall)
    radii = (np.arange(RINGS) + 0.5) * REACH / RINGS
    widths = np.linspace(0.3, 1.0, 15)
    blobs = np.exp(-(radii[None] ** 2) / (2 * widths[:, None] ** 2))
    unlike = np.sqrt(((blobs - fall[None]) ** 2).mean(axis=1)).min()
    figures = [unlike, steps.max(), float(steps.argmax()), float((inside - inside.mean(axis=1, keepdims=True)).std())]
    return np.concatenate([fall, spread, lobes, figures])


def _polar(shown: Shown) -> Values:
    """Mean grey by ring and angle, ``[RINGS, ANGLES]``, blurred, at one size."""
    import cv2

    scale = shown.diameter / 2 / RADIUS
    side = int(2 * REACH * RADIUS) + 9
    centre = (side - 1) / 2
    matrix = np.array([[scale, 0, shown.x - scale * centre], [0, scale, shown.y - scale * centre]])
    image = np.asarray(shown.image, np.float32)
    if scale > 1:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.5 * scale))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    small = cv2.warpAffine(image, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    small = cv2.GaussianBlur(small, (0, 0), BLUR)
    radii = (np.arange(RINGS) + 0.5) * REACH * RADIUS / RINGS
    angles = np.arange(ANGLES) * 2 * np.pi / ANGLES
    down = (centre + radii[:, None] * np.sin(angles)).astype(np.float32)
    across = (centre + radii[:, None] * np.cos(angles)).astype(np.float32)
    return np.asarray(cv2.remap(small, across, down, cv2.INTER_LINEAR), np.float64)


def _discriminant(rows: Values, labels: NDArray[np.bool_]) -> Values:
    """Weights of Fisher's discriminant with a shrunk covariance."""
    first, second = rows[labels], rows[~labels]
    pooled = (np.cov(first.T) * len(first) + np.cov(second.T) * len(second)) / len(rows)
    spread = np.diag(np.diag(pooled) + 1e-9)
    return np.asarray(
        np.linalg.solve((1 - SHRINKAGE) * pooled + SHRINKAGE * spread, first.mean(axis=0) - second.mean(axis=0))
    )


def _standardised(weights: Values, known: Values, rows: Values) -> Values:
    """Scores of rows on the scale of those that were learned from, so that folds can be pooled."""
    before = known @ weights
    return np.asarray((rows @ weights - before.mean()) / (before.std() + 1e-12))


def _area(scores: Values, labels: NDArray[np.bool_], counts: Values) -> float:
    gaps = np.sign(scores[labels][:, None] - scores[~labels][None])
    weights = np.outer(counts[labels], counts[~labels])
    return float((weights * (0.5 * gaps + 0.5)).sum() / max(weights.sum(), 1e-12))


def _interval(scores: Values, labels: NDArray[np.bool_], patients: Sequence[str]) -> tuple[float, float]:
    """95 % of resamples of patients."""
    names, index = np.unique(np.asarray(patients), return_inverse=True)
    rng = np.random.default_rng(0)
    drawn = [
        np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))[index] for _ in range(RESAMPLES)
    ]
    low, high = np.quantile([_area(scores, labels, np.asarray(one, float)) for one in drawn], [0.025, 0.975])
    return float(low), float(high)
