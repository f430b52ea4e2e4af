"""Pairs that an observer is trained and tested on: the same crop as it was and as a generator filled it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Box, Value, cut_square
from cxr_studio.networks.observer import ObserverError

Crops = NDArray[np.float32]
"""``float32 [N, S, S]`` unit values: 0 and 1 are the edges of the window that generators see."""

Holes = NDArray[np.bool_]
"""``bool [N, S, S]``, True where the crop was filled, or would have been."""

SIDE_STEP = 16
"""Crops' sides are multiples of this."""

KNOWN_SIDES = (32, 128)
"""Longest sides of holes, pixels, that observers trained on 64 × 64 ones are asked about."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Two crops a trial; the observer is to say which one is real.

    Attributes:
        real: ``float32 [N, S, S]``, S a multiple of 16.
        fake: The same crops filled.
        groups: ``[N]`` patients; intervals resample them, and no patient may be trained and tested on.
        holes: Where each was filled; None for the central square of half the side.
    """

    real: Crops
    fake: Crops
    groups: tuple[str, ...]
    holes: Holes | None = None

    def __post_init__(self) -> None:
        shape = self.real.shape
        if len(shape) != 3 or shape[1] != shape[2] or shape[1] % SIDE_STEP or not shape[1]:
            raise ObserverError(f"crops must be squares with a side that is a multiple of {SIDE_STEP}, not {shape}")
        if self.fake.shape != shape or len(self.groups) != len(self.real):
            raise ObserverError(
                f"there are {len(self.real)} real crops, {len(self.fake)} filled, {len(self.groups)} names"
            )
        if self.holes is not None and self.holes.shape != shape:
            raise ObserverError(f"the holes {self.holes.shape} do not fit the crops {shape}")
        if not (np.isfinite(self.real).all() and np.isfinite(self.fake).all()):
            raise ObserverError("a crop has values that are not finite", remedy="Leave such crops out")

    def __len__(self) -> int:
        return len(self.real)

    @property
    def known_holes(self) -> Holes:
        """The holes, ``bool [N, S, S]``; central squares where none are given."""
        return central_holes(self.real.shape) if self.holes is None else self.holes

    def only(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Pairs:
        """Some of the pairs, by mask or by index."""
        places = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        groups = tuple(self.groups[int(k)] for k in places)
        holes = None if self.holes is None else self.holes[places]
        return Pairs(self.real[places], self.fake[places], groups, holes)

    def without(self, patients: Sequence[str]) -> Pairs:
        """The pairs of all other patients."""
        left_out = set(patients)
        return self.only(np.array([group not in left_out for group in self.groups], bool))


def crop_side(boxes: Sequence[Box]) -> int:
    """Side of the crops for holes in these boxes: twice the longest side, a multiple of 16."""
    longest = max(max(box[2] - box[0], box[3] - box[1]) for box in boxes)
    return -(-2 * longest // SIDE_STEP) * SIDE_STEP


def centred(image: NDArray[Value], box: Box, side: int) -> NDArray[Value]:
    """The square of an image ``[H, W]`` around a box's centre, ``[side, side]``; see ``cut_square``."""
    return cut_square(image, ((box[0] + box[2] - side) // 2, (box[1] + box[3] - side) // 2), side)


def is_known(box: Box) -> bool:
    """Whether a hole in a box is of a size that observers trained on 64 × 64 ones are asked about."""
    return KNOWN_SIDES[0] <= max(box[2] - box[0], box[3] - box[1]) <= KNOWN_SIDES[1]


def central_holes(shape: tuple[int, ...]) -> Holes:
    """The central square of half the side in each of ``[N, S, S]`` crops."""
    holes = np.zeros(shape, bool)
    quarter = shape[1] // 4
    holes[:, quarter : shape[1] - quarter, quarter : shape[2] - quarter] = True
    return holes


def joined(parts: Sequence[Pairs]) -> Pairs:
    """All pairs of several sets, one after another.

    Raises:
        ObserverError: there are none.
    """
    if not parts:
        raise ObserverError("there are no pairs")
    groups = tuple(group for part in parts for group in part.groups)
    real = np.concatenate([part.real for part in parts])
    fake = np.concatenate([part.fake for part in parts])
    return Pairs(real, fake, groups, np.concatenate([part.known_holes for part in parts]))
