"""Where a donor window lies in a plate: mirrored, turned, scaled; and how its pixels are taken from there."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, cos, floor, radians, sin

import numpy as np
from numpy.typing import NDArray

from cxr_studio.donors.plate import Plate, Unit
from cxr_studio.masks.boxes import clip, is_empty

Shape = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Placement:
    """A donor window.

    Attributes:
        plate: Where its pixels come from.
        mirrored: True where left and right are exchanged.
        y: Row of its centre in the plate, pixels.
        x: Column of its centre.
        turn: Degrees by which it is turned.
        zoom: Plate pixels per pixel of the window.
    """

    plate: Plate
    mirrored: bool
    y: float
    x: float
    turn: float = 0.0
    zoom: float = 1.0

    @property
    def straight(self) -> bool:
        """True where window and plate share the pixel grid, mirroring aside."""
        return self.turn == 0.0 and self.zoom == 1.0

    def matrix(self, shape: Shape) -> NDArray[np.float64]:
        """Affine map ``[2, 3]`` from a window's ``(x, y, 1)`` to the plate's ``(x, y)``."""
        angle, sign = radians(self.turn), -1.0 if self.mirrored else 1.0
        linear = self.zoom * np.array([[sign * cos(angle), -sign * sin(angle)], [sin(angle), cos(angle)]])
        middle = np.array([(shape[1] - 1) / 2, (shape[0] - 1) / 2])
        return np.hstack([linear, (np.array([self.x, self.y]) - linear @ middle)[:, None]])

    def inside(self, shape: Shape, *, margin: float = 0.0) -> bool:
        """Whether a window of this shape lies in the plate, but for ``margin`` pixels."""
        corners = np.array([[0, 0, 1], [shape[1] - 1, 0, 1], [0, shape[0] - 1, 1], [shape[1] - 1, shape[0] - 1, 1]])
        places = corners @ self.matrix(shape).T
        limits = np.array([self.plate.shape[1] - 1, self.plate.shape[0] - 1])
        return bool((places >= -margin).all() and (places <= limits + margin).all())

    def window(self, shape: Shape) -> Unit:
        """Unit values of the window, linear between pixels; beyond the plate's edge its outermost pixels."""
        import cv2

        matrix = self.matrix(shape)
        part, corner = self.surroundings(shape, reach=2)
        matrix[:, 2] -= corner[::-1]
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(part, matrix, shape[::-1], flags=flags, borderMode=cv2.BORDER_REPLICATE))

    def surroundings(self, shape: Shape, *, reach: int) -> tuple[Unit, tuple[int, int]]:
        """The part of the plate that a window needs, ``reach`` pixels more on every side, and its first pixel."""
        corners = np.array([[0, 0, 1], [shape[1] - 1, 0, 1], [0, shape[0] - 1, 1], [shape[1] - 1, shape[0] - 1, 1]])
        places = corners @ self.matrix(shape).T
        low, high = places.min(axis=0), places.max(axis=0)
        wanted = (
            floor(low[1]) - reach,
            floor(low[0]) - reach,
            ceil(high[1]) + reach + 1,
            ceil(high[0]) + reach + 1,
        )
        box = clip(wanted, self.plate.shape)
        if is_empty(box):
            box = (0, 0, 1, 1)
        return self.plate.cut(box), (box[0], box[1])
