"""More nodules like one: of its size, contrast and density, in its part of the lungs, of other shapes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cxr_studio.errors import GeneratorError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules.drawing_again import add_findable
from cxr_studio.nodules.edits import placement_of
from cxr_studio.nodules.export import nodule_title
from cxr_studio.nodules.judging import TRIES
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.places import GAP, allowed_area, places
from cxr_studio.nodules.zones import Zone, in_zone, zone_of

COUNT = 5
"""Nodules that are drawn."""

SEEDS = 1 << 31
"""Seeds are drawn below it."""


def draw_alike(
    session: Session, like: Placement, *, device: str = "auto", cancel: CancelToken, progress: Progress
) -> tuple[list[tuple[Result, str]], Zone | None]:
    """Draw ``COUNT`` nodules like one and make each an edit of the session.

    Its look and generator are its own; place, shape, turn and seed are drawn anew.

    Args:
        session: Where; a copy on another thread.
        like: The nodule.
        device: Where the generator runs.
        cancel: Looked at between nodules.
        progress: Told before each.

    Returns:
        The nodules with their titles, in the order in which they were drawn; and the zone of the lungs that they lie
        in, None where they fit into the lungs as a whole only.

    Raises:
        GeneratorError: so many do not fit, or one cannot be drawn.
        Cancelled: by the token.
    """
    rng = np.random.default_rng([like.seed, len(session.edits), round(like.y), round(like.x)])
    centres, zone = _centres(session, like, rng)
    drawn = []
    for number, (y, x) in enumerate(centres):
        cancel.raise_if_cancelled()
        progress(number / COUNT, f"Nodule {number + 1} of {COUNT}")
        shape = None if like.shape_seed is None else like.shape_seed + number + 1
        seeds = [int(seed) for seed in rng.integers(SEEDS, size=TRIES)]
        fresh = {"y": y, "x": x, "seed": seeds[0], "shape_seed": shape}
        turned = {"angle": float(rng.uniform(0, 360)), "mirror": bool(rng.random() < 0.5)}
        placed, chosen = add_findable(session, replace(like, **fresh, **turned), seeds=seeds[1:], device=device)  # type: ignore[arg-type]
        drawn.append((placed, nodule_title(chosen, session)))
    return drawn, zone


def _centres(
    session: Session, like: Placement, rng: np.random.Generator
) -> tuple[list[tuple[float, float]], Zone | None]:
    """In the nodule's zone; where so many do not fit, in the lungs."""
    lungs = allowed_area(session.radiograph)
    zone = zone_of(lungs, like.y, like.x)
    free = lungs & ~_taken(session, like.diameter)
    try:
        return places(in_zone(lungs, zone) & free, [like.diameter] * COUNT, rng), zone
    except GeneratorError:
        return places(free, [like.diameter] * COUNT, rng), None


def _taken(session: Session, diameter: float) -> Mask:
    """Where the centre of a nodule would bring it too near to one that is there, ``bool [H, W]``."""
    height, width = session.radiograph.shape
    rows, columns = np.ogrid[:height, :width]
    taken = np.zeros((height, width), bool)
    for edit in session.edits:
        there = placement_of(edit) if edit.enabled else None
        if there is not None:
            taken |= np.hypot(rows - there.y, columns - there.x) < (diameter + there.diameter) / 2 + GAP
    return taken
