"""A small classifier, which learns from real radiographs whether one has a label, to ask it about translated ones.

It is independent of every generator: a linear model (ridge regression, both classes counting alike) on the features
that the shipped context encoder has of a radiograph of 256 pixels, their mean and spread in each of 4 × 4 parts.
Nothing in it is random.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.metrics.by_patient import Estimate, estimate, patient_counts
from cxr_studio.quality.comparison.features import CELL, activations

PARTS = 4
"""A side."""

RIDGE = 1.0
"""Penalty on squared weights of figures of spread 1, a figure: 0.1 to 10 gave areas of 0.85 to 0.87."""

LEAST_SIDE = PARTS * CELL
"""Pixels a side that an image needs."""

Values = NDArray[np.float64]
Labels = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sight:
    """What is seen of a radiograph.

    Attributes:
        cells: Feature vectors of its cells of 8 × 8 pixels, ``float32 [n, D]``: what distances are of.
        figures: Their mean and spread in each part, ``float64 [F]``: what the classifier is given.
    """

    cells: NDArray[np.float32]
    figures: Values

    @classmethod
    def of(cls, unit: Plane) -> Sight:
        """Look at an image of grey 0 to 1, ``LEAST_SIDE`` pixels a side or more."""
        found = activations(unit)
        parts = [part for rows in np.array_split(found, PARTS) for part in np.array_split(rows, PARTS, axis=1)]
        figures = [figure(part, axis=(0, 1)) for part in parts for figure in (np.mean, np.std)]
        return cls(found.reshape(-1, found.shape[2]), np.concatenate(figures).astype(np.float64))


@dataclass(frozen=True, eq=False)
class Classifier:
    """Tells radiographs with a label from healthy ones.

    Attributes:
        middle: Mean of every figure, both classes counting alike.
        scale: Its spread.
        weights: Of the scaled figures.
    """

    middle: Values
    scale: Values
    weights: Values

    @classmethod
    def taught(cls, sights: Sequence[Sight], labels: Labels) -> Classifier:
        """Learn from radiographs ``[N]``, True with the label; both classes occur."""
        figures = np.stack([sight.figures for sight in sights])
        share = np.where(labels, 0.5 / labels.sum(), 0.5 / (~labels).sum())
        middle = share @ figures
        scale = np.sqrt(share @ (figures - middle) ** 2) + 1e-9
        scaled = (figures - middle) / scale
        truth = np.where(labels, 1.0, -1.0)
        gram = scaled @ scaled.T + np.diag(RIDGE * figures.shape[1] / (len(share) * share))
        return cls(middle, scale, scaled.T @ np.linalg.solve(gram, truth))

    def scores(self, sights: Sequence[Sight]) -> Values:
        """Above 0: it has the label, ``[N]``."""
        return np.asarray(((np.stack([sight.figures for sight in sights]) - self.middle) / self.scale) @ self.weights)


def area_of(scores: Values, labels: Labels, patients: Sequence[str]) -> Estimate:
    """ROC area with its interval by patient; both classes occur."""
    counts = patient_counts(patients)
    wins = 0.5 + 0.5 * np.sign(scores[labels][:, None] - scores[~labels][None])
    pairs = counts[:, labels].sum(axis=1) * counts[:, ~labels].sum(axis=1)
    right = ((counts[:, labels] @ wins) * counts[:, ~labels]).sum(axis=1)
    return estimate(np.where(pairs > 0, right / np.maximum(pairs, 1e-12), np.nan), null=0.5)
