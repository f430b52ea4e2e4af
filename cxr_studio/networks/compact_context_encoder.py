"""The compact context encoder: a U-Net that corrects the biharmonic fill of the hole.

Where the paper's network squeezes the context through one vector, this one keeps skip connections, sees
the shape of the hole, and predicts only what the smooth fill lacks. It works on 2 × 2 pixel blocks, and
its decoder computes only the hole and a small margin around it.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.hole_network import HoleNetwork

LEAST_CONTRAST = 0.02
"""Added to a crop's standard deviation (range -1 to 1), so that a flat crop is not blown up."""

MARGIN = 4
"""Cells around the hole that the decoder computes at each level, so that its 3 × 3 kernels see a true
border."""


class ResidualBlock(nn.Module):
    """Two 3 × 3 convolutions on a shortcut; no normalisation, since the values matter."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        """``[N, C, h, w]`` to the same shape."""
        change: Tensor = self.second(F.leaky_relu(self.first(F.leaky_relu(x, 0.1)), 0.1))
        return x + change


class CompactContextEncoder(HoleNetwork):
    """Residual U-Net on the biharmonic fill.

    Args:
        widths: Channels at 1/2, 1/4, 1/8 and 1/16 of the input's resolution.
        encoder_blocks: Residual blocks per level on the way down, the last at the bottom.
        decoder_blocks: Residual blocks per level on the way up, finest first.
        input_side: Side of the crop, a multiple of 16.
        hole_side: Side of the central square, a multiple of 16.
    """

    def __init__(
        self,
        *,
        widths: tuple[int, ...] = (24, 48, 96, 192),
        encoder_blocks: tuple[int, ...] = (1, 1, 2, 2),
        decoder_blocks: tuple[int, ...] = (1, 1, 1),
        input_side: int = 128,
        hole_side: int = 64,
    ) -> None:
        super().__init__(input_side=input_side, hole_side=hole_side)
        self.stem = nn.Conv2d(8, widths[0], 3, padding=1)
        self.down = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2) for a, b in pairwise(widths))
        self.encoder = nn.ModuleList(_blocks(w, n) for w, n in zip(widths, encoder_blocks, strict=True))
        self.up = nn.ModuleList(nn.Conv2d(b, 4 * a, 1) for a, b in pairwise(widths))
        self.merge = nn.ModuleList(nn.Conv2d(2 * w, w, 1) for w in widths[:-1])
        self.decoder = nn.ModuleList(_blocks(w, n) for w, n in zip(widths, decoder_blocks, strict=False))
        self.head = nn.Conv2d(widths[0], 4, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)  # type: ignore[arg-type]

    def forward(self, image: Tensor, hole: Tensor) -> Tensor:
        """Fill the hole; see HoleNetwork. Brightness and contrast of the crop are taken out and put back."""
        mean = image.mean(dim=(1, 2, 3), keepdim=True)
        contrast = image.std(dim=(1, 2, 3), keepdim=True) + LEAST_CONTRAST
        residual = self._residual((image - mean) / contrast, hole) * contrast
        return centre(image, self.hole_side) + centre(residual, self.hole_side)

    def _residual(self, image: Tensor, hole: Tensor) -> Tensor:
        x = self.stem(F.pixel_unshuffle(torch.cat([image, hole], dim=1), 2))
        skips: list[Tensor] = []
        for level, blocks in enumerate(self.encoder):
            x = blocks(x)
            if level < len(self.down):
                skips.append(x)
                x = self.down[level](x)
        for level in reversed(range(len(self.down))):
            x = F.pixel_shuffle(self.up[level](x), 2)
            side = min(self.hole_side // 2 ** (level + 1) + 2 * MARGIN, skips[level].shape[-1])
            x = self.merge[level](torch.cat([centre(x, side), centre(skips[level], side)], dim=1))
            x = self.decoder[level](x)
        return F.pixel_shuffle(self.head(x), 2)


def centre(x: Tensor, side: int) -> Tensor:
    """Cut the central ``side × side`` square out of ``[N, C, H, W]``."""
    top, left = (x.shape[-2] - side) // 2, (x.shape[-1] - side) // 2
    return x[..., top : top + side, left : left + side]


def _blocks(width: int, count: int) -> nn.Sequential:
    return nn.Sequential(*(ResidualBlock(width) for _ in range(count)))


NETWORK = CompactContextEncoder
