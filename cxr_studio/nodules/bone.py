"""How bright cortical bone is in a radiograph, and keeping a nodule below it."""

from __future__ import annotations

from weakref import ReferenceType, ref

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.generation.request import ImageView
from cxr_studio.masks.boxes import cut
from cxr_studio.masks.lung_boxes import lung_boxes
from cxr_studio.radiographs.radiograph import Stored

BONE = 99.0
"""Percentile of the smoothed greys in the boxes of both lungs that is taken for cortical bone: the ribs' and the
clavicles' edges are the densest things there. Measured on 60 healthy radiographs of ChestX-ray14: 12 % of nodules drawn
at physical contrast came out brighter, half of them on ground that was brighter before."""

SMOOTH = 1.5
"""Standard deviation in pixels of the Gaussian that the noise is taken out with."""

STEP = 2
"""Every so many pixels are looked at."""

LEAST_SPAN = 0.25
"""Share of the unit range by which bone exceeds the lungs at least: where there is no contrast, none is measured."""

ROOM = 0.04
"""Share of the unit range by which a nodule may exceed ground that is as bright as bone: half of what the median nodule
at physical contrast adds at its densest point."""
LEFT = 0.35
"""Share of its contrast that a nodule keeps there at most, about what ``contrast.shoulder`` leaves near white."""

CALCIFIED_OVER_BONE, CALCIFIED_ROOM = 0.35, 0.12
"""The same for a calcified nodule: by how much of what is left to white its level lies above that of cortical bone, and
its room. Estimates, set by eye on drawn ones."""

ROUNDS = 4
"""Times that what is too bright is taken away: once leaves the rim of a very dense nodule."""

_known: list[tuple[ReferenceType[Stored], float]] = []
"""The image that was measured last, so that a drag measures it once."""


def cortical_bone(image: ImageView) -> float:
    """Pixel value of cortical bone over the lungs of an image."""
    if not (_known and _known[0][0]() is image.stored):
        level = _measured(image)
        _known[:] = [(ref(image.stored), level)]
    return _known[0][1]


def _measured(image: ImageView) -> float:
    import cv2

    found = []
    for box in lung_boxes(image.shape):
        part = image.stored[cut(box)][::STEP, ::STEP]
        smooth = cv2.GaussianBlur(image.grey.decode(part), (0, 0), SMOOTH / STEP)
        found.append(smooth.ravel() if image.grey.padding is None else smooth[~image.grey.is_padding(part)])
    values = np.concatenate(found)
    if not values.size:
        return float(image.unit[1])
    middle, high = np.percentile(values, [50.0, BONE])
    return max(float(high), float(middle) + LEAST_SPAN * (image.unit[1] - image.unit[0]))


def under_bone(image: ImageView, before: Plane, after: Plane, *, calcified: bool = False) -> Plane:
    """A drawn nodule that is not brighter than cortical bone, a calcified one not much brighter; see ``below``.

    Args:
        image: Without the nodule.
        before: Pixel values of a part of it, ``float32 [h, w]``.
        after: Of the same part with the nodule.
        calcified: Calcium in a lump shows denser than the ribs around it, which is how it is told from soft tissue.
    """
    span, level = image.unit[1] - image.unit[0], cortical_bone(image)
    if calcified:
        level += CALCIFIED_OVER_BONE * max(image.unit[1] - level, 0.0)
    return below(before, after, level, room=(CALCIFIED_ROOM if calcified else ROOM) * span)


def below(before: Plane, after: Plane, level: float, *, room: float = 0.0) -> Plane:
    """A drawn nodule no part of which is brighter than a level.

    On ground that nearly has that brightness by itself it may exceed the ground by ``room``, at most by ``LEFT`` of
    what it adds. The grain stays: what is taken away is smooth.

    Args:
        before: Pixel values without the nodule, ``float32 [h, w]``.
        after: With it.
        level: E.g. that of cortical bone.
        room: Pixel values.
    """
    under, seen = (_smooth(each) for each in (before, after))
    ceiling = np.maximum(np.float32(level), under + np.clip(LEFT * (seen - under), 0, room))
    for _ in range(ROUNDS):
        excess = np.maximum(seen - ceiling, 0)
        if not excess.any():
            break
        after = np.asarray(after - np.minimum(excess, np.maximum(after - before, 0)))
        seen = _smooth(after)
    return after


def _smooth(values: Plane) -> Plane:
    import cv2

    return np.asarray(cv2.GaussianBlur(values, (0, 0), SMOOTH, borderType=cv2.BORDER_REPLICATE), np.float32)
