"""Which outline a nodule of the texture generator has."""

from __future__ import annotations

from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules.ct_superposition import projection_of
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.shapes import placed_shape, shape_checkpoint


def silhouette_of(placement: Placement, mm_per_pixel: float) -> Mask:
    """Outline of a nodule in image pixels, in about its own rectangle: of the shape generator, brought to its size.

    Without a shape generator, and without a shape seed of its own, it is that of a projected CT nodule.

    Raises:
        CheckpointError: the shape generator's weights do not fit.
    """
    if shape_checkpoint() is None and placement.shape_seed is None:
        return projection_of(placement, mm_per_pixel).mask
    return placed_shape(placement)
