"""How much a place looks like a dense, round spot: nodules and masses do; ribs, vessels and borders do not.

A bright ridge is curved across and straight along; a bright spot is curved both ways. So the weaker of the two
curvatures (the smaller eigenvalue of the negative Hessian, at the size of a nodule) is large in spots alone.
It is taken of what the fill does not explain and of the image itself: on 73 radiographs with nodules both together find
more than either.
"""

from __future__ import annotations

import numpy as np

from cxr_studio.masks.boxes import Mask
from cxr_studio.restore.classical import Unit

SIDE = 256
"""Longest side in pixels at which spots are searched: they are smooth, and it is quick."""

DIFFERENCE_SIGMAS = 3.0, 5.0, 7.0
"""Standard deviations, in pixels of SIDE, of the Gaussians in which the differences' curvature is taken."""

IMAGE_SIGMAS = 3.0, 4.0
"""The same for the image itself: larger ones respond to the spaces between ribs."""

MASS_SIGMAS = 9.0, 13.0
"""Those in which masses are searched, in the differences of all scales."""

MASSES = 0.6
"""What a mass's standard deviations count beside a nodule's: healthy lungs have more that is large."""

NODULES = len(DIFFERENCE_SIGMAS) + len(IMAGE_SIGMAS)
SIZES = NODULES + len(MASS_SIGMAS)
"""Planes of ``responses`` that answer to nodules, which come first, and all of them."""

LIMIT = 0.1
"""Differences, in shares of the window, are bent towards this: what is much denser (electrodes, clips) is no nodule."""

WIDE = 10.0
"""Standard deviation, in pixels of SIDE, of the mean that is taken off the image first."""


def responses(fine: Unit, every: Unit, image: Unit, inside: Mask) -> Unit:
    """Roundness at every size.

    Args:
        fine: Signed differences of the two finest scales, added up, ``float32 [h, w]`` in shares of the window, h and
            w at most SIDE.
        every: Those of all scales.
        image: Unit values of the same shape.
        inside: ``bool [h, w]``; what lies elsewhere does not count.

    Returns:
        ``float32 [SIZES, h, w]``, thousandths of the window, 0 and more; 0 outside.
    """
    detail = image - mean_inside(image, inside, WIDE)
    sources = [(_bent(fine), DIFFERENCE_SIGMAS), (_bent(detail), IMAGE_SIGMAS), (_bent(every), MASS_SIGMAS)]
    return 1000 * np.stack([roundness(plane, inside, sigma) for plane, sigmas in sources for sigma in sigmas])


def together(scores: Unit) -> Unit:
    """One map of standard deviations ``[SIZES, h, w]``: the mean of those for nodules, or that of masses if larger."""
    nodules, masses = scores[:NODULES].mean(axis=0), scores[NODULES:].mean(axis=0)
    return np.asarray(np.maximum(nodules, MASSES * masses), np.float32)


def roundness(plane: Unit, inside: Mask, sigma: float) -> Unit:
    """The weaker curvature of bright spots, times ``sigma`` squared, so that a spot of any size counts alike.

    Args:
        plane: ``float32 [h, w]``.
        inside: ``bool [h, w]``.
        sigma: Standard deviation in pixels of the Gaussian that comes first.

    Returns:
        ``float32 [h, w]``; 0 outside, and where the plane is not curved down both ways.
    """
    smooth = mean_inside(plane, inside, sigma)
    down, across = np.gradient(smooth)
    (yy, yx), (_, xx) = np.gradient(down), np.gradient(across)
    middle, apart = (yy + xx) / 2, np.hypot((yy - xx) / 2, yx)
    return np.where(inside, np.maximum(-(middle + apart), 0) * sigma**2, 0).astype(np.float32)


def mean_inside(plane: Unit, inside: Mask, sigma: float) -> Unit:
    """Gaussian mean over the pixels inside, also for those outside that lie near."""
    import cv2

    weight = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), sigma)
    values = cv2.GaussianBlur(np.where(inside, plane, np.float32(0)).astype(np.float32), (0, 0), sigma)
    return np.asarray(values / np.maximum(weight, 1e-3))


def small_side(shape: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns of an image brought to SIDE; a smaller image stays as it is."""
    scale = max(1.0, max(shape) / SIDE)
    return max(2, round(shape[0] / scale)), max(2, round(shape[1] / scale))


def _bent(plane: Unit) -> Unit:
    return np.asarray(LIMIT * np.tanh(plane / LIMIT), np.float32)
