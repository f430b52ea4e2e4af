"""Where nodules may go: inside the lungs, apart from each other."""

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

TRIES = 200
"""Points that are tried for a nodule."""


def allowed_area(radiograph: Radiograph) -> Mask:
    """The lungs, as a mask of the radiograph's shape.

    Where the lung network finds none, two boxes stand in for them that hold most of a lung and spare the mediastinum.
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
        return lungs.mask
    area = np.zeros(radiograph.shape, bool)
    for box in lung_boxes(radiograph.shape):
        area[cut(box)] = True
    return area


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
