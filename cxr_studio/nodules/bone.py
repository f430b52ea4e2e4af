"""How bright cortical bone is in a radiograph, and keeping a nodule below it."""

from __future__ import annotations

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.masks.boxes import cut
from cxr_studio.masks.lung_boxes import lung_boxes
from cxr_studio.radiographs.greyscale import GreyScale
from cxr_studio.radiographs.radiograph import Stored

BONE = 99.0
"""Percentile of the smoothed greys in the boxes of both lungs that is taken for cortical bone: the ribs' and the
clavicles' edges are the densest things there. Measured on 60 healthy radiographs of ChestX-ray14: 12 % of nodules drawn
at physical contrast came out brighter, half of them on ground that was brighter before."""

SMOOTH = 1.5
"""Standard deviation in pixels of the Gaussian that the noise is taken out with."""

STEP = 2
"""Every so many pixels are looked at."""

_levels: dict[str, float] = {}
"""Level by the image's hash, so that a drag measures it once."""


def cortical_bone(stored: Stored, grey: GreyScale) -> float:
    """Pixel value of cortical bone over the lungs.

    Args:
        stored: Stored values ``[H, W]``.
        grey: The grey-scale pipeline.
    """
    import cv2

    key = array_sha256(stored)
    if key not in _levels:
        found = []
        for box in lung_boxes((stored.shape[0], stored.shape[1])):
            part = stored[cut(box)][::STEP, ::STEP]
            smooth = cv2.GaussianBlur(grey.decode(part), (0, 0), SMOOTH / STEP)
            found.append(smooth.ravel() if grey.padding is None else smooth[~grey.is_padding(part)])
        _levels.clear()
        _levels[key] = float(np.percentile(np.concatenate(found), BONE))
    return _levels[key]


def below(before: Plane, after: Plane, level: float) -> Plane:
    """A drawn nodule no part of which is brighter than a level, or than its ground where that is brighter by itself.

    The grain stays: what is taken away is smooth.

    Args:
        before: Pixel values without the nodule, ``float32 [h, w]``.
        after: With it.
        level: E.g. that of cortical bone.
    """
    import cv2

    under, seen = (cv2.GaussianBlur(each, (0, 0), SMOOTH, borderType=cv2.BORDER_REPLICATE) for each in (before, after))
    excess = np.maximum(seen - np.maximum(np.float32(level), under), 0)
    return np.asarray(after - np.minimum(excess, np.maximum(after - before, 0)))
