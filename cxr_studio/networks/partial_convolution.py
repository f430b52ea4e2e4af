"""Partial convolutions (Liu et al. 2018): a U-Net whose layers look at known pixels alone."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.hole_network import HoleNetwork

Levels = tuple[Tensor, Tensor]
"""Features ``[N, C, h, w]`` and where they are known, ``[N, 1, h, w]``."""

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


class PartialUNet(nn.Module):
    """Partial convolutions of stride 2 down; features and mask enlarged on the way up, joined with the way down.

    Args:
        inputs: Channels of the image.
        outputs: Channels that go out of a plain last layer; 0 = as many as the first convolution's, normed.
        width: Channels of the first convolution (64 in the papers), times 2, 4 and 8 below.
        depth: Halvings, 7 for 256 pixels; at least 2.
        enlarged: How features are enlarged; the mask always is by nearest neighbours.
    """

    def __init__(
        self,
        *,
        inputs: int = 1,
        outputs: int = 1,
        width: int = 64,
        depth: int = 7,
        enlarged: Literal["nearest", "bilinear"] = "nearest",
    ) -> None:
        super().__init__()
        factors = [FACTORS[min(level, len(FACTORS) - 1)] for level in range(depth)]
        kernels = [KERNELS[min(level, len(KERNELS) - 1)] for level in range(depth)]
        widths = [inputs, *(width * factor for factor in factors)]
        self.plain, self.enlarged = bool(outputs), enlarged
        self.down = nn.ModuleList(
            PartialConv(a, b, kernel, stride=2) for (a, b), kernel in zip(pairwise(widths), kernels, strict=True)
        )
        self.down_norm = nn.ModuleList(nn.BatchNorm2d(w) for w in widths[2:])
        found = [outputs or width, *widths[1:-1]]
        given = [below + skip for below, skip in zip([*widths[1:-1], widths[-1]], widths[:-1], strict=True)]
        ways = zip(given, found, strict=True)
        self.up = nn.ModuleList(
            PartialConv(a, b, 3, bias=self.plain and not level) for level, (a, b) in enumerate(ways)
        )
        self.up_norm = nn.ModuleList(nn.BatchNorm2d(w) for w in found[self.plain :])

    def encoded(self, x: Tensor, known: Tensor) -> list[Levels]:
        """What comes in and each level's features with their masks, finest first, the code last."""
        levels = [(x, known)]
        for level, layer in enumerate(self.down):
            x, known = layer(x, known)
            x = F.relu(self.down_norm[level - 1](x) if level else x)
            levels.append((x, known))
        return levels

    def decoded(self, code: Levels, skips: list[Levels]) -> Tensor:
        """Go up from a code, joined with levels of the same sizes."""
        x, known = code
        for level in reversed(range(len(self.up))):
            skip, skip_known = skips[level]
            bilinear = {"align_corners": False} if self.enlarged == "bilinear" else {}
            x = F.interpolate(x * known, scale_factor=2, mode=self.enlarged, **bilinear)
            known = F.interpolate(known, scale_factor=2, mode="nearest")
            joined = torch.cat([x * known, skip * skip_known], dim=1)
            x, known = self.up[level](joined, torch.maximum(known, skip_known))
            if level or not self.plain:
                x = F.leaky_relu(self.up_norm[level - self.plain](x), SLOPE)
        return x


class PartialConvolution(HoleNetwork):
    """A U-Net of partial convolutions.

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
        check_side(input_side, depth)
        self.unet = PartialUNet(width=width, depth=depth)

    def forward(self, image: Tensor, hole: Tensor) -> Tensor:
        """Fill the hole; see HoleNetwork."""
        *skips, code = self.unet.encoded(image, 1 - hole)
        return centre(self.unet.decoded(code, skips), self.hole_side)


NETWORK = PartialConvolution


def check_side(side: int, depth: int) -> None:
    """Refuse a side that cannot be halved so often.

    Raises:
        ValueError: it is no multiple of 2 ** depth, or there are fewer than 2 halvings.
    """
    if depth < 2 or side % 2**depth:
        raise ValueError(f"{depth} halvings need a side that is a multiple of {2**depth}, not {side}")
