"""Reconstruction losses of a hole."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from trainers.context_encoder_recipe import Loss

FLOOR = 1e-5
"""Added to a patch's mean-squared error before the root or logarithm: 56 dB, above what a fill reaches."""


def border_weights(hole: Tensor, loss: Loss) -> Tensor:
    """Weights of the pixels of a hole: 0 outside, ``border_weight`` within ``border`` pixels of its edge,
    else 1.

    Args:
        hole: ``float32 [N, 1, h, h]``, 1 = unknown; what lies beyond the square counts as known.
        loss: The recipe's loss section.
    """
    if loss.border == 0 or loss.border_weight == 1:
        return hole
    known = F.pad(1.0 - hole, [loss.border] * 4, value=1.0)
    near = F.max_pool2d(known, 2 * loss.border + 1, stride=1)
    return hole * (1.0 + (loss.border_weight - 1.0) * near)


def reconstruction(fill: Tensor, real: Tensor, hole: Tensor, *, loss: Loss) -> Tensor:
    """Weighted squared error over the hole; all ``[N, 1, h, h]``.

    For "l2" the mean of w · e² over all pixels of all holes, not divided by the mean of w (3.11 over the paper's
    square), since 0.998 : 0.002 stands against the undivided one. Else the mean over patches of the root or the
    logarithm of the weighted mean.
    """
    weights = border_weights(hole, loss)
    error = weights * (fill - real).square()
    if loss.kind == "l2":
        return error.sum() / hole.sum()
    per_patch = error.sum(dim=(1, 2, 3)) / weights.sum(dim=(1, 2, 3))
    if loss.kind == "rms":
        return torch.sqrt(per_patch + FLOOR).mean()
    return torch.log(per_patch + FLOOR).mean()
