"""A small network that repairs a radiograph without being told where it is damaged."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cxr_studio.networks.whole_image import WholeImageNetwork


class SoftRepair(WholeImageNetwork):
    """Dilated convolutions whose answer is added to the image.

    Args:
        width: Channels.
        input_side: Side of the image.
    """

    def __init__(self, *, width: int = 16, input_side: int) -> None:
        super().__init__(input_side=input_side)
        layers: list[nn.Module] = [nn.Conv2d(1, width, 3, padding=1), nn.SiLU()]
        for dilation in (2, 4, 8, 16, 8, 4):
            layers += [nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation), nn.SiLU()]
        self.layers = nn.Sequential(*layers, nn.Conv2d(width, 1, 3, padding=1))

    def forward(self, image: Tensor, given: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:  # noqa: ARG002
        """See WholeImageNetwork; it takes neither labels nor noise."""
        drawn: Tensor = image + self.layers(image)
        return drawn


NETWORK = SoftRepair
