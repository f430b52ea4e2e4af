"""How well a nodule stands out: its contrast over what the lung around it does by itself at the same size.

After Revesz, Kundel and Graber (1974), whose conspicuity is the contrast of a lesion over the complexity of its
surroundings. Here both are read by one filter, a disc of the nodule's diameter less a ring around it: the answer at the
nodule, less the mean answer around it, over the spread of the answers around it.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Box, clip, cut

LEAST = 1.5
"""Conspicuity below which a draw is made again, unless less contrast was asked for: the lower quartile of 67 real
nodules of ChestX-ray14 that radiologists boxed, fitted with ``measuring.measure`` (5, 25, 50, 75 and 95 %: 0.6, 1.5,
2.2, 2.8 and 4.6). Of 67 draws of their sizes at physical contrast 30 % stand out less."""
ACROSS = 12.0
"""Pixels of a nodule's diameter at which it is looked at; a larger one is shrunk."""
RING = 1.7
"""Outer diameter of the ring, in diameters of the nodule; its inner one is 1.1."""
GAP = 1.1
AROUND = (1.4, 3.0)
"""Distances from the nodule, in its diameters, between which the surroundings are read."""


def conspicuity(image: Plane, y: float, x: float, diameter: float, *, without: Plane | None = None) -> float:
    """How many standard deviations of its surroundings a nodule stands out by.

    Args:
        image: With the nodule, ``float32 [H, W]``, dense is bright.
        y: Row of its centre, pixels.
        x: Column of its centre.
        diameter: Pixels.
        without: The same image without it: then only what the nodule adds counts, not what it lies on. Of a real
            nodule nobody has that image.

    Returns:
        About 0 where nothing stands out; NaN where the image ends before the surroundings begin.
    """
    scale = max(1.0, diameter / ACROSS)
    box = around_of(y, x, diameter, (image.shape[0], image.shape[1]))
    own = _answers(_shrunk(image[cut(box)], scale), diameter / scale)
    rows, columns = np.ogrid[: own.shape[0], : own.shape[1]]
    row, column = (y - box[0]) / scale, (x - box[1]) / scale
    far = np.hypot(rows - row, columns - column) / (diameter / scale)
    around = (far >= AROUND[0]) & (far <= AROUND[1])
    if around.sum() < ACROSS:
        return float("nan")
    at = min(round(row), own.shape[0] - 1), min(round(column), own.shape[1] - 1)
    if without is None:
        return float((own[at] - own[around].mean()) / own[around].std())
    healthy = _answers(_shrunk(without[cut(box)], scale), diameter / scale)
    return float((own[at] - healthy[at]) / healthy[around].std())


def around_of(y: float, x: float, diameter: float, shape: tuple[int, int]) -> Box:
    """The part of an image that a nodule's conspicuity depends on."""
    reach = ceil((AROUND[1] + RING / 2) * diameter)
    return clip((round(y) - reach, round(x) - reach, round(y) + reach + 1, round(x) + reach + 1), shape)


def _shrunk(part: Plane, scale: float) -> Plane:
    import cv2

    if scale <= 1:
        return np.asarray(part, np.float32)
    size = max(8, round(part.shape[1] / scale)), max(8, round(part.shape[0] / scale))
    return np.asarray(cv2.resize(np.asarray(part, np.float32), size, interpolation=cv2.INTER_AREA))


def _answers(image: Plane, diameter: float) -> Plane:
    """The filter's answer at every pixel."""
    import cv2

    disc, ring = _disc(diameter), _disc(RING * diameter)
    hole = _disc(GAP * diameter)
    pad = (ring.shape[0] - hole.shape[0]) // 2
    ring[pad : pad + hole.shape[0], pad : pad + hole.shape[1]] -= hole
    inner = (ring.shape[0] - disc.shape[0]) // 2
    kernel = -ring / ring.sum()
    kernel[inner : inner + disc.shape[0], inner : inner + disc.shape[1]] += disc / disc.sum()
    return np.asarray(cv2.filter2D(image, cv2.CV_32F, kernel, borderType=cv2.BORDER_REFLECT), np.float32)


def _disc(diameter: float) -> NDArray[np.float32]:
    """A disc of 1 in a square of odd side."""
    half = max(1, ceil(diameter / 2))
    rows, columns = np.ogrid[-half : half + 1, -half : half + 1]
    return (np.hypot(rows, columns) <= diameter / 2).astype(np.float32)
