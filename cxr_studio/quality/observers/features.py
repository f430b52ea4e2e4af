"""Features of what stands in a hole, for distances between distributions of fills and of originals."""

from __future__ import annotations

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Mask
from cxr_studio.quality.comparison.features import CELL, COVERED, activations


def hole_features(crop: Plane, hole: Mask) -> Plane:
    """Activations of the shipped context encoder's encoder under a hole, a vector for every 8 × 8 pixels ``[n, D]``.

    Args:
        crop: Unit values ``float32 [S, S]``.
        hole: ``bool [S, S]``; where no cell is covered by half, the most covered one counts.
    """
    height, width = (side - side % CELL for side in crop.shape)
    share = hole[:height, :width].reshape(height // CELL, CELL, width // CELL, CELL).mean(axis=(1, 3))
    inside = share >= min(COVERED, float(share.max()))
    return np.asarray(activations(crop)[: height // CELL, : width // CELL][inside])
