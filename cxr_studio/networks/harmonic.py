"""The harmonic (membrane) fill of any mask, coarse to fine, in torch: quick enough to stand inside a network."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

RELAXATIONS = 8
"""Jacobi steps at each scale."""

LEAST_SIDE = 4
"""The pyramid ends at this side."""


def harmonic_fill(image: Tensor, mask: Tensor) -> Tensor:
    """Fill each mask with a smooth surface that meets the surroundings.

    The mean of the known pixels is carried up a pyramid of halvings; on the way down every unknown pixel starts from
    the coarser answer and is relaxed towards the mean of its four neighbours.

    Args:
        image: ``float32 [N, C, S, S]``; what lies under the mask does not matter.
        mask: ``[N, 1, S, S]``, 1 = unknown; not everything may be.

    Returns:
        ``[N, C, S, S]``, equal to the image outside the mask.
    """
    known = 1.0 - mask
    start = image * known
    if min(image.shape[-2:]) > LEAST_SIDE and min(image.shape[-2:]) % 2 == 0:
        share = F.avg_pool2d(known, 2)
        coarse = F.avg_pool2d(start, 2) / share.clamp_min(1e-6)
        rough = harmonic_fill(coarse, (share == 0).to(mask.dtype))
        start = start + mask * F.interpolate(rough, scale_factor=2, mode="bilinear", align_corners=False)
    else:
        mean = start.sum(dim=(2, 3), keepdim=True) / known.sum(dim=(2, 3), keepdim=True).clamp_min(1e-6)
        start = start + mask * mean
    for _ in range(RELAXATIONS):
        start = torch.where(mask > 0, _neighbours(start), start)
    return start


def _neighbours(x: Tensor) -> Tensor:
    wide = F.pad(x, (1, 1, 1, 1), mode="replicate")
    return 0.25 * (wide[..., :-2, 1:-1] + wide[..., 2:, 1:-1] + wide[..., 1:-1, :-2] + wide[..., 1:-1, 2:])
