"""The generator of ipA-MedGAN (Armanious et al.): two MultiRes-UNets (Ibtehaz and Rahman 2020) in a chain.

It repairs blindly: it is given the image alone, not where the region is.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.blank_gate import BlankGate
from cxr_studio.networks.blocked import channels_of, on_blocks
from cxr_studio.networks.whole_image import WholeImageNetwork

ALPHA = 1.67
"""Width of a block over its U."""

SHARES = (0.167, 0.333, 0.5)
"""Of that width in its three convolutions."""

NETS = 2
"""MultiRes-UNets in the chain."""

Norm = Literal["batch", "none"]
"""Batch norm has the batch's own statistics at test time too."""


class MultiResBlock(nn.Module):
    """Three 3 × 3 convolutions in a row, whose answers are joined, and a 1 × 1 convolution around them.

    Args:
        inputs: Channels that come in.
        size: U.
        norm: Normalisation.

    Attributes:
        width: Channels that go out.
    """

    def __init__(self, inputs: int, size: int, norm: Norm) -> None:
        super().__init__()
        widths = [max(1, int(ALPHA * size * share)) for share in SHARES]
        self.width = sum(widths)
        self.convolutions = nn.ModuleList(_convolution(a, b, 3, norm) for a, b in pairwise([inputs, *widths]))
        self.around = _convolution(inputs, self.width, 1, norm)
        self.joined, self.summed = _norm(self.width, norm), _norm(self.width, norm)

    def forward(self, x: Tensor) -> Tensor:
        """``[N, inputs, h, w]`` to ``[N, width, h, w]``."""
        around, found = self.around(x), []
        for convolution in self.convolutions:
            x = F.relu(convolution(x))
            found.append(x)
        together: Tensor = self.summed(F.relu(around + self.joined(torch.cat(found, dim=1))))
        return together


class ResPath(nn.Module):
    """Residual convolutions on a skip connection."""

    def __init__(self, inputs: int, width: int, length: int, norm: Norm) -> None:
        super().__init__()
        pairs = list(pairwise([inputs, *[width] * length]))
        self.wide = nn.ModuleList(_convolution(a, b, 3, norm) for a, b in pairs)
        self.narrow = nn.ModuleList(_convolution(a, b, 1, norm) for a, b in pairs)
        self.norms = nn.ModuleList(_norm(width, norm) for _ in pairs)

    def forward(self, x: Tensor) -> Tensor:
        """``[N, inputs, h, w]`` to ``[N, width, h, w]``."""
        for wide, narrow, norm in zip(self.wide, self.narrow, self.norms, strict=True):
            x = norm(F.relu(F.relu(wide(x)) + narrow(x)))
        return x


class MultiResUNet(nn.Module):
    """Max pools on the way down, transposed 2 × 2 convolutions on the way up; no activation at the end.

    Args:
        channels: Channels in and out.
        sizes: U of each level, finest first.
        norm: Normalisation.
        beside: Further channels in.
    """

    def __init__(self, *, channels: int, sizes: tuple[int, ...], norm: Norm, beside: int = 0) -> None:
        super().__init__()
        down, width = [], channels + beside
        for size in sizes:
            down.append(MultiResBlock(width, size, norm))
            width = down[-1].width
        self.down = nn.ModuleList(down)
        self.paths = nn.ModuleList(
            ResPath(block.width, size, len(sizes) - 1 - level, norm)
            for level, (block, size) in enumerate(zip(down[:-1], sizes[:-1], strict=True))
        )
        self.up, self.merge = nn.ModuleList(), nn.ModuleList()
        for size in reversed(sizes[:-1]):
            self.up.append(nn.ConvTranspose2d(width, size, 2, stride=2))
            merged = MultiResBlock(2 * size, size, norm)
            self.merge.append(merged)
            width = merged.width
        self.head = nn.Conv2d(width, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """``[N, channels + beside, h, w]`` to ``[N, channels, h, w]``."""
        skips = []
        for level, block in enumerate(self.down):
            x = block(F.max_pool2d(x, 2) if level else x)
            skips.append(x)
        for level, (up, merge) in enumerate(zip(self.up, self.merge, strict=True), 2):
            x = merge(torch.cat([up(x), self.paths[-level + 1](skips[-level])], dim=1))
        drawn: Tensor = self.head(x)
        return drawn


class IpaMedGan(WholeImageNetwork):
    """Two MultiRes-UNets; the second is given the image of the first.

    Args:
        sizes: U of each level, finest first.
        norm: Normalisation.
        block: Side of the pixel blocks that they work on, drawing only what changes; 0 = pixels and the whole image, as
            in the paper.
        gate: Channels of a network at full resolution that finds the blank region first; the chain starts from a smooth
            fill of it and draws nothing elsewhere. 0 = none, as in the paper. Needs blocks.
        input_side: Side of the image, a multiple of a block times 2 to the number of poolings.

    Raises:
        ValueError: the side does not fit.
    """

    def __init__(
        self,
        *,
        sizes: tuple[int, ...] = (32, 64, 128, 256, 512),
        norm: Norm = "batch",
        block: int = 0,
        gate: int = 0,
        input_side: int = 256,
    ) -> None:
        super().__init__(input_side=input_side)
        if gate and not block:
            raise ValueError("a gate needs blocks")
        least = max(1, block) * 2 ** (len(sizes) - 1)
        if input_side % least:
            raise ValueError(f"the side is a multiple of {least}, not {input_side}")
        self.block = block
        self.chain = nn.ModuleList(
            MultiResUNet(
                channels=channels_of(block), sizes=tuple(sizes), norm=norm, beside=channels_of(block) if gate else 0
            )
            for _ in range(NETS)
        )
        if norm == "none":
            self.apply(_even_start)
        for unet in self.chain if block else ():
            nn.init.normal_(unet.head.weight, 0.0, 0.01)  # type: ignore[union-attr, arg-type]
        self.gate = BlankGate(gate) if gate else None

    def forward(self, image: Tensor, given: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:  # noqa: ARG002
        """See WholeImageNetwork."""
        if self.gate is not None:
            return self._in_the_gap(image, *self.gate(image))
        for unet in self.chain:
            image = on_blocks(unet, image, self.block)
        return image

    def _in_the_gap(self, image: Tensor, fill: Tensor, gate: Tensor) -> Tensor:
        image = image + gate * (fill - image)
        where = F.pixel_unshuffle(gate, self.block)
        for unet in self.chain:
            change = unet(torch.cat([F.pixel_unshuffle(image, self.block), where], dim=1))
            image = image + gate * F.pixel_shuffle(change, self.block)
        return image


NETWORK = IpaMedGan


def _even_start(module: nn.Module) -> None:
    """First weights that neither grow nor shrink what passes, where no norm does that."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="linear")
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def _norm(width: int, norm: Norm) -> nn.Module:
    return nn.BatchNorm2d(width, track_running_stats=False) if norm == "batch" else nn.Identity()


def _convolution(inputs: int, outputs: int, kernel: int, norm: Norm) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2), _norm(outputs, norm))
