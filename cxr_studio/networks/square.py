"""A whole radiograph in a square, as networks of whole images see it, and places in it back in the radiograph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Square:
    """How a radiograph lies in a square: centred, its longer side along it.

    Attributes:
        scale: Pixels of the square a pixel of the radiograph.
        top: First row of the radiograph in the square.
        left: Its first column.
    """

    scale: float
    top: int
    left: int

    @classmethod
    def of(cls, shape: tuple[int, int], side: int) -> Square:
        """For a radiograph ``(height, width)`` in a square of ``side`` pixels."""
        top, left, _, _ = place_in_square(shape, side)
        return cls(side / max(shape), top, left)

    def outside(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """A box ``y0, x0, y1, x1`` of the square in pixels of the radiograph."""
        y0, x0, y1, x1 = (float(v - (self.left if k % 2 else self.top)) / self.scale for k, v in enumerate(box))
        return y0, x0, y1, x1

    def inside(self, box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        """A box of the radiograph in pixels of the square."""
        y0, x0, y1, x1 = (float(v * self.scale + (self.left if k % 2 else self.top)) for k, v in enumerate(box))
        return y0, x0, y1, x1


def place_in_square(shape: tuple[int, int], side: int) -> tuple[int, int, int, int]:
    """Box ``y0, x0, y1, x1`` of a square where a radiograph ``(height, width)`` lies: centred, as large as fits."""
    scale = side / max(shape)
    height, width = (max(1, round(n * scale)) for n in shape)
    top, left = (side - height) // 2, (side - width) // 2
    return top, left, top + height, left + width


def square(image: Grey, side: int) -> Grey:
    """Shrink or enlarge the whole image to a square, its longer side along it and the rest black."""
    import cv2

    height, width = image.shape
    y0, x0, y1, x1 = place_in_square((height, width), side)
    size = x1 - x0, y1 - y0
    method = cv2.INTER_AREA if side < max(height, width) else cv2.INTER_CUBIC
    shrunk = image if size == (width, height) else cv2.resize(image, size, interpolation=method)
    whole = np.zeros((side, side), np.uint8)
    whole[y0:y1, x0:x1] = shrunk
    return whole
