"""A small network that draws a nodule: what a rounded body of the wanted density lacks."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cxr_studio.networks.gated import InsertNetwork
from cxr_studio.networks.harmonic import harmonic_fill


class SoftNodule(InsertNetwork):
    """Five convolutions on the filled patch, the silhouette and the contrast.

    Args:
        width: Channels.
        input_side: Side of the patches that it was trained on, pixels.
    """

    def __init__(self, *, width: int = 16, input_side: int) -> None:
        super().__init__(input_side=input_side)
        layers: list[nn.Module] = [nn.Conv2d(3, width, 3, padding=1), nn.SiLU()]
        for dilation in (2, 4, 2):
            layers += [nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation), nn.SiLU()]
        self.layers = nn.Sequential(*layers, nn.Conv2d(width, 1, 3, padding=1))

    def forward(self, patch: Tensor, mask: Tensor, contrast: Tensor) -> tuple[Tensor, Tensor]:
        """See InsertNetwork; there is one stage."""
        lung = harmonic_fill(patch, mask)
        rough = lung + contrast
        drawn = rough + mask * self.layers(torch.cat([rough, mask, contrast], dim=1))
        return drawn, drawn


NETWORK = SoftNodule
