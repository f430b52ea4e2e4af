"""The U-Net of pix2pix (Isola et al. 2017) as a part: 4 × 4 convolutions of stride 2 down and up."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.noise import drop

SLOPE = 0.2

DROPPED_LEVELS = 3
"""Levels of the way up, after the innermost, that dropout follows in pix2pix."""

SPREAD = 0.02
"""Standard deviation of the first weights."""

UNetNorm = Literal["batch", "instance"]
"""With the batch's own statistics at test time too."""


class UNet(nn.Module):
    """Encoder and decoder with skip connections; no activation at the end.

    Args:
        channels: Channels in and out.
        width: Channels of the first convolution, doubled up to 8 times.
        depth: Halvings, at least 2; the innermost level and the first have no norm.
        norm: Normalisation.
        dropped: Levels of the way up with dropout, which stays on at test time.

    Raises:
        ValueError: fewer than 2 halvings.
    """

    def __init__(
        self, *, channels: int = 1, width: int = 64, depth: int = 8, norm: UNetNorm = "batch", dropped: int = 0
    ) -> None:
        super().__init__()
        if depth < 2:
            raise ValueError(f"a U-Net has at least 2 halvings, not {depth}")
        self.dropped = dropped
        widths = [width * min(2**level, 8) for level in range(depth)]
        self.down = nn.ModuleList(nn.Conv2d(a, b, 4, stride=2, padding=1) for a, b in pairwise([channels, *widths]))
        self.down_norm = nn.ModuleList(_norm(norm, w) for w in widths[1:-1])
        outputs = [channels, *widths[:-1]]
        inputs = [2 * w for w in widths[:-1]] + [widths[-1]]
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 4, stride=2, padding=1) for a, b in zip(inputs, outputs, strict=True)
        )
        self.up_norm = nn.ModuleList(_norm(norm, w) for w in outputs[1:])
        self.apply(normal_start)

    def forward(self, image: Tensor, rng: torch.Generator | None = None) -> Tensor:
        """``[N, channels, S, S]`` to the same shape, S a multiple of 2 ** depth; ``rng`` of the dropout."""
        skips = [self.down[0](image)]
        for level, convolution in enumerate(self.down[1:], 1):
            x = convolution(F.leaky_relu(skips[-1], SLOPE))
            skips.append(self.down_norm[level - 1](x) if level < len(self.down) - 1 else x)
        x, innermost = skips.pop(), len(self.up) - 1
        for level in range(innermost, 0, -1):
            x = self.up_norm[level - 1](self.up[level](F.relu(x)))
            if innermost - self.dropped <= level < innermost:
                x = drop(x, rng)
            x = torch.cat([x, skips[level - 1]], dim=1)
        drawn: Tensor = self.up[0](F.relu(x))
        return drawn


def normal_start(module: nn.Module) -> None:
    """First weights as in DCGAN and pix2pix: from N(0, 0.02²), biases 0, norms from N(1, 0.02²)."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        nn.init.normal_(module.weight, 0.0, SPREAD)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d | nn.InstanceNorm2d) and module.weight is not None:
        nn.init.normal_(module.weight, 1.0, SPREAD)
        nn.init.zeros_(module.bias)


def _norm(kind: UNetNorm, width: int) -> nn.Module:
    if kind == "batch":
        return nn.BatchNorm2d(width, track_running_stats=False)
    return nn.InstanceNorm2d(width, affine=True)
