"""Views and shapes of nodules with spicules, and the outlines of views."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Mask
from cxr_studio.masks.regions import solid
from cxr_studio.nodules.ct_silhouettes import SMOOTHING_MM, signed_distance, silhouette
from cxr_studio.nodules.diameter import diameter
from cxr_studio.nodules.margin import Outline, opened, outlined
from cxr_studio.nodules.projection import View, finer
from cxr_studio.nodules.spicules import DEEP, FADING, HALF_WIDTHS, LENGTHS, REACH, strands

WIDE = 64.0
"""Pixels that a nodule is wide at least where spicules are drawn."""

SOFT = 0.012
"""Standard deviation of the Gaussian on strands, share of the nodule's diameter."""

LEAST_SOFT = 0.6
"""Of strands in the pixels of an image: takes the steps out."""

MEAN_CHORD = 0.785
"""Mean over greatest thickness of a round strand, π / 4."""

CHANCE = 0x5B1C

Values = NDArray[np.float32]


def with_spicules(seen: View, density: float, *, seed: int) -> View:
    """A view with strands around it, in finer pixels.

    Args:
        seen: The view.
        density: Of the strands over the lung's, in units of water.
        seed: Same seed, same strands.
    """
    import cv2

    fine = finer(seen, WIDE, room=REACH)
    across = diameter(solid(fine.depth > 0))
    drawn = strands(fine.depth, across, np.random.default_rng([seed, CHANCE]))
    soft = cv2.GaussianBlur(drawn.thickness, (0, 0), SOFT * across) * np.float32(density)
    thickness = np.hypot(fine.thickness, soft)
    return replace(fine, thickness=thickness, depth=np.maximum(fine.depth, drawn.depth))


def shape_with_spicules(shape: Mask, *, seed: int) -> Mask:
    """A shape, ``bool [n, n]``, with strands around it, on a larger square."""
    across = diameter(shape)
    field = signed_distance(np.pad(shape, ceil(REACH * across)))
    return solid(np.maximum(field, strands(field, across, np.random.default_rng([seed, CHANCE])).depth) > 0)


def parted(full: Mask) -> tuple[Mask, Values]:
    """A placed silhouette with spicules as its body and the thickness of its strands, for a network that draws bodies.

    Args:
        full: ``bool [h, w]`` in any pixels.

    Returns:
        The body, and thickness in pixels ``float32 [h, w]``, 0 away from strands.
    """
    import cv2

    wide = 2 * float(np.sqrt(full.sum() / np.pi))
    body = opened(full, wide)
    if not body.any():
        return full, np.zeros(full.shape, np.float32)
    far = cv2.distanceTransform((~body).astype(np.uint8), cv2.DIST_L2, 5) / (LENGTHS[1] * wide)
    deep = MEAN_CHORD * DEEP * sum(HALF_WIDTHS) * wide * (1 - FADING * np.clip(far, 0, 1))
    thickness = np.where(full & ~body, deep, 0).astype(np.float32)
    return body, np.asarray(cv2.GaussianBlur(thickness, (0, 0), max(LEAST_SOFT, SOFT * wide)))


def view_outline(seen: View) -> Outline:
    """The figures of a view's silhouette, smoothed as the shape generator's are."""
    import cv2

    depth = cv2.GaussianBlur(seen.depth, (0, 0), SMOOTHING_MM / seen.pixel_mm) if seen.pixel_mm == 1 else seen.depth
    return outlined(silhouette(np.asarray(depth, np.float32), side=256))
