"""Reconstruction losses of a hole."""

from __future__ import annotations

from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor
from torch.nn import functional as F

from trainers.processes import mean_over_all
from trainers.recipe import Part

FLOOR = 1e-5
"""Added to a patch's mean-squared error before the root or logarithm: 56 dB, above what a fill reaches."""


class Loss(Part):
    """Reconstruction and adversarial terms.

    Attributes:
        kind: "l2" as in the paper; "rms", the mean over patches of the root-mean-square error; or "log-l2",
            the mean over patches of the log mean-squared error (each counts the same in decibels).
        reconstruction: Weight of the reconstruction (0.998 in the paper).
        adversarial: Weight of the adversarial term (0.002 in the paper).
        border: Width in pixels of the hole's border that counts more (4 in the paper).
        border_weight: How much more (10 in the paper).
    """

    kind: Literal["l2", "rms", "log-l2"] = "l2"
    reconstruction: Annotated[float, Field(ge=0)] = 0.998
    adversarial: Annotated[float, Field(ge=0)] = 0.002
    border: Annotated[int, Field(ge=0, le=32)] = 4
    border_weight: Annotated[float, Field(ge=1)] = 10.0


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
        return error.sum() / mean_over_all(hole.sum())
    per_patch = error.sum(dim=(1, 2, 3)) / weights.sum(dim=(1, 2, 3))
    if loss.kind == "rms":
        return torch.sqrt(per_patch + FLOOR).mean()
    return torch.log(per_patch + FLOOR).mean()
