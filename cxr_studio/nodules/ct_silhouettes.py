"""Silhouettes of CT nodules seen from any side: the real shapes that the shape generator learns from."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError
from cxr_studio.masks.boxes import Mask, bounding_box, cut
from cxr_studio.masks.regions import solid
from cxr_studio.nodules.ct_library import CtNodule
from cxr_studio.nodules.diameter import diameter
from cxr_studio.nodules.projection import random_rotation
from cxr_studio.resources import resource

HELD_OUT = ("nodules", "held-out-shapes.npz")
"""The bundled silhouettes of held-out nodules, under resources."""

SIDE = 128
"""Side in pixels of the square that a silhouette stands in (Shen et al.)."""

DIAMETER = 100.0
"""Diameter in pixels that silhouettes are brought to before they are learned from (Shen et al.)."""

MARGIN = 4
"""Pixels of the square that a silhouette leaves free: one too long for that is drawn smaller."""

ROUGH = 50.0
"""Diameter in pixels at which a silhouette is measured before it is drawn."""

SMOOTHING_MM = 0.5
"""Standard deviation of the Gaussian on the signed distance, which takes the steps of the 1 mm voxels out."""


def silhouette(seen: NDArray[np.float32], *, degrees: float = 0.0, mirror: bool = False, side: int = SIDE) -> Mask:
    """Outline what a projection shows: one region without holes, ``DIAMETER`` pixels wide, centred on its square.

    Args:
        seen: What ``projected`` gives.
        degrees: Turned by so much in the image plane.
        mirror: Mirrored left to right before turning.
        side: Of the square, pixels.

    Returns:
        ``bool [side, side]``.
    """
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turn = np.diag([1.0, -1.0 if mirror else 1.0]) @ turn
    middle = (np.array(seen.shape) - 1) / 2
    rough = ROUGH / max(diameter(solid(seen > 0)), 1.0)
    first = solid(_drawn(seen, turn / rough, middle, side=ceil(1.42 * seen.shape[0] * rough)) > 0)
    box = bounding_box(first)
    if box is None:
        return np.zeros((side, side), bool)
    scale = rough * min(DIAMETER / diameter(first[cut(box)]), (side - MARGIN) / max(box[2] - box[0], box[3] - box[1]))
    corner = np.array([box[0] + box[2] - 1, box[1] + box[3] - 1]) / 2
    centre = middle + turn @ (corner - (first.shape[0] - 1) / 2) / rough
    return solid(_drawn(seen, turn / scale, centre, side=side) > 0)


def random_silhouette(nodule: CtNodule, rng: np.random.Generator) -> Mask:
    """A silhouette from a random side, mirrored half of the time; ``bool [SIDE, SIDE]``."""
    return silhouette(projected(nodule, random_rotation(rng)), mirror=rng.random() < 0.5)


def views(nodules: tuple[CtNodule, ...], each: int, *, seed: int) -> NDArray[np.bool_]:
    """Draw ``each`` random silhouettes of every nodule; ``bool [each · nodules, SIDE, SIDE]``, the same per seed."""
    drawn = [random_silhouette(n, np.random.default_rng([seed, n.number, k])) for n in nodules for k in range(each)]
    return np.stack(drawn)


def signed_distance(mask: Mask) -> NDArray[np.float32]:
    """Distance in pixels to a mask's edge, above zero inside; float32 of the mask's shape."""
    import cv2

    inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    outside = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(np.where(mask, inside - 0.5, 0.5 - outside), np.float32)


def projected(nodule: CtNodule, rotation: NDArray[np.float64]) -> NDArray[np.float32]:
    """Project a nodule along the first axis after a rotation.

    Args:
        nodule: Voxels of 1 mm.
        rotation: Rotation matrix ``[3, 3]``.

    Returns:
        Largest smoothed signed distance to the surface along each ray, mm, in pixels of 1 mm; ``float32 [n, n]``.
    """
    from scipy.ndimage import affine_transform

    volume = _smooth_depth(nodule)
    side = ceil(np.linalg.norm(volume.shape)) + 2
    offset = (np.array(volume.shape) - 1) / 2 - rotation @ np.full(3, (side - 1) / 2)
    turned = affine_transform(volume, rotation, offset, (side, side, side), order=1, cval=float(volume.min()) - 1)
    return np.asarray(turned.max(axis=0), np.float32)


@lru_cache(maxsize=2000)
def _smooth_depth(nodule: CtNodule) -> NDArray[np.float32]:
    """The nodule's signed distance, smoothed, cut to its surroundings."""
    from scipy.ndimage import gaussian_filter

    places = [(int(v.min()), int(v.max()) + 1) for v in np.nonzero(nodule.mask)]
    around = tuple(slice(max(0, low - 2), high + 2) for low, high in places)
    return np.asarray(gaussian_filter(nodule.depth, SMOOTHING_MM)[around], np.float32)


def _drawn(
    field: NDArray[np.float32], turn: NDArray[np.float64], centre: NDArray[np.float64], *, side: int
) -> NDArray[np.float32]:
    """A field seen through a matrix on (row, column); ``centre`` comes to the middle of a square of ``side`` pixels."""
    import cv2

    origin = centre - turn @ np.full(2, (side - 1) / 2)
    matrix = np.array([[turn[1, 1], turn[1, 0], origin[1]], [turn[0, 1], turn[0, 0], origin[0]]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(field, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE))


@lru_cache(maxsize=1)
def held_out_shapes() -> NDArray[np.bool_]:
    """Silhouettes of the nodules of held-out series, three random sides each, bundled; ``bool [N, SIDE, SIDE]``.

    Raises:
        ReadError: missing or damaged.
    """
    path = resource(*HELD_OUT)
    try:
        with np.load(path, allow_pickle=False) as stored:
            count, bits = int(stored["count"]), stored["bits"]
        return np.unpackbits(bits, count=count * SIDE * SIDE).reshape(count, SIDE, SIDE).astype(bool)
    except (OSError, ValueError, KeyError, EOFError) as fault:
        raise ReadError("the file holds no silhouettes", file=path, remedy="Reinstall CXR Studio") from fault


def write_shapes(path: Path, masks: NDArray[np.bool_]) -> None:
    """Write silhouettes ``bool [N, SIDE, SIDE]`` as ``held_out_shapes`` reads them."""
    np.savez_compressed(path, count=np.array(len(masks)), bits=np.packbits(masks))
