"""A CT nodule seen by X-rays from any side: thickness of its tissue, and its exact silhouette."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Mask, bounding_box, cut, padded
from cxr_studio.nodules.ct_library import CtNodule
from cxr_studio.nodules.diameter import diameter, scale_for

EDGE = 2
"""Pixels kept around the projection."""

FAINT = 1e-3
"""Share of the thickest point below which nothing is left of the nodule."""


@dataclass(frozen=True, eq=False)
class View:
    """A nodule projected along a direction.

    Attributes:
        thickness: Water-equivalent thickness over the lung's, in pixels of the view, float32 ``[n, n]``.
        depth: Largest signed distance to the surface along each ray, pixels; above zero in the silhouette.
        pixel_mm: Side of a pixel, mm: 1 unless the view was made finer.
    """

    thickness: NDArray[np.float32]
    depth: NDArray[np.float32]
    pixel_mm: float = 1.0


@dataclass(frozen=True, eq=False)
class Projection:
    """A view at a radiograph's scale.

    Attributes:
        thickness: Water-equivalent thickness in mm, float32 ``[h, w]``.
        mask: The silhouette.
        diameter: Of the silhouette, pixels.
    """

    thickness: NDArray[np.float32]
    mask: Mask
    diameter: float


def view(nodule: CtNodule, rotation: NDArray[np.float64], *, excess: NDArray[np.float32] | None = None) -> View:
    """Project a nodule along the first axis after a rotation.

    Args:
        nodule: The nodule.
        rotation: Rotation matrix ``[3, 3]``.
        excess: Density over the lung's in place of its own, in units of water ``[z, y, x]``.
    """
    from scipy.ndimage import affine_transform

    side = ceil(np.linalg.norm(nodule.hu.shape)) + 2
    centre = (np.array(nodule.hu.shape) - 1) / 2
    offset = centre - rotation @ np.full(3, (side - 1) / 2)
    turned = [
        affine_transform(volume, rotation, offset, (side, side, side), order=1, cval=outside)
        for volume, outside in (
            (nodule.excess if excess is None else excess, 0.0),
            (nodule.depth, float(nodule.depth.min()) - 1),
        )
    ]
    return View(turned[0].sum(axis=0).astype(np.float32), turned[1].max(axis=0).astype(np.float32))


def random_rotation(rng: np.random.Generator) -> NDArray[np.float64]:
    """A rotation matrix, uniform over all directions."""
    from scipy.spatial.transform import Rotation

    return np.asarray(Rotation.random(random_state=rng).as_matrix())


def turned_in_plane(seen: View, degrees: float, *, mirror: bool = False) -> View:
    """Turn a view about the ray, and mirror it left to right."""
    import cv2

    side = seen.thickness.shape[0]
    matrix = cv2.getRotationMatrix2D(((side - 1) / 2, (side - 1) / 2), degrees, 1.0)
    low = float(seen.depth.min())
    parts = [
        np.asarray(
            cv2.warpAffine(field[:, ::-1].copy() if mirror else field, matrix, (side, side), borderValue=outside)
        )
        for field, outside in ((seen.thickness, 0.0), (seen.depth, low))
    ]
    return View(parts[0], parts[1], seen.pixel_mm)


def project(seen: View, wanted: float, *, mm_per_pixel: float) -> Projection:
    """Bring a view to a diameter in a radiograph.

    The nodule is scaled in all three directions, so a larger one is thicker too.

    Args:
        seen: The view, in pixels of 1 mm.
        wanted: Diameter of the silhouette in pixels of the radiograph.
        mm_per_pixel: Of the radiograph.
    """
    start = wanted / max(diameter(_largest(seen.depth > 0)), 1.0)
    scale = scale_for(lambda s: _largest(_resampled(seen.depth, s) > 0), wanted, start=start)
    mask = _largest(_resampled(seen.depth, scale) > 0)
    thickness = np.clip(_resampled(seen.thickness, scale), 0, None) * np.float32(scale * mm_per_pixel)
    box = bounding_box(mask | (thickness > FAINT * thickness.max()))
    place = cut(padded(box, EDGE, mask.shape)) if box is not None else np.s_[:, :]
    return Projection(thickness[place], mask[place], diameter(mask))


def finer(seen: View, wide: float, *, room: float = 0.0) -> View:
    """A view in smaller pixels, so that its silhouette is at least so many wide.

    Args:
        seen: The view.
        wide: Pixels.
        room: Added on every side, share of the silhouette's diameter.
    """
    import cv2

    across = max(diameter(_largest(seen.depth > 0)), 1.0)
    factor = max(1, ceil(wide / across))
    size = (seen.depth.shape[1] * factor, seen.depth.shape[0] * factor)
    parts = [
        np.pad(
            cv2.resize(field, size, interpolation=cv2.INTER_CUBIC) * np.float32(factor),
            ceil(room * across * factor),
            constant_values=float(field.min()) * factor,
        )
        for field in (seen.thickness, seen.depth)
    ]
    return View(np.maximum(parts[0], 0), parts[1], seen.pixel_mm / factor)


def _largest(mask: Mask) -> Mask:
    """The largest connected part: a nodule is one thing."""
    import cv2

    count, labels, facts, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count <= 2:
        return mask
    return np.asarray(labels == 1 + int(np.argmax(facts[1:, cv2.CC_STAT_AREA])))


def _resampled(field: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """A square field scaled about its middle, averaged where it shrinks."""
    import cv2

    side = max(4, ceil(field.shape[0] * scale))
    if scale < 1:
        field = np.asarray(cv2.GaussianBlur(field, (0, 0), 0.35 / scale))
    step = 1 / scale
    origin = (field.shape[0] - 1) / 2 - step * (side - 1) / 2
    matrix = np.array([[step, 0, origin], [0, step, origin]])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(field, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE))
