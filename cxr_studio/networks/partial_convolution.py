"""Partial convolutions (Liu et al. 2018): a U-Net whose layers look at known pixels alone."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.hole_network import HoleNetwork

EPSILON = 1e-8
SLOPE = 0.2
FACTORS, KERNELS = (1, 2, 4, 8, 8, 8, 8), (7, 5, 5, 3, 3, 3, 3)
"""Channels over those of the first convolution, and kernels, on the way down; the last repeat for deeper networks."""


class PartialConv(nn.Module):
    """A convolution of the known pixels, scaled by how many there are; the known ones grow by its reach.

    Args:
        inputs: Channels that come in.
        outputs: Channels that go out.
        kernel: Its side.
        stride: 1 or 2.
        bias: Whether it has a bias, which is not scaled.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int, *, stride: int = 1, bias: bool = False) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride=stride, padding=kernel // 2, bias=False)
        nn.init.kaiming_normal_(self.convolution.weight)
        self.bias = nn.Parameter(torch.zeros(1, outputs, 1, 1)) if bias else None
        self.window = float(kernel * kernel)

    def forward(self, x: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """``x [N, inputs, h, w]`` and ``known [N, 1, h, w]``, 1 where a value is known, to the same a layer on."""
        kernel, stride = self.convolution.kernel_size[0], self.convolution.stride[0]
        with torch.no_grad():
            ones = torch.ones(1, 1, kernel, kernel, device=known.device, dtype=known.dtype)
            seen = F.conv2d(known, ones, stride=stride, padding=kernel // 2)
            grown = (seen > 0).to(known.dtype)
        found = self.convolution(x * known) * (self.window / (seen + EPSILON)) * grown
        if self.bias is not None:
            found = (found + self.bias) * grown
        return found, grown


class PartialConvolution(HoleNetwork):
    """Partial convolutions of stride 2 down; nearest neighbours of features and mask up, joined with the way down.

    Args:
        width: Channels of the first convolution (64 in the paper), times 2, 4 and 8 below.
        depth: Halvings, 7 for 256 pixels.
        input_side: Side of the crop, a multiple of 2 ** depth.
        hole_side: Side of the central square in which holes lie.

    Raises:
        ValueError: the side is not such a multiple, or there are fewer than 2 halvings.
    """

    def __init__(self, *, width: int = 64, depth: int = 7, input_side: int = 256, hole_side: int = 128) -> None:
        super().__init__(input_side=input_side, hole_side=hole_side)
        if depth < 2 or input_side % 2**depth:
            raise ValueError(f"{depth} halvings need a side that is a multiple of {2**depth}, not {input_side}")
        factors = [FACTORS[min(level, len(FACTORS) - 1)] for level in range(depth)]
        kernels = [KERNELS[min(level, len(KERNELS) - 1)] for level in range(depth)]
        widths = [1, *(width * factor for factor in factors)]
        self.down = nn.ModuleList(
            PartialConv(a, b, kernel, stride=2) for (a, b), kernel in zip(pairwise(widths), kernels, strict=True)
        )
        self.down_norm = nn.ModuleList(nn.BatchNorm2d(w) for w in widths[2:])
        outputs = [1, *widths[1:-1]]
        inputs = [below + skip for below, skip in zip([*widths[1:-1], widths[-1]], widths[:-1], strict=True)]
        self.up = nn.ModuleList(
            PartialConv(a, b, 3, bias=not level) for level, (a, b) in enumerate(zip(inputs, outputs, strict=True))
        )
        self.up_norm = nn.ModuleList(nn.BatchNorm2d(w) for w in outputs[1:])

    def forward(self, image: Tensor, hole: Tensor) -> Tensor:
        """Fill the hole; see HoleNetwork."""
        x, known = image, 1 - hole
        skips = []
        for level, layer in enumerate(self.down):
            skips.append((x, known))
            x, known = layer(x, known)
            x = F.relu(self.down_norm[level - 1](x) if level else x)
        for level in reversed(range(len(self.up))):
            skip, skip_known = skips[level]
            x, known = (F.interpolate(part, scale_factor=2, mode="nearest") for part in (x, known))
            x, known = self._joined(level, (x, known), (skip, skip_known))
        return centre(x, self.hole_side)

    def _joined(self, level: int, below: tuple[Tensor, Tensor], skip: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """One layer up: each part counts where it is known."""
        joined = torch.cat([below[0] * below[1], skip[0] * skip[1]], dim=1)
        x, known = self.up[level](joined, torch.maximum(below[1], skip[1]))
        return (F.leaky_relu(self.up_norm[level - 1](x), SLOPE) if level else x), known


NETWORK = PartialConvolution
