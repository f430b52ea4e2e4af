"""Sliding square holes over one plane: where they lie, what a generator fills them with, what that differs by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cxr_studio.events import CancelToken
from cxr_studio.inpainting.classical import CLASSICAL, Unit
from cxr_studio.inpainting.drawn_fill import LoadedInpainter
from cxr_studio.inpainting.generators import GeneratorFacts
from cxr_studio.inpainting.network_fill import BATCH, LoadedNetwork
from cxr_studio.inpainting.trained_fill import load
from cxr_studio.masks.boxes import Mask
from cxr_studio.networks.biharmonic import fill_squares
from cxr_studio.networks.card import Card, Role

CLASSICAL_CARD = Card("classical", "Classical", Role.RESTORE, "", {}, 128, 64, "biharmonic", 0.2, 1024)
"""Geometry at which a classical fill, which has no card, slides: that of the shipped context encoder."""

LEAST_WEIGHT = 0.02
"""Weight of a hole's edge, relative to its centre: at the edge nearly everything is known."""

LEAST_LUNG = 0.1
"""Least share of a hole that lies in the lungs."""


@dataclass(frozen=True, eq=False)
class SquareFill:
    """A generator that fills the central squares of crops.

    Attributes:
        card: Its geometry.
        answer: Crops ``float32 [N, S, S]`` in unit values to squares ``[N, h, h]``.
        device: torch's name of the device.
    """

    card: Card
    answer: Callable[[Unit], Unit]
    device: str


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


def square_fill(facts: GeneratorFacts, device: str, *, like: Card = CLASSICAL_CARD) -> SquareFill:
    """Prepare a generator for sliding.

    Args:
        facts: A generator whose role is to restore.
        device: torch's name of the device; a classical fill always runs on the processor.
        like: Geometry at which a classical fill slides.

    Raises:
        CheckpointError: the weights do not fit.
    """
    if facts.checkpoint is None:
        return SquareFill(like, lambda crops: _classical(facts.name, crops, like.hole_side), "cpu")
    network = load(facts, device)
    return SquareFill(network.card, lambda crops: _trained(network, crops), device)


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
        for (y, x), filled in zip(batch, fill.answer(crops), strict=True):
            place = np.s_[y : y + side, x : x + side]
            gap = plane[place] - filled
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


def _trained(network: LoadedNetwork | LoadedInpainter, crops: Unit) -> Unit:
    """Answers of a network to crops whose central squares are unknown."""
    card = network.card
    margin = (card.input_side - card.hole_side) // 2
    centre = slice(margin, margin + card.hole_side)
    holes = np.zeros(crops.shape, bool)
    holes[:, centre, centre] = True
    blank = card.base == "blank"
    based = np.where(holes, np.float32(0.5), crops) if blank else fill_squares(crops, card.hole_side)
    return network.predict(based, holes)


def _classical(name: str, crops: Unit, hole: int) -> Unit:
    side = crops.shape[1]
    margin = (side - hole) // 2
    centre = slice(margin, margin + hole)
    if name == "biharmonic":
        return fill_squares(crops, hole)[:, centre, centre]
    mask = np.zeros((side, side), bool)
    mask[centre, centre] = True
    return np.stack([CLASSICAL[name](crop, mask)[centre, centre] for crop in crops])
