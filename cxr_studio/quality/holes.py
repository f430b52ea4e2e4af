"""Holes to measure generators by: squares at seeded points inside the two lung boxes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_studio.errors import StudioError
from cxr_studio.masks.boxes import Box, Mask
from cxr_studio.masks.lung_boxes import random_lung_point
from cxr_studio.radiographs.radiograph import Radiograph

SIDE = 64
"""Side of a hole in pixels (Belli et al.)."""

MARGIN = 64
"""Least distance in pixels of a hole's centre from the image's edge: its whole context lies inside."""


@dataclass(frozen=True, eq=False)
class Hole:
    """One hole in one radiograph.

    Attributes:
        radiograph: Where it is.
        name: The radiograph's file name.
        box: The square.
        number: Its number, also the seed of the grain.
    """

    radiograph: Radiograph
    name: str
    box: Box
    number: int

    def mask(self) -> Mask:
        """The hole as a mask of the radiograph's shape."""
        mask = np.zeros(self.radiograph.shape, bool)
        mask[self.box[0] : self.box[2], self.box[1] : self.box[3]] = True
        mask.setflags(write=False)
        return mask


def draw_holes(radiograph: Radiograph, path: Path, *, count: int, seed: int) -> list[Hole]:
    """Draw holes of one radiograph; the same seed and file name give the same holes.

    Args:
        radiograph: At least 128 pixels a side.
        path: Its name takes part in the seed.
        count: How many.
        seed: Of the evaluation.

    Raises:
        StudioError: the radiograph is smaller.
    """
    if min(radiograph.shape) < 2 * MARGIN:
        raise StudioError(
            f"the radiograph is too small for holes of {SIDE} × {SIDE} pixels",
            file=path,
            remedy=f"Give images of at least {2 * MARGIN} pixels a side",
        )
    rng = np.random.default_rng([seed, *path.stem.encode()])
    holes = []
    for number in range(count):
        y, x = random_lung_point(rng, radiograph.shape, margin=MARGIN)
        top, left = y - SIDE // 2, x - SIDE // 2
        holes.append(Hole(radiograph, path.name, (top, left, top + SIDE, left + SIDE), number))
    return holes
