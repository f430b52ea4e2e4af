"""A nodule brought to a requested rectangle: its silhouette lies inside, its soft edge fades before the border."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor
from typing import cast

import numpy as np

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.offering import find
from cxr_studio.generation.result import Area, Patch, Result
from cxr_studio.masks.boxes import Mask, bounding_box, cut
from cxr_studio.nodules.ct_superposition import projection_of
from cxr_studio.nodules.placement import DIAMETERS_PX, Placement
from cxr_studio.nodules.rules import INSERT
from cxr_studio.nodules.silhouette import silhouette_of
from cxr_studio.radiographs.radiograph import Stored

Frame = tuple[float, float, float, float]
"""A rectangle ``y0, x0, y1, x1`` in pixels, not yet brought to whole ones."""

MARGIN_SHARE, MARGINS = 0.05, (0, 3)
"""Share of the shorter side that is left for the soft edge, and its limits in pixels."""

SQUARE = 1.15
"""Ratio of the sides up to which a rectangle counts as square; in a longer one a nodule is turned along it."""

TRIES = 12
"""Diameters that are tried for a nodule."""

CLOSE = 1.03
"""Room, as a ratio of lengths, at which no larger diameter is looked for."""

OTHERS = 8
"""Nodules that are tried where one does not fit even at the smallest diameter."""


def margin_of(frame: Frame) -> int:
    """Pixels between a rectangle's border and the silhouette in it."""
    side = min(frame[2] - frame[0], frame[3] - frame[1])
    return int(np.clip(round(MARGIN_SHARE * side), *MARGINS))


def fitted_into(frame: Frame, placement: Placement, *, mm_per_pixel: float) -> Placement:
    """Choose centre, diameter and turn so that the silhouette fills a rectangle without leaving it.

    Args:
        frame: The rectangle.
        placement: The rest: seed, generator, contrast. Its centre and diameter are replaced.
        mm_per_pixel: Of the radiograph, or assumed.

    Raises:
        GeneratorError: not even the smallest nodule fits.
    """
    margin = margin_of(frame)
    inner = (ceil(frame[0]) + margin, ceil(frame[1]) + margin, floor(frame[2]) - margin, floor(frame[3]) - margin)
    room = inner[2] - inner[0], inner[3] - inner[1]
    if min(room) >= 1:
        for turn in range(OTHERS):
            trial = replace(placement, seed=placement.seed + turn * 1_000_003)
            found = _largest(_along(trial, room, mm_per_pixel), room, mm_per_pixel)
            if found is not None:
                return _centred(found, inner, mm_per_pixel)
    raise GeneratorError(
        f"no nodule of {DIAMETERS_PX[0]:g} pixels or more fits into it", remedy="Give a larger box, or leave it out"
    )


def faded(placed: Result, before: Stored, frame: Frame) -> Result:
    """Let a nodule's change fade to nothing over the margin of its rectangle; outside, every pixel is as before.

    Args:
        placed: A nodule that ``fitted_into`` has placed.
        before: Stored values of the whole image without it.
        frame: The rectangle.
    """
    margin, (y0, x0, y1, x1) = margin_of(frame), frame
    patches = []
    for patch in placed.patches:
        rows = np.arange(patch.box[0], patch.box[2]) + 0.5
        columns = np.arange(patch.box[1], patch.box[3]) + 0.5
        down, across = np.minimum(rows - y0, y1 - rows), np.minimum(columns - x0, x1 - columns)
        depth = np.minimum(down[:, None], across[None, :])
        kept = np.where(depth < 0.5, 0.0, np.clip(depth / (margin + 0.5), 0, 1))
        old = before[patch.box[0] : patch.box[2], patch.box[1] : patch.box[3]].astype(np.float64)
        new = np.rint(old + kept * (patch.stored - old)).astype(before.dtype)
        patches.append(Patch(patch.box, cast(Stored, new)))
    box = patches[0].box
    written = Area(box, patches[0].stored != before[cut(box)])
    return replace(placed, patches=tuple(patches), written=written)


def outline_of(placement: Placement, mm_per_pixel: float) -> Mask:
    """Silhouette that a placed nodule will have, in about its own rectangle; nothing is drawn."""
    if find(placement.generator, INSERT).checkpoint is None:
        return projection_of(placement, mm_per_pixel).mask
    return silhouette_of(placement, mm_per_pixel)


def _along(placement: Placement, room: tuple[int, int], mm_per_pixel: float) -> Placement:
    """Turned so that the nodule's major axis lies along a rectangle's longer side."""
    if max(room) < SQUARE * min(room):
        return placement
    trial = replace(placement, diameter=float(np.clip(min(room), *DIAMETERS_PX)))
    y, x = np.nonzero(outline_of(trial, mm_per_pixel))
    _, axes = np.linalg.eigh(np.cov(np.stack([y, x]).astype(np.float64), bias=True))
    lies = np.degrees(np.arctan2(-axes[0, 1], axes[1, 1]))
    wanted = 90.0 if room[0] > room[1] else 0.0
    return replace(trial, angle=round(float((placement.angle + wanted - lies) % 180), 1))


def _largest(placement: Placement, room: tuple[int, int], mm_per_pixel: float) -> Placement | None:
    """The largest diameter found whose silhouette fits into so many rows and columns."""
    size, best = float(np.clip(sum(room) / 2, *DIAMETERS_PX)), None
    for _ in range(TRIES):
        trial = replace(placement, diameter=size)
        y0, x0, y1, x1 = bounding_box(outline_of(trial, mm_per_pixel)) or (0, 0, 0, 0)
        spare = min(room[0] / max(1, y1 - y0), room[1] / max(1, x1 - x0))
        if spare >= 1 and (best is None or size > best.diameter):
            best = trial
        if 1 <= spare < CLOSE or (spare < 1 and size <= DIAMETERS_PX[0]):
            break
        change = spare if spare < 1 else min(spare, 1.2)
        if best is not None and spare < 1:
            change = max(change, (best.diameter / size + 1) / 2)
        size = float(np.clip(size * change * (0.995 if spare < 1 else 1), *DIAMETERS_PX))
        if best is not None and abs(size - best.diameter) < 0.01:
            break
    return best


def _centred(placement: Placement, inner: tuple[int, int, int, int], mm_per_pixel: float) -> Placement:
    """Placed so that the silhouette's rectangle lies in the middle of another one."""
    mask = outline_of(placement, mm_per_pixel)
    y0, x0, y1, x1 = bounding_box(mask) or (0, 0, 0, 0)
    y, x = np.nonzero(mask)
    top = inner[0] + (inner[2] - inner[0] - (y1 - y0)) // 2
    left = inner[1] + (inner[3] - inner[1] - (x1 - x0)) // 2
    return replace(placement, y=top - y0 + float(y.mean()), x=left - x0 + float(x.mean()))
