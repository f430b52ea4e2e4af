"""The second search: the best places again at a finer scale, then with small turns and other sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cxr_studio.donors.placement import Placement
from cxr_studio.donors.plate import coarse_of
from cxr_studio.donors.query import Query
from cxr_studio.donors.search import Found, coarse_template, factor_of
from cxr_studio.donors.template import Template, spectra_of

FINER = 4
"""How many times finer than the first search."""

TURNS = (-8.0, -4.0, 4.0, 8.0)
"""Degrees by which a donor is turned on trial."""

ZOOMS = (0.92, 1.08)
"""Sizes at which a donor is taken on trial, plate pixels per pixel."""

TURNED = 12
"""Donors that are turned and scaled on trial."""

TURN_COST = 1.04
"""Factor of the cost of a turned or scaled donor: without gain it stays as it is."""


def refine(query: Query, found: Sequence[Found]) -> list[Found]:
    """Fit every donor more exactly; the best first.

    Args:
        query: The hole.
        found: Answer of the first search.

    Returns:
        Mean squared difference (unit values) and placement.
    """
    factor = factor_of(query)
    fine = max(1, factor // FINER)
    template = coarse_template(query, fine)
    first = _fitted(query, template, [placement for _, placement in found], fine=fine, reach=factor)
    first.sort(key=lambda one: one[0])
    best = first[:TURNED]
    tried = [replace(p, turn=turn) for _, p in best for turn in TURNS]
    tried += [replace(p, zoom=zoom) for _, p in best for zoom in ZOOMS]
    second = _fitted(query, template, tried, fine=fine, reach=2 * fine)
    turned = [(cost * TURN_COST, placement) for cost, placement in second]
    return sorted(_one_each(query, [*first, *turned]), key=lambda one: one[0])


def _fitted(query: Query, template: Template, tried: Sequence[Placement], *, fine: int, reach: int) -> list[Found]:
    """Move every placement by up to ``reach`` pixels to where it fits best, and leave out those beyond the plate."""
    steps = -(-reach // fine)
    wide = template.weight.shape[0] * fine + 2 * steps * fine, template.weight.shape[1] * fine + 2 * steps * fine
    spare = wide[0] - 2 * steps * fine - query.shape[0], wide[1] - 2 * steps * fine - query.shape[1]
    kept = [p for p in tried if p.inside(query.shape, margin=reach)]
    if not kept:
        return []
    shifted = [_moved(p, spare[0] / 2, spare[1] / 2) for p in kept]
    costs = template.costs(spectra_of([coarse_of(p.window(wide), fine) for p in shifted]))
    found = []
    for cost, placement in zip(costs, kept, strict=True):
        near = cost[: 2 * steps + 1, : 2 * steps + 1]
        row, column = divmod(int(near.argmin()), near.shape[1])
        place = _moved(placement, (row - steps) * fine, (column - steps) * fine)
        if place.inside(query.shape):
            found.append((float(near[row, column]), place))
    return found


def _moved(placement: Placement, down: float, across: float) -> Placement:
    """Moved by pixels of the window."""
    x, y = placement.matrix((1, 1))[:, :2] @ np.array([across, down])
    return replace(placement, y=placement.y + float(y), x=placement.x + float(x))


def _one_each(query: Query, found: list[Found]) -> list[Found]:
    """Of donors that overlap almost wholly, the best alone."""
    apart = max(query.shape) / 8
    kept: list[Found] = []
    for cost, place in sorted(found, key=lambda one: one[0]):
        if all(
            other.plate is not place.plate
            or other.mirrored != place.mirrored
            or abs(other.y - place.y) + abs(other.x - place.x) > apart
            for _, other in kept
        ):
            kept.append((cost, place))
    return kept
