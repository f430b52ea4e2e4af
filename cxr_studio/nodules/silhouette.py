"""Which outline a placed nodule has."""

from __future__ import annotations

from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules.ct_superposition import projection_of
from cxr_studio.nodules.placement import SUPERPOSITION, Placement
from cxr_studio.nodules.shapes import placed_shape


def silhouette_of(placement: Placement, mm_per_pixel: float) -> Mask:
    """Outline of a nodule in image pixels, in about its own rectangle.

    CT superposition has that of a projected CT nodule, any other generator one of the shape generator.
    """
    if placement.generator != SUPERPOSITION:
        return placed_shape(placement)
    return projection_of(placement, mm_per_pixel).mask
