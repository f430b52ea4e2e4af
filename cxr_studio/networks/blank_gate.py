"""Where a radiograph has been blanked, found at full resolution by a network that is not given the region."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.harmonic import harmonic_fill

BLACK = -0.996
"""Grey (-1 to 1) below which a pixel may be blank: half a grey of 255 above black."""

SHRINK = 4
"""The surroundings are looked at on an image so many times smaller."""

DILATIONS = (1, 2, 4, 8)
"""There, of 3 × 3 convolutions in a row: 124 pixels of the image to all sides."""


class BlankGate(nn.Module):
    """Tells a blanked region from what is black by nature (air, collimators, borders), pixel by pixel.

    Args:
        width: Channels at full resolution; twice as many on the small image.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.near = nn.Sequential(_layer(2, width, 1), _layer(width, width, 1))
        widths = [2 * SHRINK**2, *[2 * width] * len(DILATIONS)]
        self.far = nn.Sequential(*(_layer(a, b, d) for a, b, d in zip(widths[:-1], widths[1:], DILATIONS, strict=True)))
        self.head = nn.Conv2d(3 * width, 1, 3, padding=1)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """Find it.

        Args:
            image: ``float32 [N, 1, S, S]``, -1 to 1.

        Returns:
            The image with all that is black filled smoothly from around, and the share of that fill, 0 to 1, to take at
            each pixel: 0 wherever neither the pixel nor a neighbour is black. Both ``[N, 1, S, S]``.
        """
        black = F.max_pool2d((image < BLACK).to(image.dtype), 3, stride=1, padding=1)
        seen = torch.cat([image, black], dim=1)
        far = self.far(F.pixel_unshuffle(seen, SHRINK))
        far = F.interpolate(far, scale_factor=SHRINK, mode="bilinear", align_corners=False)
        gate = torch.sigmoid(self.head(torch.cat([self.near(seen), far], dim=1))) * black
        return harmonic_fill(image, black), gate


def _layer(inputs: int, outputs: int, dilation: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=dilation, dilation=dilation), nn.LeakyReLU(0.1))
