"""What a network sees of a radiograph on its coarser square, and what its answer means at the radiograph's resolution.

What is put back is the *change*, enlarged and added: ribs, vessels and noise finer than the network's pixel stay the
patient's. Only where nothing of the patient is there, since the region was blanked, the answer itself is enlarged.

A blanked region seldom ends where a pixel of the square does. Averaged over such a pixel, black and tissue make a grey
that neither is: the network would leave it, and enlarged it would frame the repair. So a blind network sees each pixel
as what most of it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.whole_image import BLACK, Square
from cxr_studio.masks.boxes import Mask, cut
from cxr_studio.masks.morphology import grow
from cxr_studio.masks.regions import regions

HALF_A_GREY = 0.5 / 255
"""Unit value up to which a pixel is black: half a grey of 8 bits, as in ``networks.blank_gate``."""

REPAIRED = 0.04
"""Change, of the square's -1 to 1, from which a black pixel counts as repaired: five greys of 255. Air and collimators,
which a network may touch slightly, stay black."""

NEARLY = 0.9
"""Share of a region from which on it counts as one to repair; air that it touches makes it less."""

AROUND = 1.5
"""Pixels of the square around a repaired one that the same blanked region may reach into."""


@dataclass(frozen=True, eq=False)
class Sight:
    """A radiograph as a network sees it.

    Attributes:
        square: The radiograph on the network's square.
        seen: What the network sees, ``float32 [S, S]``, -1 to 1.
        hidden: Pixels of the square that hold nothing of the patient, ``bool [S, S]``.
        black: Pixels of the radiograph that hold nothing of the patient, ``bool [H, W]``.
        told: Whether all of them are to be repaired; else those are that the network repairs.
    """

    square: Square
    seen: NDArray[np.float32]
    hidden: Mask
    black: Mask
    told: bool = False

    @classmethod
    def plain(cls, square: Square) -> Sight:
        """For a translation: everything is of the patient."""
        return cls(square, square.grey, np.zeros(square.grey.shape, bool), np.zeros(square.shape, bool))

    @classmethod
    def blanked(cls, square: Square, mask: Mask) -> Sight:
        """For a repair inside a mask ``bool [H, W]``, which is blanked."""
        hidden = square.covered(mask) > 0
        return cls(square, np.where(hidden, np.float32(BLACK), square.grey), hidden, mask, told=True)

    @classmethod
    def blind(cls, square: Square, unit: NDArray[np.float32]) -> Sight:
        """For a repair of whatever is blank in a radiograph of these unit values ``[H, W]``."""
        black = unit <= HALF_A_GREY
        share = square.covered(black)
        hidden = share >= 0.5
        rest = (square.grey - np.float32(BLACK) * share) / np.where(hidden, np.float32(1), 1 - share)
        return cls(square, np.where(hidden, np.float32(BLACK), np.clip(rest, -1, 1)), hidden, black)

    def change(self, answer: NDArray[np.float32]) -> NDArray[np.float32]:
        """What is added to the patient's unit values, ``float32 [H, W]``, by an answer ``[S, S]``."""
        return self.square.back(np.where(self.hidden, np.float32(0), answer - self.seen)) / np.float32(2)

    def left(self, answer: NDArray[np.float32]) -> Mask:
        """What a blind network left black, or half so, of regions that it nearly repaired, ``bool [S, S]``."""
        left = np.zeros(self.hidden.shape, bool)
        if self.told:
            return left
        there = self._changed(answer)
        for region in regions(self.hidden):
            found, done = answer[cut(region.box)], there[cut(region.box)] & region.mask
            if done.any():
                done &= found >= (BLACK + np.median(found[done])) / 2
            if done.sum() > NEARLY * region.mask.sum():
                left[cut(region.box)] |= region.mask & ~done
        return left

    def _changed(self, answer: NDArray[np.float32]) -> Mask:
        return np.asarray(self.hidden & (np.abs(answer - self.seen) > REPAIRED))

    def repaired(self, answer: NDArray[np.float32]) -> Mask:
        """Where the answer itself is taken, ``bool [H, W]``."""
        if self.told:
            return self.black
        there = self._changed(answer)
        if not there.any():
            return np.zeros(self.square.shape, bool)
        return self.black & (self.square.back(grow(there, AROUND).astype(np.float32)) > 0.5)

    def repair(self, answer: NDArray[np.float32]) -> NDArray[np.float32]:
        """The unit values ``float32 [H, W]`` of the answer itself."""
        return self.square.back(answer) / np.float32(2) + np.float32(0.5)
