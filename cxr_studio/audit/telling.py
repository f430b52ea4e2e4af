"""How well two groups are told apart: cross-validated by patient, with an interval and a permuted control."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from cxr_studio.events import Progress, silent
from cxr_studio.metrics.by_patient import patient_counts

Values = NDArray[np.float64]
Labels = NDArray[np.bool_]
Rows = NDArray[np.int64]

Scores = Callable[[Rows], Values]
Learn = Callable[[Rows, Labels], Scores]
"""Learns from rows with their labels; what it gives scores other rows, higher for True."""

FOLDS = 5
RESAMPLES = 2000


@dataclass(frozen=True)
class Effort:
    """How much is computed.

    Attributes:
        repeats: Cross-validations with other folds, of which the mean is taken.
        controls: Cross-validations with permuted labels.
        seed: Of folds and permutations.
    """

    repeats: int = 3
    controls: int = 20
    seed: int = 0


FULL = Effort()
"""As the command does it."""


@dataclass(frozen=True)
class Told:
    """How well synthetic is told from real.

    Attributes:
        area: ROC area; 0.5 where they cannot be told apart.
        low: Of its 95 % interval by patient.
        high: Likewise.
        control: Mean area with permuted labels, which has to be about 0.5.
        control_spread: Their standard deviation.
        p: Of an area this large by chance, one-sided, before other questions are taken into account.
    """

    area: float
    low: float
    high: float
    control: float
    control_spread: float
    p: float


def told_apart(
    learn: Learn,
    labels: Labels,
    patients: Sequence[str],
    *,
    effort: Effort = FULL,
    progress: Progress = silent,
) -> tuple[Told, Values]:
    """Cross-validate by patient.

    The area counts pairs within one fold only: scores of two folds come from two models.

    Args:
        learn: The model.
        labels: ``[N]``, True for synthetic; both occur in two patients or more.
        patients: ``[N]``.
        effort: How much is computed.
        progress: Called after every fold; what it raises stops the work.

    Returns:
        How well, and the mean rank of every row among those that its models scored, 0 to 1.
    """
    done, total = [0], FOLDS * (effort.repeats + effort.controls)

    def step() -> None:
        done[0] += 1
        progress(done[0] / total, "")

    counts = patient_counts(patients, resamples=RESAMPLES)
    areas, ranks = np.zeros(len(counts)), np.zeros(len(labels))
    for repeat in range(effort.repeats):
        scores, folds = _crossed(learn, labels, patients, effort.seed + repeat, step)
        areas += _areas(scores, labels, folds, counts) / effort.repeats
        for fold in range(folds.max() + 1):
            ranks[folds == fold] += _ranks(scores[folds == fold]) / effort.repeats
    rng = np.random.default_rng([effort.seed, 0xC0])
    controls = np.empty(effort.controls)
    for k in range(effort.controls):
        mixed = permuted(labels, patients, rng)
        scores, folds = _crossed(learn, mixed, patients, effort.seed + k, step)
        controls[k] = _areas(scores, mixed, folds, counts[:1])[0]
    return _told(areas, controls), ranks


def permuted(labels: Labels, patients: Sequence[str], rng: np.random.Generator) -> Labels:
    """Labels without meaning: those of whole patients are dealt out to others, so that they stay together."""
    _, index = np.unique(np.asarray(patients, np.str_), return_inverse=True)
    order = rng.permutation(index.max() + 1)
    dealt = np.concatenate([rng.permutation(labels[index == k]) for k in order])
    found = np.empty_like(labels)
    found[np.argsort(index, kind="stable")] = dealt
    return found


def stratified(labels: Labels, patients: Sequence[str], *, seed: int, folds: int = FOLDS) -> Rows:
    """The fold of every row, 0 up: whole patients, each class about equally in all; fewer folds where patients lack."""
    names, index = np.unique(np.asarray(patients, np.str_), return_inverse=True)
    sizes = np.stack([np.bincount(index, weights=labels == value, minlength=len(names)) for value in (False, True)])
    folds = int(max(2, min(folds, (sizes > 0).sum(axis=1).min())))
    order = np.random.default_rng([seed, 0xF01D]).permutation(len(names))
    held = np.zeros((2, folds))
    fold_of = np.empty(len(names), np.int64)
    for k in sorted(order, key=lambda k: -sizes[:, k].max()):
        own = sizes[:, k] / np.maximum(sizes.sum(axis=1), 1)
        fold_of[k] = int((own @ (held / np.maximum(sizes.sum(axis=1), 1)[:, None])).argmin())
        held[:, fold_of[k]] += sizes[:, k]
    return np.asarray(fold_of[index], np.int64)


def _crossed(
    learn: Learn, labels: Labels, patients: Sequence[str], seed: int, step: Callable[[], None]
) -> tuple[Values, Rows]:
    """Scores of all rows by models that saw nothing of their patients, and the folds."""
    folds = stratified(labels, patients, seed=seed)
    scores = np.zeros(len(labels))
    for fold in range(folds.max() + 1):
        known, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if len(held) and 0 < labels[known].sum() < len(known):
            scores[held] = learn(known, labels[known])(held)
        step()
    return scores, folds


def _areas(scores: Values, labels: Labels, folds: Rows, counts: Values) -> Values:
    """ROC area within folds for every row of weights ``counts [R, N]``; 0.5 where a resample has one class only."""
    right, pairs = np.zeros(len(counts)), np.zeros(len(counts))
    for fold in range(folds.max() + 1):
        one, other = np.flatnonzero((folds == fold) & labels), np.flatnonzero((folds == fold) & ~labels)
        wins = 0.5 + 0.5 * np.sign(scores[one][:, None] - scores[other][None])
        right += np.einsum("ri,ri->r", counts[:, one] @ wins, counts[:, other])
        pairs += counts[:, one].sum(axis=1) * counts[:, other].sum(axis=1)
    return np.where(pairs > 0, right / np.maximum(pairs, 1e-12), 0.5)


def _told(areas: Values, controls: Values) -> Told:
    low, high = np.quantile(areas[1:], [0.025, 0.975])
    spread = float(controls.std(ddof=1)) if len(controls) > 1 else 0.0
    error = max(float(areas[1:].std()), spread, 1e-6)
    p = 0.5 * erfc((areas[0] - 0.5) / error / sqrt(2))
    control = float(controls.mean()) if len(controls) else float("nan")
    return Told(float(areas[0]), float(low), float(high), control, spread, float(p))


def _ranks(scores: Values) -> Values:
    order = np.sort(scores)
    first, last = np.searchsorted(order, scores), np.searchsorted(order, scores, side="right")
    return np.asarray((first + last) / 2 / max(len(scores), 1))
