"""How many grey levels a millimetre of tissue makes in a given radiograph, told by its own ribs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.hashing import array_sha256
from cxr_studio.generation.request import ImageView
from cxr_studio.masks.boxes import Box, cut
from cxr_studio.masks.lung_boxes import lung_boxes
from cxr_studio.radiographs.greyscale import GreyScale
from cxr_studio.radiographs.radiograph import Stored

RIB_MM = 8.0
"""Tissue, in mm of water, by which a rib exceeds the space beside it: about 7 mm of bone (density 1.4, attenuating half
as much again as water at diagnostic energies) in the place of muscle. An estimate; ``contrast`` scales it."""

RIB_SPAN_MM = 15.0
"""Standard deviation in mm of the Gaussian that the ribs stand out against."""

FINE_PIXELS = 0.8
"""Standard deviation, in thinned pixels, of the Gaussian that takes the noise out."""

TAILS = (15.0, 85.0)
"""Percentiles of the lungs' band-passed values taken for the space between ribs and for ribs."""

LEAST_CONTRAST = 0.02
"""Least rib contrast that is believed, as a share of the unit range."""

LEFT_AT_WHITE = 0.25
"""Share of the contrast that is left where the radiograph is white; an estimate."""

LEAST_IMAGE = 0.98
"""Share of a pixel's surroundings that must be image and no padding for its contrast to count."""

STEP = 4
"""Every so many pixels are looked at, averaged."""


def grey_per_mm(stored: Stored, grey: GreyScale, unit: tuple[float, float], *, mm_per_pixel: float) -> float:
    """Pixel values that a millimetre of water adds to the lungs of this image.

    A radiograph shown to a reader is close to linear in the logarithm of the intensity, in which thicknesses add, but
    its processing lifts detail over the range of the whole chest. So the slope is taken at the size of a nodule: the
    contrast of the ribs over the lungs is the grey of ``RIB_MM``.

    Args:
        stored: Stored values ``[H, W]``.
        grey: The grey-scale pipeline.
        unit: Pixel values taken for black and white (Radiograph.unit_range).
        mm_per_pixel: Millimetres per pixel, assumed where unknown.
    """
    bands = [_band(stored, grey, box, mm_per_pixel) for box in lung_boxes((stored.shape[0], stored.shape[1]))]
    low, high = np.percentile(np.concatenate(bands), TAILS)
    return max(float(high - low), LEAST_CONTRAST * (unit[1] - unit[0])) / RIB_MM


_slopes: dict[str, float] = {}
"""Grey per millimetre by the image's hash, so that a drag measures it once."""


def image_slope(image: ImageView, mm_per_pixel: float) -> float:
    """Like ``grey_per_mm`` for the image of a request; measured once for an image."""
    key = f"{array_sha256(image.stored)} {image.unit}"
    if key not in _slopes:
        _slopes.clear()
        _slopes[key] = grey_per_mm(image.stored, image.grey, image.unit, mm_per_pixel=mm_per_pixel)
    return _slopes[key]


def shoulder(pixels: NDArray[np.float32], unit: tuple[float, float]) -> NDArray[np.float32]:
    """Share of the contrast that is left on bright ground, 0 to 1.

    Towards white a radiograph's presentation bends over, and scattered radiation fills in: the same tissue shows less
    over the heart than over the lung. Full contrast up to half of the shown range, ``LEFT_AT_WHITE`` of it at white.

    Args:
        pixels: Values that the nodule is added to.
        unit: Pixel values taken for black and white (Radiograph.unit_range).
    """
    import cv2

    shown = (cv2.blur(pixels, (9, 9)) - np.float32(unit[0])) / np.float32(unit[1] - unit[0])
    bent = np.clip((shown - 0.5) / 0.5, 0.0, 1.0)
    return np.asarray(1 - (1 - LEFT_AT_WHITE) * bent, np.float32)


def _band(stored: Stored, grey: GreyScale, box: Box, mm_per_pixel: float) -> NDArray[np.float32]:
    """Band-passed values of a lung box, away from padding."""
    import cv2

    pixels = grey.decode(stored[cut(box)])
    size = max(8, pixels.shape[1] // STEP), max(8, pixels.shape[0] // STEP)
    thin = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    wide = RIB_SPAN_MM / (mm_per_pixel * STEP)
    band = np.asarray(cv2.GaussianBlur(thin, (0, 0), FINE_PIXELS) - cv2.GaussianBlur(thin, (0, 0), wide))
    if grey.padding is None:
        return band.ravel()
    image = cv2.resize(1 - grey.is_padding(stored[cut(box)]).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    inside = cv2.GaussianBlur(image, (0, 0), wide) > LEAST_IMAGE
    return band[inside] if inside.any() else band.ravel()
