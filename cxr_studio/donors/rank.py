"""How real a donor will look: measures of the ring, the border and the texture, weighed by a small fitted model."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.donors.align import Fit
from cxr_studio.donors.compose import Canvas, is_soft, pixel_ratio
from cxr_studio.donors.plate import Unit
from cxr_studio.donors.query import Query
from cxr_studio.errors import StudioError
from cxr_studio.masks.boxes import Mask
from cxr_studio.resources import resource

NEAR = 6.0
"""Width in pixels of the band along the border that counts most."""

RIM = 4.0
"""Width in pixels of the band just inside the border where a seam would show."""

BANDS = ((0.7, 1.4), (1.4, 2.8), (2.8, 5.6))
"""Standard deviations in pixels of the Gaussians between which texture is compared."""

EDGE_BLUR = 2.0
"""Standard deviation in pixels of the Gaussian before edges are measured."""

SOFT = 0.35
"""What is added to the score of a donor for every doubling of its pixels' size: the radiograph's own windows come
first."""

NAMES = ("ring", "border", "slope", "fine", "middle", "coarse", "strong", "calm", "carried", "rim", "gain")
"""Names of the measures, in order: fit of the whole ring, greys and slopes along the border, texture of three scales,
edges stronger and weaker than those around, greys carried inward by the membrane, edges just inside the border, and
change of contrast."""

WEIGHTS = "score.json"
"""File of the bank with the weights of the measures."""


def measures(query: Query, fit: Fit, canvas: Canvas, donor: Unit, filled: Unit) -> NDArray[np.float64]:
    """Measures of one donor, in the order of ``NAMES``; the smaller, the better.

    Args:
        query: The hole.
        fit: The donor.
        canvas: The working grid as the canvas.
        donor: Its pixels there, before the blend.
        filled: The hole filled with it.
    """
    known = ~canvas.unknown
    near = known & (query.distance <= NEAR)
    scale = max(float(canvas.image[known].std()), 1e-4)
    gap = known_blur(canvas.image - donor, known, 1.5)
    steep = slope(filled)
    inside, around = (float(np.quantile(steep[where], 0.98)) for where in (canvas.hole, near))
    contrast = float(np.log((inside + 1e-5) / (around + 1e-5)))
    rim = canvas.hole & (_depth(canvas.hole) <= RIM)
    return np.array(
        [
            0.5 * np.log(fit.cost / scale**2 + 1e-4),
            np.log(float(np.sqrt((gap[near] ** 2).mean())) / scale + 1e-2),
            np.log(float(_steepness(gap)[near].mean()) / scale + 1e-3),
            *(_texture(canvas, filled, band) for band in BANDS),
            max(contrast, 0.0),
            max(-contrast, 0.0),
            np.log(float(_steepness(filled - donor)[canvas.hole].mean()) / scale + 1e-3),
            abs(float(np.log((steep[rim].mean() + 1e-5) / (steep[near].mean() + 1e-5)))),
            abs(float(np.log(fit.gain))),
        ]
    )


def score(values: NDArray[np.float64]) -> float:
    """Weighted sum of the measures: the smaller, the more real.

    Raises:
        StudioError: the weights are missing from this installation.
    """
    return float(values @ _weights(resource("bank", WEIGHTS)))


@lru_cache(maxsize=2)
def _weights(path: Path) -> NDArray[np.float64]:
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))["weights"]
        return np.array([float(stated[name]) for name in NAMES])
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise StudioError("the weights of the donors cannot be read", file=path, remedy="Reinstall it") from fault


def softness(fit: Fit, canvas: Canvas) -> float:
    """What is added to the score of a donor that is softer than its surroundings, as its pixels are larger."""
    return SOFT * float(np.log2(pixel_ratio(fit, canvas))) if is_soft(fit, canvas) else 0.0


def slope(image: Unit) -> Unit:
    """Length of the gradient of an image, blurred, unit values a pixel."""
    import cv2

    return _steepness(np.asarray(cv2.GaussianBlur(image, (0, 0), EDGE_BLUR)))


def known_blur(image: Unit, known: Mask, sigma: float) -> Unit:
    """Gaussian mean of the known pixels around each pixel."""
    import cv2

    share = known.astype(np.float32)
    total, weight = (cv2.GaussianBlur(v, (0, 0), sigma) for v in (image * share, share))
    return np.asarray(total / np.maximum(weight, np.float32(1e-3)))


def _texture(canvas: Canvas, filled: Unit, band: tuple[float, float]) -> float:
    """Absolute log ratio of texture, that in the filled hole over that of the surroundings."""
    import cv2

    known = ~canvas.unknown
    fine, wide = (known_blur(canvas.image, known, sigma) for sigma in band)
    around = float((fine - wide)[known].std())
    fine, wide = (cv2.GaussianBlur(filled, (0, 0), sigma) for sigma in band)
    inside = float((fine - wide)[canvas.hole].std())
    return abs(float(np.log((inside + 1e-5) / (around + 1e-5))))


def _steepness(image: Unit) -> Unit:
    across, down = np.zeros_like(image), np.zeros_like(image)
    across[:, :-1], down[:-1] = np.diff(image, axis=1), np.diff(image, axis=0)
    return np.asarray(np.sqrt(across**2 + down**2))


def _depth(hole: Mask) -> Unit:
    """Distance of every pixel of the hole to its border, pixels."""
    import cv2

    return np.asarray(cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, 3))
