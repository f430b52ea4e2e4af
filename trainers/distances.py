"""Distances of feature maps: feature matching, perceptual and style losses on any network's taps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

Scale = Literal["none", "spread", "size"]
"""What a tap's mean absolute difference is divided by: nothing, and taps are summed (Shen et al., eq. 6); the wanted
features' standard deviation, or their mean size, and taps are averaged."""

Style = Literal["absolute", "squared", "undivided"]
"""Mean absolute difference of Gram matrices over C · H · W; 1 / (4 C²) of the squared Frobenius norm of theirs over
C · H · W (MedGAN); mean absolute difference of plain ones."""

SMALL = 1e-6


def feature_distance(drawn: Sequence[Tensor], real: Sequence[Tensor], *, scale: Scale = "size") -> Tensor:
    """Mean absolute difference of each tap, scaled and brought together; 0-dimensional.

    Args:
        drawn: Feature maps ``[N, C, H, W]`` of what was drawn.
        real: Of what was wanted, in the same order; nothing is learned through them.
        scale: See Scale.

    Raises:
        ValueError: different numbers of taps.
    """
    each = []
    for found, wanted in zip(drawn, (tap.detach() for tap in real), strict=True):
        difference = (found - wanted).abs().mean()
        if scale == "spread":
            difference = difference / (wanted.std() + SMALL)
        elif scale == "size":
            difference = difference / (wanted.abs().mean() + SMALL)
        each.append(difference)
    stacked = torch.stack(each)
    return stacked.sum() if scale == "none" else stacked.mean()


def gram(features: Tensor, *, divided: bool = True) -> Tensor:
    """Gram matrix ``[N, C, C]`` of ``[N, C, H, W]``, by default divided by C · H · W (Johnson et al. 2016)."""
    flat = features.flatten(2)
    product = flat @ flat.transpose(1, 2)
    return product / (flat.shape[1] * flat.shape[2]) if divided else product


def gram_distance(drawn: Sequence[Tensor], real: Sequence[Tensor], *, style: Style = "absolute") -> Tensor:
    """Style (Gatys et al. 2016): distance of the taps' Gram matrices, summed over the taps; 0-dimensional.

    Raises:
        ValueError: different numbers of taps.
    """
    divided = style != "undivided"
    each = []
    for found, wanted in zip(drawn, real, strict=True):
        difference = gram(found, divided=divided) - gram(wanted.detach(), divided=divided)
        if style == "squared":
            each.append(difference.square().sum(dim=(1, 2)).mean() / (4 * found.shape[1] ** 2))
        else:
            each.append(difference.abs().mean())
    return torch.stack(each).sum()
