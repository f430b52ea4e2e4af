"""What was drawn around a box is made to meet it: differences along its border are carried outwards and fade."""

from __future__ import annotations

from math import ceil

import torch
from torch import Tensor
from torch.nn import functional as F

REACHES = (16.0, 6.0, 2.0)
"""Standard deviations in pixels over which differences are smoothed along the border and fade, coarse ones first."""

NEAR = 1.0
"""Standard deviation of the weights by which both sides of the border are compared."""

LEAST = 1e-4


def met_at_box(drawn: Tensor, image: Tensor, box: Tensor) -> Tensor:
    """The box's own pixels, and around them what was drawn, with steps of brightness at the border taken out.

    Args:
        drawn: ``float32 [N, 1, S, S]``.
        image: The same, known inside the box.
        box: 1 inside, 0 outside.
    """
    inside, outside = box.float(), 1 - box.float()
    beyond = _normed(image.float() * inside, inside, NEAR)
    ring = 4 * _blurred(inside, NEAR) * _blurred(outside, NEAR)
    drawn = drawn.float()
    for reach in REACHES:
        step = (beyond - _normed(drawn * outside, outside, NEAR)) * ring
        drawn = drawn + _normed(step, ring, reach) * _fading(inside, reach)
    return torch.where(inside > 0, image.float(), drawn)


def _fading(inside: Tensor, reach: float) -> Tensor:
    """1 at the border, 0 far from it: no farther than the box is large."""
    scales = [reach / 2**k for k in range(4)]
    return torch.stack([(2 * _blurred(inside, scale)).clamp(max=1) for scale in scales]).amax(dim=0)


def _normed(values: Tensor, weights: Tensor, sigma: float) -> Tensor:
    """Weighted mean around each pixel, where ``values`` hold their weights; 0 where there is none."""
    return _blurred(values, sigma) / _blurred(weights, sigma).clamp_min(LEAST)


def _blurred(image: Tensor, sigma: float) -> Tensor:
    reach = ceil(3 * sigma)
    x = torch.arange(-reach, reach + 1, dtype=image.dtype, device=image.device)
    kernel = torch.exp(-0.5 * (x / sigma).square())
    kernel = kernel / kernel.sum()
    rows = F.conv2d(image, kernel.view(1, 1, -1, 1), padding=(reach, 0))
    return F.conv2d(rows, kernel.view(1, 1, 1, -1), padding=(0, reach))
