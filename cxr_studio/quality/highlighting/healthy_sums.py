"""Adding up what maps of healthy radiographs look like at each place of the lungs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.errors import StudioError
from cxr_studio.masks.boxes import Mask, clip, cut
from cxr_studio.quality.highlighting.healthy import GRID
from cxr_studio.quality.highlighting.places import lung_frame
from cxr_studio.restore.classical import Unit

BLUR = 1.5
"""Standard deviation in cells over which neighbours are pooled: lungs are not aligned better than that."""

LEAST_IMAGES = 12.0
"""A cell that fewer radiographs reach takes the figures of all cells."""

FLOOR = 0.4
"""Least standard deviation of a cell, share of that of all cells."""

Cells = NDArray[np.float64]


class HealthySums:
    """Adds up maps of healthy radiographs, one after the other.

    Args:
        maps: How many each radiograph has.
    """

    def __init__(self, maps: int) -> None:
        self.images = 0
        self._count = np.zeros((GRID, GRID))
        self._sums = np.zeros((2, maps, GRID, GRID))

    def add(self, maps: Sequence[Plane], lungs: Mask, looked_at: Mask) -> None:
        """Add one radiograph's maps, always in the same order."""
        import cv2

        box = cut(clip(lung_frame(lungs), lungs.shape))
        weight = cv2.resize(looked_at[box].astype(np.float32), (GRID, GRID), interpolation=cv2.INTER_AREA)
        self.images += 1
        self._count += weight
        for number, plane in enumerate(maps):
            small = cv2.resize(plane[box], (GRID, GRID), interpolation=cv2.INTER_AREA) / np.maximum(weight, 1e-3)
            for power in (1, 2):
                self._sums[power - 1, number] += weight * small**power

    def finish(self) -> tuple[Unit, Unit]:
        """Mean and standard deviation of every cell, neighbours pooled, ``float32 [maps, GRID, GRID]`` each.

        Raises:
            StudioError: nothing was added.
        """
        if not self.images:
            raise StudioError("no lungs were found in any of these radiographs", remedy="Give frontal radiographs")
        count = _blurred(self._count)
        means, sds = [], []
        for first, second in zip(*self._sums, strict=True):
            mean, sd = _moments(_blurred(first), _blurred(second), count)
            all_mean, all_sd = _moments(*(np.asarray(part.sum()) for part in (first, second, self._count)))
            few = count < min(LEAST_IMAGES, 0.5 * self.images)
            means.append(np.where(few, all_mean, mean))
            sds.append(np.maximum(np.where(few, all_sd, sd), max(FLOOR * float(all_sd), 1e-6)))
        return np.asarray(means, np.float32), np.asarray(sds, np.float32)


def _moments(first: Cells, second: Cells, count: Cells) -> tuple[Cells, Cells]:
    mean = first / np.maximum(count, 1e-6)
    return mean, np.asarray(np.sqrt(np.maximum(second / np.maximum(count, 1e-6) - mean**2, 0)))


def _blurred(cells: Cells) -> Cells:
    import cv2

    return np.asarray(cv2.GaussianBlur(cells, (0, 0), BLUR, borderType=cv2.BORDER_CONSTANT))
