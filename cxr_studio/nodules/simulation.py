"""Simulated radiographs with a nodule whose silhouette is known (Litjens et al. 2010): for learning and for scoring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Mask, bounding_box
from cxr_studio.masks.lung_boxes import random_lung_point
from cxr_studio.nodules.contrast import grey_per_mm, shoulder
from cxr_studio.nodules.ct_library import CtNodule
from cxr_studio.nodules.projection import View, project, random_rotation, turned_in_plane, view
from cxr_studio.nodules.thickness import density_of, inflated
from cxr_studio.radiographs.greyscale import linear_greyscale

Image = NDArray[np.uint8]
UNIT = (0.0, 255.0)
"""Grey of an image shown as black and white."""


@dataclass(frozen=True, eq=False)
class Simulated:
    """One pair.

    Attributes:
        healthy: Plane without the nodule, ``float32 [S, S]``, -1 to 1.
        real: Plane with it.
        mask: Its exact silhouette.
        density: Of the rounded body of this silhouette that adds as much, in units of water.
        grey_per_pixel: Grey of a pixel's thickness of water, on the scale -1 to 1.
    """

    healthy: Plane
    real: Plane
    mask: Mask
    density: float
    grey_per_pixel: float

    def contrast(self, density: float) -> Plane:
        """Grey that the rounded body of this silhouette adds at a density."""
        return inflated(self.mask) * np.float32(density * self.grey_per_pixel)


def views(nodules: Iterable[CtNodule], *, each: int, seed: int) -> list[View]:
    """Nodules seen from random sides, ``each`` of them a nodule."""
    return [
        view(nodule, random_rotation(np.random.default_rng([seed, nodule.number, k])))
        for nodule in nodules
        for k in range(each)
    ]


class Simulator:
    """Adds nodules to patches in the log-intensity domain, in the greys of each radiograph's own ribs.

    Args:
        images: Decoded radiographs ``uint8 [H, W]``.
        seen: Nodules from random sides.
        side: Side of a patch, at most an image's.
        mm_per_pixel: Of the images, nominal where they do not say.
    """

    def __init__(self, images: list[Image], seen: list[View], *, side: int, mm_per_pixel: float) -> None:
        self.images = images
        self.seen = seen
        self.side = side
        self.mm_per_pixel = mm_per_pixel
        grey = linear_greyscale(np.dtype(np.uint8), 8)
        self.slopes = [grey_per_mm(image, grey, UNIT, mm_per_pixel=mm_per_pixel) for image in images]

    def pair(
        self, rng: np.random.Generator, *, diameter: float, subtlety: float, image: int | None = None
    ) -> Simulated:
        """Simulate one nodule of a diameter in pixels at a random point of the lungs; 0 subtlety draws none."""
        chosen = int(rng.integers(len(self.images))) if image is None else image
        source, slope = self.images[chosen], self.slopes[chosen]
        centre = random_lung_point(rng, (source.shape[0], source.shape[1]), margin=self.side // 2)
        top, left = (min(max(c - self.side // 2, 0), n - self.side) for c, n in zip(centre, source.shape, strict=True))
        patch = source[top : top + self.side, left : left + self.side].astype(np.float32)
        if rng.random() < 0.5:
            patch = np.ascontiguousarray(patch[:, ::-1])
        seen = self.seen[int(rng.integers(len(self.seen)))]
        turned = turned_in_plane(seen, float(rng.uniform(0, 360)), mirror=bool(rng.random() < 0.5))
        thickness, mask = self._drawn(turned, diameter)
        added = thickness * np.float32(slope)
        density = density_of(added, mask, slope * self.mm_per_pixel)
        real = patch + added * np.float32(subtlety) * shoulder(patch, UNIT)
        scale = np.float32(1 / 127.5)
        return Simulated(
            patch * scale - 1,
            np.clip(real, 0, 255) * scale - 1,
            mask,
            density * subtlety,
            slope * self.mm_per_pixel / 127.5,
        )

    def _drawn(self, seen: View, diameter: float) -> tuple[NDArray[np.float32], Mask]:
        """Thickness in mm and silhouette, centred on a patch."""
        drawn = project(seen, diameter, mm_per_pixel=self.mm_per_pixel)
        y0, x0, y1, x1 = bounding_box(drawn.mask) or (0, 0, 1, 1)
        top, left = self.side // 2 - (y0 + y1) // 2, self.side // 2 - (x0 + x1) // 2
        thickness, mask = np.zeros((self.side, self.side), np.float32), np.zeros((self.side, self.side), bool)
        rows, columns = (
            (max(0, start), min(self.side, start + size))
            for start, size in zip((top, left), drawn.mask.shape, strict=True)
        )
        into = np.s_[rows[0] : rows[1], columns[0] : columns[1]]
        out = np.s_[rows[0] - top : rows[1] - top, columns[0] - left : columns[1] - left]
        thickness[into], mask[into] = drawn.thickness[out], drawn.mask[out]
        return thickness, mask
