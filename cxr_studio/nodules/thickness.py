"""How thick a nodule is thought to be behind each pixel of its silhouette, and how much grey that adds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules.ct_library import Profile

USUAL_DENSITY: dict[Profile | None, tuple[float, float]] = {
    None: (0.51, 0.45),
    Profile.GROUND_GLASS: (0.18, 0.25),
    Profile.PART_SOLID: (0.26, 0.13),
    Profile.SOLID: (0.53, 0.28),
    Profile.CALCIFIED: (0.96, 0.24),
}
"""Density over the lung's in units of water, by profile: geometric mean and standard deviation of the logarithm,
measured on the bundled CT nodules (a test does it again)."""


def inflated(mask: Mask) -> NDArray[np.float32]:
    """Thickness in pixels of a rounded body with this silhouette.

    A pixel at depth t below the edge of a silhouette whose deepest point lies at R is as thick as a sphere of radius R
    is there, ``2 √(2 R t − t²)``; a disc gives a sphere.

    Args:
        mask: ``bool [H, W]``.

    Returns:
        ``float32 [H, W]``, 0 outside.
    """
    import cv2

    depth = cv2.distanceTransform(np.pad(mask.astype(np.uint8), 1), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    depth = np.maximum(depth - 0.5, 0)
    radius = float(depth.max())
    return np.asarray(2 * np.sqrt(np.maximum(2 * radius * depth - depth**2, 0)), np.float32)


def density_of(added: NDArray[np.float32], mask: Mask, grey_per_pixel: float) -> float:
    """Density of the rounded body that adds as much grey in all as was added under the silhouette.

    Args:
        added: Grey that a nodule adds ``[H, W]``.
        mask: Its silhouette.
        grey_per_pixel: Grey of a pixel's thickness of water.

    Returns:
        In units of water; 1 is a body as dense as water over the lung.
    """
    volume = float(inflated(mask)[mask].sum()) * grey_per_pixel
    return float(added[mask].sum()) / volume if volume else 0.0


def drawn_density(profile: Profile | None, seed: int) -> float:
    """Draw a density by profile, within two standard deviations."""
    mean, spread = USUAL_DENSITY[profile]
    z = float(np.clip(np.random.default_rng([seed, 0xDE5]).standard_normal(), -2, 2))
    return mean * float(np.exp(spread * z))
