"""The first search: every place of every plate, and of its mirror image, at a coarse scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cxr_studio.donors.copies import Original
from cxr_studio.donors.library import Shelf, coarse_at
from cxr_studio.donors.placement import Placement
from cxr_studio.donors.plate import COARSE, Plate, Unit
from cxr_studio.donors.query import Query
from cxr_studio.donors.template import Template

LARGEST = 16.0
"""Longest side in coarse pixels of a window that is searched for; a larger one is searched at a coarser scale."""

SPREAD = 2
"""Least distance in coarse pixels of two donors of one plate."""

PER_PLATE = 3
"""Donors of one plate and orientation at most."""

OF_ITS_OWN = 10
"""Donors of the radiograph itself and of its mirror image at most: no other is as sharp and as noisy."""

NEARNESS = 4.0
"""Cost rises by this share times the squared distance (in widths of a radiograph) to the same place of the lungs."""

AT_A_TIME = 16
"""Plates that are compared at a time: what is computed for them stays in the processor's cache."""

Found = tuple[float, Placement]


def factor_of(query: Query) -> int:
    """Working pixels per pixel at which a window is searched for."""
    factor = COARSE
    while max(query.shape) / factor > LARGEST * 1.25:
        factor *= 2
    return factor


def search(query: Query, shelves: Sequence[Shelf], *, count: int, without: frozenset[str] = frozenset()) -> list[Found]:
    """Find the places that fit best.

    Args:
        query: The hole.
        shelves: Where to look.
        count: How many to return at most.
        without: Patients whose plates are left out.

    Returns:
        Cost and placement, the best first.
    """
    factor = factor_of(query)
    template = coarse_template(query, factor)
    found: list[Found] = []
    wanted = count + 2 * PER_PLATE
    for shelf in shelves:
        for mirrored in (False, True):
            oriented = template.mirrored() if mirrored else template
            for first in range(0, len(shelf.plates), AT_A_TIME):
                plates = shelf.plates[first : first + AT_A_TIME]
                most = OF_ITS_OWN if plates[0].shelf == "own" else PER_PLATE
                limit = found[wanted - 1][0] if len(found) >= wanted else np.inf
                costs = oriented.costs(shelf.spectra(factor).part(first, first + AT_A_TIME))
                costs[[plate.shelf != "own" and plate.patient in without for plate in plates]] = np.inf
                _keep_off(costs, query, plates, factor=factor)
                _prefer(costs, query, plates, factor=factor, mirrored=mirrored)
                found += [
                    (cost, Placement(plates[n], mirrored, *_centre(query, place, factor=factor, mirrored=mirrored)))
                    for cost, n, place in _best(costs, count=wanted, limit=float(limit), most=most)
                ]
                found.sort(key=lambda one: one[0])
                del found[wanted:]
    return _without_copies(found, shelves)[:count]


def _without_copies(found: list[Found], shelves: Sequence[Shelf]) -> list[Found]:
    """Leave out plates that are the radiograph itself."""
    own = next((plate for shelf in shelves for plate in shelf.plates if plate.shelf == "own"), None)
    if own is None:
        return found
    original = Original(own)
    copies = {
        plate for plate in {place.plate for _, place in found} if plate is not own and original.is_shown_by(plate)
    }
    return [one for one in found if one[1].plate not in copies]


def coarse_template(query: Query, factor: int) -> Template:
    """The query's surroundings at ``factor`` pixels a pixel, padded to whole ones."""
    height, width = (-(-side // factor) * factor for side in query.shape)
    values, weight = np.zeros((height, width), np.float32), np.zeros((height, width), np.float32)
    window = np.s_[: query.shape[0], : query.shape[1]]
    weight[window], values[window] = query.weight, query.weight * query.image
    shape = height // factor, width // factor
    mean, total = (v.reshape(shape[0], factor, shape[1], factor).mean(axis=(1, 3)) for v in (values, weight))
    return Template(mean / np.maximum(total, np.float32(1e-9)), total)


def _keep_off(costs: Unit, query: Query, plates: Sequence[Plate], *, factor: int) -> None:
    """Leave out windows that hold unknown pixels."""
    for cost, plate in zip(costs, plates, strict=True):
        if plate.unknown is not None:
            blocked = _blocked(plate, query.shape, factor)
            cost[: blocked.shape[0], : blocked.shape[1]][blocked] = np.inf


def _blocked(plate: Plate, window: tuple[int, int], factor: int) -> NDArray[np.bool_]:
    """Coarse places of a window's first pixel at which it would hold an unknown pixel."""
    import cv2

    if plate.unknown is None:
        return np.zeros((0, 0), bool)
    height, width = coarse_at(plate, factor).shape
    squares = plate.unknown[: height * factor, : width * factor].reshape(height, factor, width, factor)
    bits = squares.any(axis=(1, 3))
    rows, columns = (-(-side // factor) + 1 for side in window)
    kernel = np.ones((rows, columns), np.uint8)
    return np.asarray(cv2.dilate(bits.astype(np.uint8), kernel, anchor=(0, 0), borderValue=0) > 0)


def _prefer(costs: Unit, query: Query, plates: Sequence[Plate], *, factor: int, mirrored: bool) -> None:
    """Raise the cost of windows that lie elsewhere in the chest."""
    rows = np.arange(costs.shape[1], dtype=np.float32)[:, None] * factor + query.shape[0] / 2
    columns = np.arange(costs.shape[2], dtype=np.float32)[None] * factor + query.shape[1] / 2
    y, x = query.middle
    for cost, plate in zip(costs, plates, strict=True):
        down = (rows + plate.corner[0]) / plate.whole[0] - y
        across = (columns + plate.corner[1]) / plate.whole[1]
        across = (1 - across if mirrored else across) - x
        cost[:] = cost * (1 + np.float32(NEARNESS) * (down**2 + across**2))


def _best(costs: Unit, *, count: int, limit: float, most: int) -> list[tuple[float, int, tuple[int, int]]]:
    """The least costs up to a limit, spread out over plates and places: cost, plate and the window's first pixel."""
    flat = costs.reshape(-1)
    tried = min(4 * count, flat.size - 1)
    if not np.isfinite(limit):
        limit = float(np.partition(flat, tried)[tried])
    order = np.flatnonzero(flat <= limit)
    taken: dict[int, list[tuple[int, int]]] = {}
    found: list[tuple[float, int, tuple[int, int]]] = []
    for index in order[np.argsort(flat[order], kind="stable")]:
        cost = float(flat[index])
        if not np.isfinite(cost) or len(found) == count:
            break
        n, y, x = (int(v) for v in np.unravel_index(index, costs.shape))
        same = taken.setdefault(n, [])
        if len(same) < most and all(max(abs(r - y), abs(c - x)) >= SPREAD for r, c in same):
            same.append((y, x))
            found.append((cost, n, (y, x)))
    return found


def _centre(query: Query, place: tuple[int, int], *, factor: int, mirrored: bool) -> tuple[float, float]:
    """Where the query's centre lies in the plate, pixels; mirrored, the padding to whole coarse pixels comes first."""
    height, width = query.shape
    spare = -width % factor if mirrored else 0
    return place[0] * factor + (height - 1) / 2, place[1] * factor + spare + (width - 1) / 2
