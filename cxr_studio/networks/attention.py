"""Contextual attention (Yu et al. 2018): unknown patches are rebuilt from the known ones that are most like them."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

SCALE = 10.0
"""Of the softmax over cosine similarities."""

LEAST = 1e-4
"""Least norm of a patch."""


def contextual_attention(features: Tensor, hole: Tensor, *, fused: bool = True) -> Tensor:
    """Rebuild features from patches that lie outside the hole.

    3 × 3 patches are compared at half the resolution, and 4 × 4 patches of stride 2 are put together.

    Args:
        features: ``float32 [N, C, s, s]``, s even.
        hole: ``[N, 1, s, s]``, 1 = unknown.
        fused: Whether likenesses are fused along rows and columns of three neighbouring patches.

    Returns:
        ``[N, C, s, s]``.
    """
    half, side = features[..., ::2, ::2], features.shape[-1] // 2
    patches = F.unfold(half, 3, padding=1)
    normed = patches / patches.norm(dim=1, keepdim=True).clamp_min(LEAST)
    likeness = torch.einsum("nci,ncj->nij", normed, normed)
    if fused:
        likeness = _fused(likeness, side)
    known = (F.max_pool2d(F.max_pool2d(hole, 2), 3, stride=1, padding=1) == 0).flatten(1).to(features.dtype)
    known = torch.where(known.sum(dim=1, keepdim=True) > 0, known, torch.ones_like(known))
    weights = torch.softmax(SCALE * likeness.masked_fill(known[:, :, None] == 0, float("-inf")), dim=1)
    raw = F.unfold(features, 4, stride=2, padding=1)
    rebuilt = F.fold(raw @ weights, (2 * side, 2 * side), 4, stride=2, padding=1)
    return rebuilt / 4


def _fused(likeness: Tensor, side: int) -> Tensor:
    """Sum of the likenesses of pairs of neighbours, along rows and then along columns; ``[N, L, L]``."""
    kernel = torch.eye(3, device=likeness.device, dtype=likeness.dtype)[None, None]
    count = likeness.shape[0]
    for _ in range(2):
        likeness = F.conv2d(likeness[:, None], kernel, padding=1)[:, 0]
        turned = likeness.view(count, side, side, side, side).permute(0, 2, 1, 4, 3)
        likeness = turned.reshape(count, side * side, side * side)
    return likeness
