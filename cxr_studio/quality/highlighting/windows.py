"""Sliding square holes over one plane: where they lie, what a generator fills them with, what that differs by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cxr_studio.events import CancelToken
from cxr_studio.masks.boxes import Mask
from cxr_studio.networks.card import Card
from cxr_studio.restore.classical import Unit
from cxr_studio.restore.network_fill import BATCH

LEAST_WEIGHT = 0.02
"""Weight of a hole's edge, relative to its centre: at the edge nearly everything is known."""

SURE = np.float32(0.02)
"""Where the samples' standard deviation, in shares of the window, is this, a difference counts 1/√2 of what it does
where they agree: what healthy lung may look like there is not known."""

LEAST_LUNG = 0.1
"""Least share of a hole that lies in the lungs."""


@dataclass(frozen=True, eq=False)
class SquareFill:
    """A generator that fills the central squares of crops.

    Attributes:
        card: Its geometry.
        answer: Crops ``float32 [N, S, S]`` in unit values, and a seed, to squares ``[N, h, h]``.
        device: torch's name of the device.
        samples: Fills of every hole, by seeds 0, 1, …; see ``sampled``.
    """

    card: Card
    answer: Callable[[Unit, int], Unit]
    device: str
    samples: int = 1

    def sampled(self, crops: Unit) -> tuple[Unit, Unit]:
        """Mean and standard deviation of the samples, squares ``float32 [N, h, h]`` each."""
        if self.samples == 1:
            only = self.answer(crops, 0)
            return only, np.zeros_like(only)
        fills = np.stack([self.answer(crops, seed) for seed in range(self.samples)])
        return np.asarray(fills.mean(axis=0)), np.asarray(fills.std(axis=0, ddof=1))


@dataclass(frozen=True, eq=False)
class Differences:
    """Weighted sums of what windows differed by, on one plane.

    Attributes:
        absolute: Sum of weight × |original - filled|, ``float32 [h, w]``.
        signed: Sum of weight × (original - filled).
        weight: Sum of weights.
    """

    absolute: Unit
    signed: Unit
    weight: Unit

    @classmethod
    def nothing(cls, shape: tuple[int, ...]) -> Differences:
        """Before the first window."""
        return cls(np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.zeros(shape, np.float32))

    def means(self) -> tuple[Unit, Unit]:
        """Mean absolute and mean signed difference; 0 where no window was."""
        weight = np.maximum(self.weight, 1e-6)
        return np.asarray(self.absolute / weight, np.float32), np.asarray(self.signed / weight, np.float32)


def hole_corners(lungs: Mask, side: int, stride: int) -> list[tuple[int, int]]:
    """Top left corners ``(y, x)`` of holes on a regular grid that reaches the lungs' edges.

    Args:
        lungs: ``bool [h, w]``.
        side: Of a hole, pixels.
        stride: From hole to hole, pixels.

    Returns:
        Row by row; none where the plane is smaller than a hole or there is no lung.
    """
    height, width = lungs.shape
    if min(height, width) < side or not lungs.any():
        return []
    rows, columns = np.flatnonzero(lungs.any(axis=1)), np.flatnonzero(lungs.any(axis=0))
    area = np.pad(lungs.astype(np.float64).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    found = []
    for y in _starts(int(rows[0]), int(rows[-1]) + 1, side, stride=stride, length=height):
        for x in _starts(int(columns[0]), int(columns[-1]) + 1, side, stride=stride, length=width):
            inside = area[y + side, x + side] - area[y, x + side] - area[y + side, x] + area[y, x]
            if inside >= LEAST_LUNG * side * side:
                found.append((y, x))
    return found


def slide(
    fill: SquareFill, plane: Unit, corners: list[tuple[int, int]], *, onto: Differences, cancel: CancelToken
) -> Iterator[int]:
    """Fill hole after hole and add up the differences; yields how many holes are done, after every batch.

    Raises:
        Cancelled: between batches.
    """
    side, margin = fill.card.hole_side, (fill.card.input_side - fill.card.hole_side) // 2
    wide = np.pad(plane, margin, mode="symmetric")
    weight = hole_weight(side)
    for start in range(0, len(corners), BATCH):
        cancel.raise_if_cancelled()
        batch = corners[start : start + BATCH]
        crops = np.stack([wide[y : y + fill.card.input_side, x : x + fill.card.input_side] for y, x in batch])
        for (y, x), filled, spread in zip(batch, *fill.sampled(crops), strict=True):
            place = np.s_[y : y + side, x : x + side]
            gap = (plane[place] - filled) * SURE / np.sqrt(SURE**2 + spread**2)
            onto.signed[place] += weight * gap
            onto.absolute[place] += weight * np.abs(gap)
            onto.weight[place] += weight
        yield start + len(batch)


@lru_cache(maxsize=8)
def hole_weight(side: int) -> Unit:
    """Weights of a hole's pixels, ``float32 [side, side]``: a raised cosine, since the middle is known least."""
    ramp = np.sin(np.pi * (np.arange(side) + 0.5) / side) ** 2 + LEAST_WEIGHT
    return np.outer(ramp, ramp).astype(np.float32)


def _starts(first: int, last: int, side: int, *, stride: int, length: int) -> list[int]:
    """Starts of holes that cover ``first`` to ``last`` with their better halves, within 0 to ``length``."""
    low, high = first - side // 4, last - 3 * side // 4
    count = max(1, -(-max(high - low, 0) // stride) + 1)
    places = np.linspace(low, max(high, low), count)
    return sorted({int(np.clip(round(place), 0, length - side)) for place in places})
