"""A seam inside the hole: near the border what is known runs on smoothly, further in the donor takes over.

Pixels outside must stay, so a donor cannot be cut where it agrees best with them. Inside the hole it can: a minimum cut
between the border and the hole's middle finds where the donor differs least, in grey and in slope, from the smooth
continuation of the known side. The donor's noise covers both parts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.donors.compose import Canvas
from cxr_studio.donors.membrane import membrane
from cxr_studio.donors.plate import Unit
from cxr_studio.masks.boxes import Mask, bounding_box
from cxr_studio.networks import biharmonic

BAND = 7.0
"""Depth in working pixels up to which the seam may lie inside the hole."""

BAND_SHARE = 0.35
"""The same as a share of the hole's greatest depth: its middle always comes from the donor."""

NOISE_BLUR = 2.0
"""Standard deviation in working pixels of the Gaussian above which a donor's structure is noise."""

SLOPES = 2.0
"""Weight of the slopes' difference beside that of the greys, in the cost of a seam."""

SOLVED = 72
"""Longest side in pixels of a hole whose seam and continuation are found at full resolution."""

LEAST_KNOWN = 0.5
"""Share of a smaller pixel that must be known for it to count as known."""

STEPS = 1000.0
"""Whole steps of the cost of a seam per unit value."""

LENGTH_COST = 2
"""Least cost of a seam per pixel, steps: of two that fit alike the shorter is taken."""

ENDLESS = 10_000_000
"""Capacity that no seam can cut."""


def seamed(canvas: Canvas, donor: Unit) -> Unit:
    """Lay a donor's pixels into the hole within the best seam.

    Args:
        canvas: The window.
        donor: Unit values ``float32`` of the canvas.

    Returns:
        Unit values ``float32`` of the canvas; equal to its image outside the hole.
    """
    import cv2

    box = bounding_box(canvas.hole)
    if box is None:
        return canvas.image
    smaller = max(1.0, max(box[2] - box[0], box[3] - box[1]) / SOLVED)
    going_on = continuation(canvas, smaller)
    noise = donor - cv2.GaussianBlur(donor, (0, 0), NOISE_BLUR * max(1.0, canvas.scale))
    inner = _within_seam(canvas, going_on, donor - noise, smaller=smaller)
    base = np.where(canvas.hole, going_on + noise, canvas.image)
    carried = membrane(np.where(inner, np.float32(0), base - donor), inner) if inner.any() else np.zeros_like(base)
    return np.where(canvas.hole, np.where(inner, donor + carried, base), canvas.image).astype(np.float32)


def continuation(canvas: Canvas, smaller: float) -> Unit:
    """The surroundings, run on into the unknown pixels in value and slope.

    Args:
        canvas: The window.
        smaller: Pixels of the canvas per pixel at which the biharmonic surface is solved.
    """
    import cv2

    if smaller == 1.0:
        return biharmonic.fill(canvas.image, canvas.unknown)
    values, share = _shrunk(canvas, smaller)
    solved = biharmonic.fill(values, share < LEAST_KNOWN)
    surface = np.asarray(cv2.resize(solved, canvas.image.shape[::-1], interpolation=cv2.INTER_CUBIC))
    gap = np.where(canvas.unknown, np.float32(0), canvas.image - surface)
    return np.asarray(surface + membrane(gap, canvas.unknown), np.float32)


def _shrunk(canvas: Canvas, smaller: float) -> tuple[Unit, Unit]:
    """Means of the known pixels at a smaller size, and how much of each pixel is known."""
    import cv2

    size = max(4, round(canvas.image.shape[1] / smaller)), max(4, round(canvas.image.shape[0] / smaller))
    known = (~canvas.unknown).astype(np.float32)
    total, share = (cv2.resize(v, size, interpolation=cv2.INTER_AREA) for v in (canvas.image * known, known))
    return np.asarray(total / np.maximum(share, np.float32(1e-6))), np.asarray(share)


def _within_seam(canvas: Canvas, going_on: Unit, donor: Unit, *, smaller: float) -> Mask:
    """Pixels of the hole within the best seam."""
    import cv2

    gap = cv2.GaussianBlur(going_on, (0, 0), max(1.0, canvas.scale)) - donor
    hole, unknown = canvas.hole, canvas.unknown
    if smaller > 1.0:
        size = max(4, round(gap.shape[1] / smaller)), max(4, round(gap.shape[0] / smaller))
        gap, inside, open_ = (
            cv2.resize(v.astype(np.float32), size, interpolation=cv2.INTER_AREA) for v in (gap, hole, unknown)
        )
        hole, unknown = inside > LEAST_KNOWN, open_ > LEAST_KNOWN
    band = BAND * max(1.0, canvas.scale) / smaller
    found = cut(np.asarray(gap), hole, ~unknown, band=band)
    if smaller > 1.0:
        grown = cv2.resize(found.astype(np.float32), canvas.hole.shape[::-1], interpolation=cv2.INTER_LINEAR)
        found = np.asarray(grown > LEAST_KNOWN)
    return found & canvas.hole


def cut(gap: Unit, hole: Mask, known: Mask, *, band: float) -> Mask:
    """Find the cheapest closed seam between the known pixels and the middle of the hole.

    Args:
        gap: Donor less continuation ``float32 [h, w]``.
        hole: Pixels to fill.
        known: Pixels around it; where there are none, all of the hole is the donor's.
        band: Depth in pixels up to which the seam may lie.

    Returns:
        Pixels within the seam.
    """
    import cv2
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    depth = cv2.distanceTransform(np.pad(~known, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    deep = hole & (depth > min(band, BAND_SHARE * float(depth[hole].max())))
    if not known.any():
        return hole
    across, down = np.zeros_like(gap), np.zeros_like(gap)
    across[:, :-1], down[:-1] = np.diff(gap, axis=1), np.diff(gap, axis=0)
    cost = np.abs(gap) + np.float32(SLOPES) * (np.abs(across) + np.abs(down))
    graph = _graph(cost, hole, (known, deep))
    flow = maximum_flow(graph, hole.size, hole.size + 1).flow
    left = graph - flow
    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    inner = np.ones(hole.size + 2, bool)
    inner[breadth_first_order(left, hole.size, return_predecessors=False)] = False
    return np.asarray(inner[: hole.size].reshape(hole.shape) & hole)


def _graph(cost: Unit, hole: Mask, ends: tuple[Mask, Mask]) -> NDArray[np.int32]:
    """Neighbouring pixels with the cost of a seam between them; the known ones are the source, the middle the sink."""
    from scipy.sparse import coo_array

    number = np.arange(hole.size).reshape(hole.shape)
    flat, inside = cost.ravel(), hole.ravel()
    rows, columns, values = [], [], []
    for one, other in ((number[:, :-1], number[:, 1:]), (number[:-1], number[1:])):
        touching = inside[one.ravel()] | inside[other.ravel()]
        first, second = one.ravel()[touching], other.ravel()[touching]
        price = (STEPS * (flat[first] + flat[second])).astype(np.int64) + LENGTH_COST
        rows += [first, second]
        columns += [second, first]
        values += [price, price]
    source, sink = (np.flatnonzero(end) for end in ends)
    rows += [np.full(source.size, hole.size), sink]
    columns += [source, np.full(sink.size, hole.size + 1)]
    values += [np.full(source.size + sink.size, ENDLESS)]
    entries = np.minimum(np.concatenate(values), ENDLESS).astype(np.int32)
    side = hole.size + 2
    matrix = coo_array((entries, (np.concatenate(rows), np.concatenate(columns))), shape=(side, side))
    return matrix.tocsr()  # type: ignore[no-any-return]
