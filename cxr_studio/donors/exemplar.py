"""The exemplar search as a whole: a hole, shelves of plates, and the donors that fit, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxr_studio.donors.align import Fit, fit
from cxr_studio.donors.compose import Canvas, blended, canvas_of, sampled
from cxr_studio.donors.copies import is_copy
from cxr_studio.donors.library import Shelf
from cxr_studio.donors.placement import Placement
from cxr_studio.donors.plate import Plate, Unit
from cxr_studio.donors.query import Query
from cxr_studio.donors.rank import measures, score, softness
from cxr_studio.donors.refine import refine
from cxr_studio.donors.search import search
from cxr_studio.events import CancelToken
from cxr_studio.masks.boxes import Box, bounding_box

CANDIDATES = 40
"""Places that the first search hands on."""

FITTED = 13
"""Donors that are bent to the ring, beside those that are asked for."""

SCORED = 9
"""Donors whose looks are scored, beside those that are asked for."""


@dataclass(frozen=True, eq=False)
class Donor:
    """One way to fill a hole.

    Attributes:
        fit: Where it comes from and how it was fitted.
        score: How real it is taken to look; smaller is better.
        image: The window of the canvas ``float32 [h, w]`` with the hole filled.
    """

    fit: Fit
    score: float
    image: Unit


@dataclass(frozen=True)
class Limits:
    """What may be a donor, and how many are wanted.

    Attributes:
        count: Donors to return, at most.
        skip: Best donors that are passed over first.
        without: Patients whose plates are left out.
    """

    count: int = 1
    skip: int = 0
    without: frozenset[str] = frozenset()


def donors(
    query: Query,
    shelves: Sequence[Shelf],
    *,
    canvas: Canvas | None = None,
    limits: Limits | None = None,
    cancel: CancelToken | None = None,
) -> list[Donor]:
    """Find the donors of a hole and lay them into it.

    Args:
        query: The hole on the working grid.
        shelves: Where donors may come from; one plate of the shelf "own" is the radiograph itself.
        canvas: The window at the radiograph's own resolution; None fills the working grid.
        limits: How many, and from whom not.
        cancel: Looked at between the steps.

    Returns:
        At most ``limits.count`` donors, the best first; none where nothing fits, or too little is known around.

    Raises:
        Cancelled: through ``cancel``.
    """
    canvas, limits, cancel = canvas or canvas_of(query), limits or Limits(), cancel or CancelToken()
    if not query.answerable:
        return []
    found = search(query, shelves, count=CANDIDATES + 2 * (limits.count + limits.skip), without=limits.without)
    cancel.raise_if_cancelled()
    refined = refine(query, found)
    cancel.raise_if_cancelled()
    ranked = _ranked(query, [place for _, place in refined], count=limits.count + limits.skip, cancel=cancel)
    ranked = sorted(((points + softness(fitted, canvas), fitted) for points, fitted in ranked), key=lambda one: one[0])
    chosen = []
    for points, fitted in ranked[limits.skip : limits.skip + limits.count]:
        cancel.raise_if_cancelled()
        chosen.append(Donor(fitted, points, blended(canvas, sampled(query, fitted, canvas))))
    return chosen


def _ranked(query: Query, places: Sequence[Placement], *, count: int, cancel: CancelToken) -> list[tuple[float, Fit]]:
    """Fit the first donors, and order those nearest to the ring by how real they look; copies are left out."""
    canvas, copied = canvas_of(query), set[Plate]()
    fits = []
    for place in places[: count + FITTED]:
        cancel.raise_if_cancelled()
        fits.append(fit(query, place))
    ranked: list[tuple[float, Fit]] = []
    for fitted in sorted(fits, key=lambda one: one.cost):
        if len(ranked) >= count + SCORED:
            break
        cancel.raise_if_cancelled()
        plate = fitted.placement.plate
        pixels = sampled(query, fitted, canvas)
        if plate in copied or is_copy(canvas, pixels):
            copied.add(plate)
            continue
        ranked.append((score(measures(query, fitted, canvas, pixels, blended(canvas, pixels))), fitted))
    kept = [one for one in ranked if one[1].placement.plate not in copied]
    return sorted(kept, key=lambda one: one[0])


def window_of(query: Query, donor: Donor) -> Box:
    """Box in the donor's radiograph, working pixels, that the hole was filled from: its frame, bends left out."""
    place, hole = donor.fit.placement, bounding_box(query.hole) or (0, 0, 1, 1)
    y0, x0, y1, x1 = hole[0], hole[1], hole[2] - 1, hole[3] - 1
    corners = np.array([[x0, y0, 1], [x1, y0, 1], [x0, y1, 1], [x1, y1, 1]]) @ place.matrix(query.shape).T
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    down, across = place.plate.corner
    return round(top) + down, round(left) + across, round(bottom) + down + 1, round(right) + across + 1
