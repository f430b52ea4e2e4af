"""How real a donor will look: measures of the ring, the border and the texture, weighed by a small fitted model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.donors.align import Fit
from cxr_studio.donors.compose import Canvas, border_gap, is_soft, pixel_ratio
from cxr_studio.donors.plate import Unit
from cxr_studio.donors.query import Query

NEAR = 6.0
"""Width in pixels of the band along the border that counts most."""

BANDS = ((0.7, 1.4), (1.4, 2.8), (2.8, 5.6))
"""Standard deviations in pixels of the Gaussians between which texture is compared."""

SOFT = 0.35
"""What is added to the score of a donor for every doubling beyond: the radiograph's own windows come first."""

NAMES = ("ring", "border", "slope", "step", "fine", "middle", "coarse", "bend", "gain", "turn", "place")
"""Names of the measures, in order."""

WEIGHTS: tuple[float, ...] = (0.40, 0.15, 1.35, 0.0, 0.1, 0.1, 0.1, 0.0, 0.11, 0.0, 0.0)
"""Weights of the measures."""


def measures(query: Query, fit: Fit, canvas: Canvas, donor: Unit) -> NDArray[np.float64]:
    """Measures of one donor, in the order of ``NAMES``; the smaller, the better.

    Args:
        query: The hole.
        fit: The donor.
        canvas: Where it is laid.
        donor: Its pixels there, before the blend.
    """
    known = ~canvas.unknown
    distance = query.distance if canvas.image.shape == query.shape else _distance(canvas)
    near = known & (distance <= NEAR * max(1.0, canvas.scale))
    scale = max(float(canvas.image[known].std()), 1e-4)
    gap = border_gap(canvas, donor)
    smooth_gap = _known_blur(canvas.image - donor, known, 1.5)
    across, down = np.gradient(smooth_gap, axis=1)[near], np.gradient(smooth_gap, axis=0)[near]
    textures = [_texture(canvas.image, donor, known, band) for band in BANDS]
    place = fit.placement
    return np.array(
        [
            0.5 * np.log(fit.cost / scale**2 + 1e-4),
            np.log(float(np.sqrt((smooth_gap[near] ** 2).mean())) / scale + 1e-2),
            np.log(float(np.sqrt((across**2 + down**2).mean())) / scale + 1e-3),
            np.log(float(gap[near].std()) / scale + 1e-2),
            *textures,
            fit.bend / max(query.shape),
            abs(np.log(fit.gain)),
            abs(place.turn) / 8,
            _away(query, fit),
        ]
    )


def score(values: NDArray[np.float64]) -> float:
    """Weighted sum of the measures: the smaller, the more real."""
    return float(values @ np.array(WEIGHTS))


def softness(fit: Fit, canvas: Canvas) -> float:
    """What is added to the score of a donor that is softer than its surroundings, as its pixels are larger."""
    return SOFT * float(np.log2(pixel_ratio(fit, canvas))) if is_soft(fit, canvas) else 0.0


def _texture(image: Unit, donor: Unit, known: NDArray[np.bool_], band: tuple[float, float]) -> float:
    """Absolute log ratio of the ring's texture, donor's over surroundings'."""
    powers = []
    for one in (image, donor):
        fine, wide = (_known_blur(one, known, sigma) for sigma in band)
        powers.append(float((fine - wide)[known].std()) + 1e-5)
    return abs(float(np.log(powers[1] / powers[0])))


def _away(query: Query, fit: Fit) -> float:
    """Distance to the same place of the chest, in widths of a radiograph."""
    place = fit.placement
    y = (place.y + place.plate.corner[0]) / place.plate.whole[0]
    x = (place.x + place.plate.corner[1]) / place.plate.whole[1]
    x = 1 - x if place.mirrored else x
    return float(np.hypot(y - query.middle[0], x - query.middle[1]))


def _known_blur(image: Unit, known: NDArray[np.bool_], sigma: float) -> Unit:
    import cv2

    share = known.astype(np.float32)
    total, weight = (cv2.GaussianBlur(v, (0, 0), sigma) for v in (image * share, share))
    return np.asarray(total / np.maximum(weight, np.float32(1e-3)))


def _distance(canvas: Canvas) -> Unit:
    import cv2

    return np.asarray(cv2.distanceTransform((~canvas.hole).astype(np.uint8), cv2.DIST_L2, 3))
