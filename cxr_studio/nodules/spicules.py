"""Spicules: strands that a nodule draws from its edge into the lung.

CT masks rarely hold them (one voxel is as wide as a strand), and the shape generator has learned from such masks, so
they are added: strands of the coarse kind that Zwirewich et al. 1991 describe, at all sides of the nodule, thickest at
the root and fading to the tip.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]

COUNTS = (10, 17)
"""Fewest and most strands."""

LENGTHS = (0.14, 0.42)
"""Beyond the edge, share of the nodule's diameter; short ones are more frequent."""

HALF_WIDTHS = (0.016, 0.03)
"""At the foot of the strand, share of the diameter."""

ROOT, TIP = 3.4, 0.4
"""Half width at the nodule's edge and at the tip, over that of the foot."""

TILT = 22.0
"""Standard deviation in degrees of a strand's direction about the ray from the middle."""

BEND = 0.12
"""Standard deviation of a strand's bow, share of its length."""

REACH = max(LENGTHS) + 0.08
"""Share of the diameter by which strands may reach beyond the nodule."""

DEEP = 6.5
"""Depth of a strand along the ray over its width: septa are sheets, and of a sheet those parts show that lie along the
ray. An estimate."""

FLARE = 0.2
"""Share of the length over which the root narrows to the foot: the nodule is drawn out there."""

FADING = 0.65
"""Share of its depth that a strand loses from root to tip."""

POINTS = 24
"""Points of a strand's middle line."""


@dataclass(frozen=True, eq=False)
class Strands:
    """Strands on a field.

    Attributes:
        depth: Signed distance to their edge, pixels, above zero inside.
        thickness: Along the ray, pixels.
    """

    depth: Values
    thickness: Values


def strands(depth: Values, wide: float, rng: np.random.Generator) -> Strands:
    """Draw strands around a nodule.

    Args:
        depth: Signed distance in pixels to the nodule's edge, above zero inside, with ``REACH`` of room around.
        wide: Its diameter, pixels; 60 or more, so that strands are wider than a pixel.
        rng: The only source of chance.
    """
    rows, columns = np.nonzero(depth > 0)
    middle = np.array([rows.mean(), columns.mean()])
    found = Strands(np.full(depth.shape, depth.min(), np.float32), np.zeros(depth.shape, np.float32))
    count = int(rng.integers(COUNTS[0], COUNTS[1] + 1))
    for angle in (np.arange(count) + rng.uniform(-0.35, 0.35, count)) / count * 2 * np.pi + rng.uniform(0, 2 * np.pi):
        line = _line(depth, middle, angle, wide=wide, rng=rng)
        _draw(found, line, wide * rng.uniform(*HALF_WIDTHS))
    return found


def _line(
    depth: Values, middle: NDArray[np.float64], angle: float, *, wide: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """The middle line ``[POINTS, 2]`` of one strand, from a little inside the nodule to its tip."""
    ray = np.array([np.sin(angle), np.cos(angle)])
    steps = np.arange(0.0, float(max(depth.shape)), 0.5)
    along = np.round(middle + steps[:, None] * ray).astype(int)
    inside = ((along >= 0) & (along < depth.shape)).all(axis=1)
    on = depth[tuple(along[inside].T)] > 0
    edge = float(steps[inside][np.argmin(on)]) if on.any() and not on.all() else 0.0
    length = wide * (LENGTHS[0] + (LENGTHS[1] - LENGTHS[0]) * float(rng.uniform()) ** 1.6)
    turn = angle + np.deg2rad(np.clip(rng.normal(0, TILT), -2 * TILT, 2 * TILT))
    way, side = np.array([np.sin(turn), np.cos(turn)]), np.array([np.cos(turn), -np.sin(turn)])
    share = np.linspace(0, 1, POINTS)
    bow = rng.normal(0, BEND) * length * share**2
    start = middle + (edge - 0.06 * wide) * ray
    return np.asarray(start + (length + 0.06 * wide) * share[:, None] * way + bow[:, None] * side)


def _draw(found: Strands, line: NDArray[np.float64], half: float) -> None:
    """Put one strand onto the fields."""
    share = np.linspace(0, 1, POINTS)
    widths = half * (1 - (1 - TIP) * share + (ROOT - 1) * np.exp(-share / FLARE))
    room = (ROOT + 1) * half + 2
    (top, left), (bottom, right) = (np.floor(line.min(0) - room).astype(int), np.ceil(line.max(0) + room).astype(int))
    top, left = max(0, top), max(0, left)
    bottom, right = min(found.depth.shape[0], bottom), min(found.depth.shape[1], right)
    if top >= bottom or left >= right:
        return
    rows, columns = np.ogrid[top:bottom, left:right]
    for (y, x), width, place in zip(*_dense(line, widths), strict=True):
        under = (width - np.hypot(rows - y, columns - x)).astype(np.float32)
        part = np.s_[top:bottom, left:right]
        np.maximum(found.depth[part], under, out=found.depth[part])
        across = np.sqrt(np.maximum(under * (2 * width - under), 0)).astype(np.float32)
        fading = np.float32(2 * DEEP * half / width * (1 - FADING * place))
        np.maximum(found.thickness[part], fading * across, out=found.thickness[part])


def _dense(
    line: NDArray[np.float64], widths: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The line with points closer than its width: places ``[n, 2]``, half widths, shares of the length."""
    length = float(np.hypot(*np.diff(line, axis=0).T).sum())
    count = max(POINTS, int(np.ceil(1.5 * length)))
    old, new = np.linspace(0, 1, len(line)), np.linspace(0, 1, count)
    places = np.stack([np.interp(new, old, line[:, 0]), np.interp(new, old, line[:, 1])], axis=1)
    return places, np.interp(new, old, widths), new
