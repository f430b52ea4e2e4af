"""A small network that fills a hole: what the biharmonic fill lacks, from six convolutions."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cxr_studio.networks.hole_network import HoleNetwork


class SoftFill(HoleNetwork):
    """Six convolutions on image and hole; their answer is added to the base fill.

    Args:
        width: Channels.
        input_side: Side of the crop, pixels.
        hole_side: Side of the central square that comes back, pixels.
    """

    def __init__(self, *, width: int = 16, input_side: int, hole_side: int) -> None:
        super().__init__(input_side=input_side, hole_side=hole_side)
        layers: list[nn.Module] = [nn.Conv2d(2, width, 3, padding=1), nn.SiLU()]
        for dilation in (2, 4, 8, 4):
            layers += [nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation), nn.SiLU()]
        self.layers = nn.Sequential(*layers, nn.Conv2d(width, 1, 3, padding=1))

    def forward(self, image: Tensor, hole: Tensor) -> Tensor:
        """See HoleNetwork."""
        margin = (self.input_side - self.hole_side) // 2
        inside = slice(margin, margin + self.hole_side)
        correction: Tensor = self.layers(torch.cat([image, hole], dim=1))
        return (image + correction)[..., inside, inside]


NETWORK = SoftFill
