"""A small network that draws around a box: a U-Net of three levels with a plane of noise."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.whole_image import WholeImageNetwork


class SoftSurround(WholeImageNetwork):
    """Down three times, up three times; the noise lets another seed draw another chest.

    Args:
        width: Channels at full resolution.
        input_side: Side of the image, a multiple of 8.
    """

    def __init__(self, *, width: int = 16, input_side: int) -> None:
        super().__init__(input_side=input_side)
        wide = (3, width, 2 * width, 4 * width)
        self.down = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1) for a, b in pairwise(wide))
        self.up = nn.ModuleList(nn.Conv2d(a + b, a, 3, padding=1) for a, b in pairwise(wide))
        self.head = nn.Conv2d(3, 1, 3, padding=1)

    def forward(self, image: Tensor, given: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        """See WholeImageNetwork; ``given`` is the box."""
        box = torch.zeros_like(image) if given is None else given
        noise = torch.randn(image.shape, generator=rng).to(image.device)
        levels = [torch.cat([image, box, noise], dim=1)]
        for layer in self.down:
            levels.append(F.silu(layer(levels[-1])))
        x = levels.pop()
        for layer in reversed(self.up):
            x = F.silu(layer(torch.cat([levels.pop(), F.interpolate(x, scale_factor=2.0)], dim=1)))
        drawn: Tensor = self.head(x).tanh()
        return drawn


NETWORK = SoftSurround
