"""Where in a patch a network sees that it is synthetic: what it says when a part is exchanged for a real one's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.audit.asking import Answer
from cxr_studio.audit.telling import stratified

STEP = 8
"""Pixels between two parts that are exchanged."""

WIDTH = 5.0
"""Standard deviation, pixels, of the soft window that is exchanged."""

SHOWN = 20
"""Synthetic patches over which the map is averaged: those that are told best."""


@dataclass(frozen=True, eq=False)
class Occlusion:
    """An averaged map.

    Attributes:
        drop: ``float32 [S/STEP, S/STEP]``: by how much the log-odds of "synthetic" fall when that part is exchanged.
        patches: Over how many patches it is averaged.
    """

    drop: Plane
    patches: int


def occlusion(answer: Answer, *, seed: int = 0) -> Occlusion | None:
    """Train on four fifths of the patients and exchange parts of the others' synthetic patches for real ones.

    Args:
        answer: To a question that a network looks for.
        seed: Of the folds and of the real patches.

    Returns:
        None where no patch of the held-out patients is synthetic.
    """
    from cxr_studio.networks.observer import Training, probabilities, trained

    sights = [*answer.synthetic, *answer.real]
    patches = np.stack([sight.patches[answer.question.key] for sight in sights])
    labels = np.arange(len(sights)) < len(answer.synthetic)
    held = stratified(labels, [sight.case.patient for sight in sights], seed=seed) == 0
    drawn, real = patches[held & labels], patches[held & ~labels]
    if not len(drawn) or not len(real):
        return None
    network = trained(patches[~held], labels[~held], training=Training(epochs=12, seed=seed))
    sure = _odds(probabilities(network, drawn))
    best = np.argsort(-sure)[:SHOWN]
    rng = np.random.default_rng(seed)
    places = range(STEP // 2, patches.shape[1], STEP)
    drops = []
    for k in best:
        other = _like(real[int(rng.integers(len(real)))], drawn[k])
        exchanged = [_exchanged(drawn[k], other, y, x) for y in places for x in places]
        drops.append(sure[k] - _odds(probabilities(network, np.stack(exchanged))))
    side = len(places)
    return Occlusion(np.mean(drops, axis=0).reshape(side, side).astype(np.float32), len(best))


def _odds(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    kept = np.clip(chance, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(kept / (1 - kept)))


def _like(other: Plane, patch: Plane) -> Plane:
    """A real patch with the mean and spread of another."""
    return np.asarray((other - other.mean()) / max(float(other.std()), 1e-6) * patch.std() + patch.mean(), np.float32)


def _exchanged(patch: Plane, other: Plane, y: int, x: int) -> Plane:
    rows, columns = np.ogrid[: patch.shape[0], : patch.shape[1]]
    window = np.exp(-((rows - y) ** 2 + (columns - x) ** 2) / (2 * WIDTH**2))
    return np.asarray(patch + window * (other - patch), np.float32)
