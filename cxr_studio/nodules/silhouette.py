"""Which outline a nodule of the texture generator has."""

from __future__ import annotations

from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules.ct_superposition import projection_of, template_of
from cxr_studio.nodules.margin import Outline
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.shapes import placed_shape, shape_checkpoint, shape_with


def silhouette_of(placement: Placement, mm_per_pixel: float) -> Mask:
    """Outline of a nodule in image pixels, in about its own rectangle: of the shape generator, brought to its size.

    Without a shape generator, and without a shape seed of its own, it is that of a projected CT nodule.

    Raises:
        CheckpointError: the shape generator's weights do not fit.
    """
    if _of_ct(placement):
        return projection_of(placement, mm_per_pixel).mask
    return placed_shape(placement)


def outline_of_shape(placement: Placement, mm_per_pixel: float) -> tuple[Outline, str]:
    """Figures of that outline before it was brought to its size, and a sentence where its margin is not as asked."""
    if _of_ct(placement):
        chosen = template_of(placement, mm_per_pixel)
        return chosen.outline, chosen.missed
    seed = placement.seed if placement.shape_seed is None else placement.shape_seed
    shape = shape_with(placement.margin, seed=seed)
    return shape.outline, shape.missed


def _of_ct(placement: Placement) -> bool:
    return shape_checkpoint() is None and placement.shape_seed is None
