"""The exemplar search as a whole: a hole, shelves of plates, and the donors that fit, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import merge

import numpy as np

from cxr_studio.donors.align import Fit, fit
from cxr_studio.donors.compose import LARGER, Canvas, blended, canvas_of, detailed, is_soft, pixel_ratio, sampled
from cxr_studio.donors.copies import is_copy
from cxr_studio.donors.library import Shelf
from cxr_studio.donors.placement import Placement
from cxr_studio.donors.plate import Plate, Unit
from cxr_studio.donors.query import Query
from cxr_studio.donors.rank import measures, score, softness
from cxr_studio.donors.refine import refine
from cxr_studio.donors.seam import seamed
from cxr_studio.donors.search import Found, search
from cxr_studio.events import CancelToken
from cxr_studio.masks.boxes import Box, bounding_box

CANDIDATES = 48
"""Places that the first search hands on."""

FITTED = 14
"""Donors that are bent to the ring at a time."""

SCORED = 9
"""Of these, the nearest to the ring, whose looks are scored. The next ones are fitted where more are asked for, and
stand behind: the first few donors are the same however many are wanted."""


@dataclass(frozen=True, eq=False)
class Donor:
    """One way to fill a hole.

    Attributes:
        fit: Where it comes from and how it was fitted.
        score: How real it is taken to look; smaller is better.
        image: The window of the canvas ``float32 [h, w]`` with the hole filled.
        soft: True where it is softer than its surroundings and no window of the radiograph itself lent its detail.
    """

    fit: Fit
    score: float
    image: Unit
    soft: bool = False


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
    orders = []
    for some in _searched(query, shelves, canvas, limits.without):
        cancel.raise_if_cancelled()
        places = [place for _, place in refine(query, some)]
        orders.append(_ranked(query, places, canvas, wanted=limits.skip + limits.count, cancel=cancel))
    ranked = list(merge(*orders, key=lambda one: one[0]))
    own = next((fitted for _, fitted in ranked if not is_soft(fitted, canvas)), None)
    chosen = []
    for points, fitted in ranked[limits.skip : limits.skip + limits.count]:
        cancel.raise_if_cancelled()
        pixels, soft = sampled(query, fitted, canvas), is_soft(fitted, canvas)
        if soft and own is not None:
            detail = sampled(query, own, canvas)
            pixels = detailed(canvas, pixels, detail, larger=pixel_ratio(fitted, canvas))
        chosen.append(Donor(fitted, points, seamed(canvas, pixels), soft and own is None))
    return chosen


def _searched(query: Query, shelves: Sequence[Shelf], canvas: Canvas, without: frozenset[str]) -> list[list[Found]]:
    """Places that fit; where the radiograph is finer than the plates, its own are looked for and ranked beside them."""
    if canvas.scale <= LARGER or canvas.source is None:
        return [search(query, shelves, count=CANDIDATES, without=without)]
    found = search(query, shelves, count=CANDIDATES, without=without)
    own = [shelf for shelf in shelves if any(plate.shelf == "own" for plate in shelf.plates)]
    return [
        search(query, own, count=CANDIDATES, without=without),
        [one for one in found if one[1].plate.shelf != "own"],
    ]


def _ranked(
    query: Query, places: Sequence[Placement], canvas: Canvas, *, wanted: int, cancel: CancelToken
) -> list[tuple[float, Fit]]:
    """Order at least as many donors as are wanted, block by block, so that the first are the same for any number."""
    copied, ranked = set[Plate](), list[tuple[float, Fit]]()
    for start in range(0, len(places), FITTED):
        if len(ranked) >= wanted:
            break
        some = _scored(query, places[start : start + FITTED], copied, cancel=cancel)
        ranked += sorted(((points + softness(one, canvas), one) for points, one in some), key=lambda one: one[0])
        ranked = [one for one in ranked if one[1].placement.plate not in copied]
    return ranked


def _scored(
    query: Query, places: Sequence[Placement], copied: set[Plate], *, cancel: CancelToken
) -> list[tuple[float, Fit]]:
    """Fit donors, and score how real those nearest to the ring look; plates that show the hole itself are noted."""
    canvas, fits = canvas_of(query), []
    for place in places:
        cancel.raise_if_cancelled()
        fits.append(fit(query, place))
    scored: list[tuple[float, Fit]] = []
    for fitted in sorted(fits, key=lambda one: one.cost):
        if len(scored) >= SCORED:
            break
        cancel.raise_if_cancelled()
        plate = fitted.placement.plate
        pixels = sampled(query, fitted, canvas)
        if plate in copied or is_copy(canvas, pixels):
            copied.add(plate)
            continue
        scored.append((score(measures(query, fitted, canvas, pixels, blended(canvas, pixels))), fitted))
    return scored


def window_of(query: Query, donor: Donor) -> Box:
    """Box in the donor's radiograph, working pixels, that the hole was filled from: its frame, bends left out."""
    place, hole = donor.fit.placement, bounding_box(query.hole) or (0, 0, 1, 1)
    y0, x0, y1, x1 = hole[0], hole[1], hole[2] - 1, hole[3] - 1
    corners = np.array([[x0, y0, 1], [x1, y0, 1], [x0, y1, 1], [x1, y1, 1]]) @ place.matrix(query.shape).T
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    down, across = place.plate.corner
    return round(top) + down, round(left) + across, round(bottom) + down + 1, round(right) + across + 1
