"""Whole radiographs as their judges see them: shrunk, in grey 0 to 1, and the features on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Mask
from cxr_studio.metrics.frechet import Moments, frechet_distance
from cxr_studio.metrics.kernel_distance import kernel_distance
from cxr_studio.quality.comparison.features import CELL, activations
from cxr_studio.radiographs.radiograph import Radiograph, Stored

SIDE = 256
"""Longest side in pixels at which features are taken: what the generators of whole radiographs draw."""

FEATURES = f"Features: third level of the shipped context encoder's encoder, on radiographs of {SIDE} pixels a side."
"""What the distances are of: they cannot be compared with those of other features."""

EACH = 200
"""Feature vectors of each radiograph that the kernel distance takes."""


Vectors = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Redrawn:
    """A whole radiograph as a generator gave it back.

    Attributes:
        stored: Stored values of the whole image.
        seconds: That it took.
        device: Where.
    """

    stored: Stored
    seconds: float
    device: str = "cpu"


def unit_image(radiograph: Radiograph, stored: Stored | None = None) -> Plane:
    """A radiograph, or other stored values of it, with its unit range as 0 to 1, ``float32 [H, W]``."""
    low, high = radiograph.unit_range
    pixels = radiograph.grey.decode(radiograph.stored if stored is None else stored)
    return np.asarray((pixels - np.float32(low)) / np.float32(high - low), np.float32)


def features_of(unit: Plane, drawn: Mask) -> Vectors:
    """Feature vectors ``float32 [N, D]`` of the cells of 8 × 8 shrunk pixels that lie in a mask wholly.

    Args:
        unit: The whole radiograph, grey 0 to 1.
        drawn: ``bool [H, W]``, where it was drawn.
    """
    import cv2

    scale = SIDE / max(unit.shape)
    size = max(CELL, round(unit.shape[1] * scale)), max(CELL, round(unit.shape[0] * scale))
    small = np.asarray(cv2.resize(unit, size, interpolation=cv2.INTER_AREA), np.float32)
    kept = np.asarray(cv2.resize((~drawn).astype(np.float32), size, interpolation=cv2.INTER_AREA))
    height, width = (side - side % CELL for side in small.shape)
    share = kept[:height, :width].reshape(height // CELL, CELL, width // CELL, CELL).max(axis=(1, 3))
    vectors = activations(small)[: height // CELL, : width // CELL][share == 0]
    return np.asarray(vectors, np.float32)


def distances(drawn: list[Vectors], real: list[Vectors]) -> tuple[float, float]:
    """Fréchet and kernel distance of two groups of radiographs' features; NaN where there are too few."""
    first, second = np.concatenate(drawn), np.concatenate(real)
    if min(len(first), len(second)) < 2:
        return float("nan"), float("nan")
    frechet = frechet_distance(Moments.of(second), Moments.of(first))
    return frechet, kernel_distance(_some(drawn), _some(real))


def _some(groups: list[Vectors]) -> Vectors:
    """At most ``EACH`` vectors of each radiograph, evenly spread."""
    return np.concatenate([group[:: max(1, -(-len(group) // EACH))] for group in groups])
