"""The radiograph that is filled, as a plate of its own: its other windows and their mirror images are donors too."""

from __future__ import annotations

import numpy as np

from cxr_studio.donors.plate import Plate, Unit, coarse_of
from cxr_studio.masks.boxes import Mask


def own_plate(image: Unit, unknown: Mask) -> Plate:
    """Make a radiograph a plate.

    Args:
        image: Unit values ``float32 [H, W]`` on the working grid.
        unknown: Pixels that are no measurement: every hole. No window that holds one is a donor.
    """
    known = (~unknown).astype(np.float32)
    total, share = coarse_of(image * known), coarse_of(known)
    mean = float(total.sum() / max(float(share.sum()), 1e-9))
    coarse = np.where(share > 0, total / np.maximum(share, np.float32(1e-6)), np.float32(mean))
    whole = int(image.shape[0]), int(image.shape[1])
    return Plate("", "", "", "own", lambda: image, 1.0, whole, (0, 0), coarse, unknown)
