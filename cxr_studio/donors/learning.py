"""Fitting the score: on holes of training patients, which donors come near to what was really there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.donors.align import fit
from cxr_studio.donors.compose import blended, canvas_of, sampled
from cxr_studio.donors.copies import is_copy
from cxr_studio.donors.library import Shelf
from cxr_studio.donors.own import own_plate
from cxr_studio.donors.plate import Unit
from cxr_studio.donors.query import query_of
from cxr_studio.donors.rank import NAMES, measures, slope
from cxr_studio.donors.refine import refine
from cxr_studio.donors.search import search
from cxr_studio.masks.boxes import Mask
from cxr_studio.masks.lung_boxes import random_lung_point

SIDE = 64
"""Side of the holes, pixels."""

DONORS = 14
"""Donors that are compared in each hole."""

BLUR = 2.0
"""Standard deviation in pixels of the Gaussian before greys are compared: noise cannot be right."""

TEXTURE = 0.3
"""Least weight of each measure of texture: an error of texture is seen, but a smooth fill has the least error."""

RIDGE = 0.03
"""Weight of the coefficients' squares, a share of the number of donors."""


@dataclass(frozen=True, eq=False)
class Trial:
    """Donors of one hole.

    Attributes:
        patient: Whose radiograph it is in.
        values: Measures ``[n, len(NAMES)]``.
        errors: Log error of each donor ``[n]``: half greys, half slopes.
    """

    patient: str
    values: NDArray[np.float64]
    errors: NDArray[np.float64]


def trial(image: Unit, hole: Mask, shelves: Sequence[Shelf], *, patient: str) -> Trial | None:
    """Try the donors of one hole; None where fewer than two fit."""
    query = query_of(image, hole, hole)
    canvas = canvas_of(query)
    shelves = [Shelf([own_plate(image, hole)]), *shelves]
    values, errors = [], []
    for _, place in refine(query, search(query, shelves, count=48, without=frozenset({patient})))[:DONORS]:
        fitted = fit(query, place)
        donor = sampled(query, fitted, canvas)
        if not is_copy(canvas, donor):
            filled = blended(canvas, donor)
            values.append(measures(query, fitted, canvas, donor, filled))
            errors.append(_error(filled, query.image, query.hole))
    return Trial(patient, np.array(values), np.array(errors)) if len(values) > 1 else None


def random_hole(rng: np.random.Generator, shape: tuple[int, int]) -> Mask:
    """A square hole in the lungs of an upright frontal radiograph."""
    y, x = random_lung_point(rng, shape, margin=SIDE)
    hole = np.zeros(shape, bool)
    hole[y - SIDE // 2 : y + SIDE // 2, x - SIDE // 2 : x + SIDE // 2] = True
    return hole


def fitted_weights(trials: Iterable[Trial]) -> dict[str, float]:
    """Weights of the measures by ridge regression within each hole; none is negative, texture counts in any case."""
    from scipy.optimize import nnls

    trials = list(trials)
    values = np.concatenate([one.values - one.values.mean(axis=0) for one in trials])
    errors = np.concatenate([one.errors - one.errors.mean() for one in trials])
    spread = values.std(axis=0) + 1e-9
    ridge = np.sqrt(RIDGE * len(errors)) * np.eye(len(NAMES))
    found, _ = nnls(np.vstack([values / spread, ridge]), np.concatenate([errors, np.zeros(len(NAMES))]))
    weights = dict(zip(NAMES, (float(v) for v in found / spread), strict=True))
    for name in ("fine", "middle", "coarse"):
        weights[name] = max(weights[name], TEXTURE)
    return {name: round(value, 3) for name, value in weights.items()}


def gained(trials: Iterable[Trial], weights: dict[str, float]) -> tuple[float, float, float]:
    """Mean log error below the mean donor's, dB: of the donor chosen by the weights, by the ring, and of the best."""
    chosen, ring, best = [], [], []
    for one in trials:
        below = 10 / np.log(10) * (one.errors - one.errors.mean())
        chosen.append(below[int((one.values @ [weights[name] for name in NAMES]).argmin())])
        ring.append(below[int(one.values[:, 0].argmin())])
        best.append(below.min())
    return float(np.mean(chosen)), float(np.mean(ring)), float(np.mean(best))


def _error(filled: Unit, truth: Unit, hole: Mask) -> float:
    import cv2

    greys = float((cv2.GaussianBlur(filled - truth, (0, 0), BLUR)[hole] ** 2).mean())
    slopes = float(((slope(filled) - slope(truth))[hole] ** 2).mean())
    return 0.5 * (float(np.log(greys + 1e-9)) + float(np.log(slopes + 1e-9)))
