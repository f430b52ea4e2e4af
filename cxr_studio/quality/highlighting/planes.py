"""Images brought to a generator's grid, and maps brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cxr_studio.masks.boxes import Mask
from cxr_studio.restore.classical import Unit

if TYPE_CHECKING:
    from cxr_studio.radiographs.radiograph import Radiograph

SMOOTHING = 0.012
"""Standard deviation of the Gaussian that smooths a map, share of the image's longest side."""


def unit_image(radiograph: Radiograph) -> Unit:
    """The image in the values that generators see, cut to the unit range so that burnt-in marks weigh no more."""
    low, high = radiograph.unit_range
    return np.asarray(np.clip((radiograph.pixels - np.float32(low)) / np.float32(high - low), 0, 1), np.float32)


def shrunk(image: Unit, scale: float) -> Unit:
    """Resample so that a new pixel is ``scale`` old ones."""
    import cv2

    if scale == 1.0:
        return image
    size = max(2, round(image.shape[1] / scale)), max(2, round(image.shape[0] / scale))
    how = cv2.INTER_AREA if scale > 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=how))


def enlarged(image: Unit, shape: tuple[int, int]) -> Unit:
    """Resample to a shape."""
    import cv2

    if image.shape == shape:
        return image
    return np.asarray(cv2.resize(image, shape[::-1], interpolation=cv2.INTER_LINEAR))


def resized(image: Unit, shape: tuple[int, int]) -> Unit:
    """Resample to a shape of fewer pixels, averaged, or of more, between them."""
    import cv2

    if image.shape == shape:
        return image
    how = cv2.INTER_AREA if image.shape[0] > shape[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, shape[::-1], interpolation=how))


def smoothed(plane: Unit, inside: Mask) -> Unit:
    """Gaussian mean over the pixels inside; 0 elsewhere. A large image is smoothed at a quarter of its size or so."""
    import cv2

    step = max(1, max(plane.shape) // 512)
    size = max(2, plane.shape[1] // step), max(2, plane.shape[0] // step)
    sigma = SMOOTHING * max(size)
    weight = cv2.resize(inside.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    values = cv2.resize(np.where(inside, plane, np.float32(0)), size, interpolation=cv2.INTER_AREA)
    weight, values = (cv2.GaussianBlur(part, (0, 0), sigma) for part in (weight, values))
    mean = enlarged(np.asarray(values / np.maximum(weight, 1e-3)), (plane.shape[0], plane.shape[1]))
    return np.where(inside, mean, 0).astype(np.float32)
