"""Shapes to pick from, as the strip of the window shows them: those that a nodule generator would draw by seed."""

from __future__ import annotations

from collections.abc import Sequence

from cxr_studio.generation.offering import find
from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules import ct_superposition
from cxr_studio.nodules.ct_library import Profile
from cxr_studio.nodules.margin import Margin
from cxr_studio.nodules.rules import INSERT
from cxr_studio.nodules.shapes import draw_shapes, shape_with

SIXTEEN = 16
"""Shapes that are offered at a time."""


def offered_shapes(
    generator: str, seeds: Sequence[int], *, profile: Profile | None = None, margin: Margin | None = None
) -> list[Mask]:
    """Return the shape of every shape seed (see Placement.shape_seed) of a nodule generator.

    Args:
        generator: One without a checkpoint shows silhouettes of CT nodules; networks take those of the shape generator.
        seeds: Shape seeds.
        profile: Density of the CT nodules, None for any.
        margin: Of the shapes, None for any.

    Returns:
        ``bool [h, w]`` each, of any size.

    Raises:
        GeneratorError: there is no nodule of the profile.
        CheckpointError: the shape generator's weights do not fit.
    """
    if find(generator, INSERT).checkpoint is None:
        return ct_superposition.strip_shapes(seeds, profile=profile, margin=margin)
    return list(draw_shapes(seeds)) if margin is None else [shape_with(margin, seed=seed).shape for seed in seeds]
