"""The generator of pix2pix (Isola et al. 2017): a U-Net down to one pixel, noise by dropout alone.

With role "surround" it is the generator of Pix2Pix and Pix2Pix-N (Xing et al.): its input keeps only the box's pixels.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.noise import drop
from cxr_studio.networks.whole_image import WholeImageNetwork

SLOPE = 0.2
DROPPED_LEVELS = 3
"""Innermost levels of the way up, after the innermost itself, that dropout follows; it stays on at test time."""

SPREAD = 0.02
"""Standard deviation of the first weights."""


class Pix2Pix(WholeImageNetwork):
    """U-Net-256: 4 × 4 convolutions of stride 2, batch norm with the batch's own statistics at test time too.

    Args:
        width: Channels of the first convolution, doubled up to 8 times.
        depth: Halvings; 8 take 256 pixels to one.
        input_side: Side of the image, a multiple of 2 ** depth.

    Raises:
        ValueError: the side is not such a multiple, or there are fewer than 2 halvings.
    """

    def __init__(self, *, width: int = 64, depth: int = 8, input_side: int = 256) -> None:
        super().__init__(input_side=input_side)
        if depth < 2 or input_side % 2**depth:
            raise ValueError(f"{depth} halvings need a side that is a multiple of {2**depth}, not {input_side}")
        widths = [width * min(2**level, 8) for level in range(depth)]
        self.down = nn.ModuleList(nn.Conv2d(a, b, 4, stride=2, padding=1) for a, b in pairwise([1, *widths]))
        self.down_norm = nn.ModuleList(_norm(w) for w in widths[1:-1])
        outputs = [1, *widths[:-1]]
        inputs = [2 * w for w in widths[:-1]] + [widths[-1]]
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 4, stride=2, padding=1) for a, b in zip(inputs, outputs, strict=True)
        )
        self.up_norm = nn.ModuleList(_norm(w) for w in outputs[1:])
        self.apply(normal_start)

    def forward(self, image: Tensor, given: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:  # noqa: ARG002
        """See WholeImageNetwork; what lies outside the box is -1 in the image, so the box is not looked at."""
        skips = [self.down[0](image)]
        for level, convolution in enumerate(self.down[1:], 1):
            x = convolution(F.leaky_relu(skips[-1], SLOPE))
            skips.append(self.down_norm[level - 1](x) if level < len(self.down) - 1 else x)
        x = skips.pop()
        for level in reversed(range(1, len(self.up))):
            x = self.up_norm[level - 1](self.up[level](F.relu(x)))
            if len(self.up) - 1 - DROPPED_LEVELS <= level < len(self.up) - 1:
                x = drop(x, rng)
            x = torch.cat([x, skips[level - 1]], dim=1)
        drawn: Tensor = torch.tanh(self.up[0](F.relu(x)))
        return drawn


NETWORK = Pix2Pix


def normal_start(module: nn.Module) -> None:
    """First weights as in pix2pix: convolutions from N(0, 0.02²), biases 0, norms from N(1, 0.02²)."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, SPREAD)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d | nn.InstanceNorm2d) and module.weight is not None:
        nn.init.normal_(module.weight, 1.0, SPREAD)
        nn.init.zeros_(module.bias)


def _norm(width: int) -> nn.Module:
    return nn.BatchNorm2d(width, track_running_stats=False)
