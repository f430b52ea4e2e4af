"""The network of DeepFillv2 (Yu et al. 2019): coarse and refined, of gated convolutions, with contextual attention."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.attention import contextual_attention
from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.gated import DILATIONS
from cxr_studio.networks.hole_network import HoleNetwork


class HalvedGate(nn.Module):
    """A convolution of which one half of the channels gates the other: ELU(feature) · sigmoid(gate).

    Args:
        inputs: Channels that come in.
        channels: Of the convolution; half as many go out.
        kernel: Its side.
        stride: 1 or 2.
        dilation: Spacing of its taps.
    """

    def __init__(self, inputs: int, channels: int, *, kernel: int = 3, stride: int = 1, dilation: int = 1) -> None:
        super().__init__()
        padding = dilation * (kernel - 1) // 2
        self.both = nn.Conv2d(inputs, channels, kernel, stride=stride, dilation=dilation, padding=padding)

    def forward(self, x: Tensor) -> Tensor:
        """``[N, inputs, h, w]`` to ``[N, channels / 2, h / stride, w / stride]``."""
        feature, gate = self.both(x).chunk(2, dim=1)
        opened: Tensor = F.elu(feature) * torch.sigmoid(gate)
        return opened


class GatedConvolution(HoleNetwork):
    """Two stages; the second sees the first's answer in the hole.

    Args:
        width: Channels of the first convolution, of which half are passed on (c = 48 in the paper).
        attention: Whether the second stage has its branch with contextual attention.
        input_side: Side of the crop, a multiple of 8.
        hole_side: Side of the central square in which holes lie.
    """

    def __init__(self, *, width: int = 48, attention: bool = True, input_side: int = 256, hole_side: int = 128) -> None:
        super().__init__(input_side=input_side, hole_side=hole_side)
        c = width
        self.coarse = nn.Sequential(*_down(c, (2 * c, 2 * c, 4 * c)), *_middle(c), *_up(c, 2 * c))
        self.plain = nn.Sequential(*_down(c, (c, 2 * c, 2 * c)), *_middle(c)[1:6])
        self.attended = nn.ModuleList()
        if attention:
            self.attended = nn.ModuleList(
                [
                    nn.Sequential(*_down(c, (c, 2 * c, 4 * c)), *_middle(c)[:2]),
                    nn.Sequential(*(HalvedGate(2 * c, 4 * c) for _ in range(2))),
                ]
            )
        joined = 4 * c if attention else 2 * c
        self.together = nn.Sequential(HalvedGate(joined, 4 * c), HalvedGate(2 * c, 4 * c), *_up(c, 2 * c))

    def forward(self, image: Tensor, hole: Tensor, *, stages: bool = False) -> Tensor:
        """Fill the hole; see HoleNetwork. With ``stages`` both answers ``[N, 2, h, h]``, the coarse one first."""
        outside = image * (1 - hole)
        first = torch.tanh(self.coarse(torch.cat([outside, torch.ones_like(hole), hole], dim=1)))
        second = torch.tanh(self._refined(outside + first * hole, hole))
        drawn = torch.cat([first, second], dim=1) if stages else second
        return centre(drawn, self.hole_side)

    def _refined(self, image: Tensor, hole: Tensor) -> Tensor:
        seen = torch.cat([image, torch.ones_like(hole), hole], dim=1)
        found = [self.plain(seen)]
        if self.attended:
            before, after = self.attended
            x = before(seen)
            found.append(after(contextual_attention(x, F.max_pool2d(hole, 4))))
        refined: Tensor = self.together(torch.cat(found, dim=1))
        return refined


NETWORK = GatedConvolution


def _down(c: int, widths: tuple[int, int, int]) -> list[nn.Module]:
    """To a quarter of the resolution, with three channels in."""
    first, second, third = widths
    return [
        HalvedGate(3, c, kernel=5),
        HalvedGate(c // 2, first, stride=2),
        HalvedGate(first // 2, second),
        HalvedGate(second // 2, third, stride=2),
        *([HalvedGate(third // 2, 4 * c)] if third != 4 * c else []),
    ]


def _middle(c: int) -> list[nn.Module]:
    """Two plain layers, four dilated ones, two plain ones, all of 4 c."""
    return [HalvedGate(2 * c, 4 * c, dilation=dilation) for dilation in (1, 1, *DILATIONS, 1, 1)]


def _up(c: int, inputs: int) -> list[nn.Module]:
    """Back to full resolution and one channel, by nearest neighbours; no activation at the end."""
    return [
        nn.Upsample(scale_factor=2, mode="nearest"),
        HalvedGate(inputs, 2 * c),
        HalvedGate(c, 2 * c),
        nn.Upsample(scale_factor=2, mode="nearest"),
        HalvedGate(c, c),
        HalvedGate(c // 2, 2 * (c // 4)),
        nn.Conv2d(c // 4, 1, 3, padding=1),
    ]
