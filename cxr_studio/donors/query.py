"""A hole and its surroundings on the working grid: what donors are to fit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cxr_studio.donors.plate import Unit
from cxr_studio.masks.boxes import Box, Mask, cut, padded

RING = (24, 64)
"""Least and largest width in pixels of the ring that is compared."""

RING_SHARE = 0.375
"""Width of the ring as a share of the hole's longest side."""

FALL = 0.42
"""Distance from the hole at which a pixel's weight is 1/e, as a share of the ring."""

LEAST_KNOWN = 48
"""Known pixels of the ring that are compared at least."""


FLAT = 1e-3
"""Range of the ring's unit values up to which it is of one grey."""


@dataclass(frozen=True, eq=False)
class Query:
    """One hole.

    Attributes:
        box: The window in the radiograph: the hole with its ring, cut to the image.
        image: Unit values ``float32 [h, w]`` of the window; those of unknown pixels do not matter.
        hole: Pixels to fill ``bool [h, w]``.
        unknown: Pixels that are no measurement, those of the hole and of other holes.
        whole: Rows and columns of the radiograph.
    """

    box: Box
    image: Unit
    hole: Mask
    unknown: Mask
    whole: tuple[int, int]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the window."""
        return int(self.image.shape[0]), int(self.image.shape[1])

    @property
    def middle(self) -> tuple[float, float]:
        """Centre of the window as fractions of the radiograph."""
        return (self.box[0] + self.box[2]) / 2 / self.whole[0], (self.box[1] + self.box[3]) / 2 / self.whole[1]

    @cached_property
    def distance(self) -> Unit:
        """Distance of every pixel outside the hole to it, pixels; 0 inside."""
        import cv2

        return np.asarray(cv2.distanceTransform((~self.hole).astype(np.uint8), cv2.DIST_L2, 3))

    @cached_property
    def ring(self) -> int:
        """Width of the ring, pixels."""
        return ring_of(self.hole)

    @cached_property
    def weight(self) -> Unit:
        """How much each pixel counts ``float32 [h, w]``: 0 where unknown or beyond the ring."""
        near = np.exp(-self.distance / np.float32(FALL * self.ring)) * (self.distance <= self.ring)
        return np.where(self.unknown, np.float32(0), near).astype(np.float32)

    @property
    def answerable(self) -> bool:
        """False where too little is known around the hole for anything to fit, or where it is of one grey."""
        known = self.image[self.weight > 0]
        return known.size >= LEAST_KNOWN and float(np.ptp(known)) > FLAT


def ring_of(hole: Mask) -> int:
    """Width in pixels of the ring around a hole."""
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    longest = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    return int(np.clip(round(RING_SHARE * longest), *RING))


def query_of(image: Unit, hole: Mask, unknown: Mask) -> Query:
    """Cut the window of a hole out of a radiograph.

    Args:
        image: Unit values ``float32 [H, W]`` on the working grid.
        hole: Pixels to fill ``bool [H, W]``, at least one.
        unknown: Pixels that are no measurement; the hole is taken for unknown in any case.
    """
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    tight = int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1
    box = padded(tight, ring_of(hole[cut(tight)]), hole.shape)
    own = hole[cut(box)]
    whole = int(hole.shape[0]), int(hole.shape[1])
    return Query(box, np.asarray(image[cut(box)], np.float32), own, unknown[cut(box)] | own, whole)
