"""Ridges: whether ribs and vessels run into a filled area, and whether there are as many inside as around it.

A ridge is where the second derivative across is large and negative (a bright line) or positive (a dark one): the
eigenvalue of the Gaussian Hessian with the greater magnitude, with the sign of its curvature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane

Mask = NDArray[np.bool_]

VESSELS, RIBS = 2.0, 6.0
"""Standard deviations of the Gaussians, pixels: lines of about 3 to 6 pixels, and of 10 to 20."""

LEAST_POINTS = 16
"""Points on a border that are compared at least."""

LEAST_ENERGY = 1e-9
"""Squared response of unit values below which an area counts as flat."""


@dataclass(frozen=True)
class Ridges:
    """Ridges of one scale.

    Attributes:
        ratio: Root mean square response inside the mask over that around it; about 1 for an untouched image.
        continuity: Correlation, over the border's points, of the response one sigma inside with that one sigma
            outside along the border's normal; 1 where every ridge runs on. An untouched image gives the value to
            compare with: the filter itself joins the two sides.
    """

    ratio: float
    continuity: float


def ridge_response(image: Plane, sigma: float) -> NDArray[np.float64]:
    """Signed curvature across the strongest direction, in units of the image, scale-normalised; ``[H, W]``."""
    from scipy.ndimage import gaussian_filter

    values = np.asarray(image, np.float64)
    values = values - values.mean()
    orders = (2, 0), (0, 2), (1, 1)
    yy, xx, xy = (gaussian_filter(values, sigma, order=o, mode="reflect", truncate=5.0) * sigma**2 for o in orders)
    half, spread = (yy + xx) / 2, np.hypot((yy - xx) / 2, xy)
    return np.asarray(np.where(half >= 0, half + spread, half - spread))


def ridges(image: Plane, mask: Mask, sigma: float) -> Ridges:
    """Measure the ridges of one scale inside and across the border of a mask.

    Args:
        image: ``float32 [H, W]``, filled.
        mask: ``bool [H, W]``, where it was filled; at least ``3 sigma`` from the image's edge.
        sigma: ``VESSELS`` or ``RIBS``.

    Returns:
        NaN where there is too little border or nothing around the mask.
    """
    response = ridge_response(image, sigma)
    distance = signed_distance(mask)
    reach = 4 * sigma
    inside, around = distance > 0, (distance < -sigma) & (distance > -sigma - max(reach, 16.0))
    energies = [float((response[part] ** 2).mean()) if part.any() else 0.0 for part in (inside, around)]
    ratio = float(np.sqrt(energies[0] / energies[1])) if energies[1] > LEAST_ENERGY else float("nan")
    return Ridges(ratio, _continuity(response, distance, sigma))


def signed_distance(mask: Mask) -> NDArray[np.float64]:
    """Distance in pixels to the border: above 0 inside, below 0 outside."""
    import cv2

    inner, outer = (
        cv2.distanceTransform(part.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for part in (mask, ~mask)
    )
    return np.asarray(np.where(mask, inner - 0.5, 0.5 - outer), np.float64)


def _continuity(response: NDArray[np.float64], distance: NDArray[np.float64], sigma: float) -> float:
    from scipy.ndimage import gaussian_filter, map_coordinates

    border = np.argwhere((distance > 0) & (distance < 1.0)).astype(np.float64)
    smooth = gaussian_filter(distance, 1.5)
    normals = np.stack([g[tuple(border.astype(int).T)] for g in np.gradient(smooth)], axis=1)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = normals / np.maximum(lengths, 1e-6)
    places = [border + step * normals for step in (sigma, -sigma)]
    limit = np.array(response.shape) - 1
    there = np.all([((p >= 0) & (p <= limit)).all(1) for p in places], axis=0) & (lengths[:, 0] > 0.1)
    if np.count_nonzero(there) < LEAST_POINTS:
        return float("nan")
    first, second = (map_coordinates(response, p[there].T, order=1) for p in places)
    if min(first.var(), second.var()) <= LEAST_ENERGY:
        return float("nan")
    return float(np.corrcoef(first, second)[0, 1])
