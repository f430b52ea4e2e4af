"""Where nodules and holes may go: inside the lungs, apart from each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cxr_studio.errors import GeneratorError
from cxr_studio.masks.boxes import Mask, cut
from cxr_studio.masks.lung_boxes import lung_boxes
from cxr_studio.masks.morphology import inner_distance
from cxr_studio.nodules.lungs import lung_mask
from cxr_studio.radiographs.radiograph import Radiograph

KEPT = 64
"""Areas that are remembered."""

GAP = 4.0
"""Pixels at least between two nodules."""

INSIDE = 0.35
"""Share of a nodule's diameter by which its centre lies inside the allowed area."""

AIR, DENSE = 0.07, 0.72
"""Shares of the shown range between which the surroundings of a nodule's centre lie."""

EDGE = 0.06
"""Share of a side beside the image's edge that stays free."""

LEAST_AREA = 0.05
"""Least share of the image that lies in the lungs and is lung grey; else the lungs are taken whole."""

TRIES = 200
"""Points that are tried for a nodule."""


def allowed_area(radiograph: Radiograph) -> Mask:
    """The lungs, as a mask of the radiograph's shape.

    Where the lung network finds none, two ellipses stand in for them, in boxes that hold most of a lung and spare the
    mediastinum; a box's corners would reach the shoulders.
    """
    if radiograph.source.sha256 not in _areas:
        if len(_areas) >= KEPT:
            _areas.clear()
        _areas[radiograph.source.sha256] = _area(radiograph)
    return _areas[radiograph.source.sha256]


_areas: dict[str, Mask] = {}
"""Areas by the file's hash: a job uses a radiograph many times."""


def _area(radiograph: Radiograph) -> Mask:
    lungs = lung_mask(radiograph)
    if lungs.found:
        inside = lungs.mask & _lung_grey(radiograph)
        return np.asarray(inside if inside.mean() >= LEAST_AREA else lungs.mask)
    area = np.zeros(radiograph.shape, bool)
    for box in lung_boxes(radiograph.shape):
        area[cut(box)] = _ellipse(box[2] - box[0], box[3] - box[1])
    return area if radiograph.padding is None else np.asarray(area & ~radiograph.padding)


def _ellipse(height: int, width: int) -> Mask:
    """The ellipse that touches a box's sides."""
    y, x = np.ogrid[:height, :width]
    return np.asarray(((2 * y + 1) / height - 1) ** 2 + ((2 * x + 1) / width - 1) ** 2 <= 1)


def _lung_grey(radiograph: Radiograph) -> Mask:
    """Pixels away from the edge whose surroundings are neither air beside the body nor heart, spine or belly."""
    import cv2

    low, high = radiograph.unit_range
    height, width = radiograph.shape
    unit = (radiograph.pixels - np.float32(low)) / np.float32(high - low)
    around = cv2.blur(unit, (max(3, width // 60), max(3, height // 60)))
    found = (around > AIR) & (around < DENSE)
    y, x = round(EDGE * height), round(EDGE * width)
    found[:y] = found[height - y :] = False
    found[:, :x] = found[:, width - x :] = False
    return np.asarray(found)


def places(area: Mask, diameters: Sequence[float], rng: np.random.Generator) -> list[tuple[float, float]]:
    """Draw a centre ``(y, x)`` for every nodule, the largest first served.

    Args:
        area: Where centres may lie.
        diameters: In pixels.
        rng: The only source of chance.

    Raises:
        GeneratorError: they do not fit.
    """
    depth = inner_distance(area)
    found: dict[int, tuple[float, float]] = {}
    for index in sorted(range(len(diameters)), key=lambda k: -diameters[k]):
        rows, columns = np.nonzero(depth >= max(1.0, INSIDE * diameters[index]))
        for _ in range(TRIES if rows.size else 0):
            k = int(rng.integers(rows.size))
            y, x = float(rows[k]), float(columns[k])
            if all(
                np.hypot(y - oy, x - ox) >= (diameters[index] + diameters[other]) / 2 + GAP
                for other, (oy, ox) in found.items()
            ):
                found[index] = (y, x)
                break
        else:
            raise GeneratorError("the nodules do not fit into the lungs", remedy="Ask for fewer or smaller ones")
    return [found[k] for k in range(len(diameters))]
