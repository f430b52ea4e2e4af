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


def draw_holes(radiograph: Radiograph, path: Path, *, count: int, seed: int, side: int = SIDE) -> list[Hole]:
    """Draw holes of one radiograph; the same seed and file name give the same holes.

    Args:
        radiograph: At least twice the hole a side.
        path: Its name takes part in the seed.
        count: How many.
        seed: Of the evaluation.
        side: Of a hole, pixels; no hole's centre is nearer than this to the image's edge.

    Raises:
        StudioError: the radiograph is smaller.
    """
    boxes = lung_squares(radiograph.shape, path, count=count, seed=seed, side=side)
    return [Hole(radiograph, path.name, box, number) for number, box in enumerate(boxes)]


def lung_squares(shape: tuple[int, int], path: Path, *, count: int, seed: int, side: int = SIDE) -> list[Box]:
    """The squares of ``draw_holes`` in an image of this ``(height, width)``.

    Raises:
        StudioError: it is too small.
    """
    if min(shape) < 2 * side:
        raise StudioError(
            f"the radiograph is too small for holes of {side} × {side} pixels",
            file=path,
            remedy=f"Give images of at least {2 * side} pixels a side",
        )
    rng = np.random.default_rng([seed, *path.stem.encode()])
    boxes: list[Box] = []
    for _ in range(count):
        y, x = random_lung_point(rng, shape, margin=side)
        top, left = y - side // 2, x - side // 2
        boxes.append((top, left, top + side, left + side))
    return boxes
