"""Gated convolutions (Yu et al. 2019), and what every network that draws a nodule answers to."""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SLOPE = 0.2
"""Slope of LeakyReLU below zero."""

DILATIONS = (2, 4, 8, 16)
"""Dilations of the four dilated layers (Shen et al.)."""


class InsertNetwork(nn.Module):
    """A network that draws a nodule of a given silhouette into a patch whose pixels there it does not see.

    Attributes:
        input_side: Side of the patches that it was trained on; multiples of 4 up and down work too.
    """

    def __init__(self, *, input_side: int) -> None:
        super().__init__()
        self.input_side = input_side

    @abstractmethod
    def forward(self, patch: Tensor, mask: Tensor, contrast: Tensor) -> tuple[Tensor, Tensor]:
        """Draw; all tensors are ``float32 [N, 1, S, S]``.

        Args:
            patch: Grey -1 to 1; what lies under the mask is not looked at.
            mask: The silhouette, 0 or 1.
            contrast: Grey that a nodule of the wanted density is thought to add at each pixel, 0 outside the mask. A
                network without contrast control does not look at it.

        Returns:
            Patches of the first and of the second stage (the same tensor twice where there is one stage).
        """


def boxed(mask: Tensor, contrast: Tensor) -> tuple[Tensor, Tensor]:
    """Bounding box of each mask ``[N, 1, S, S]``, and the contrast's mean over it: the shape is hidden (ablation)."""
    box = mask.amax(dim=3, keepdim=True) * mask.amax(dim=2, keepdim=True)
    mean = contrast.sum(dim=(2, 3), keepdim=True) / box.sum(dim=(2, 3), keepdim=True).clamp_min(1)
    return box, mean * box


class GatedConv(nn.Module):
    """Convolution whose LeakyReLU features are multiplied by a learned sigmoid gate.

    Args:
        width: Channels that come in.
        out: Channels that go out.
        kernel: Side of the kernel.
        stride: 1 or 2.
        dilation: Spacing of the kernel's taps.
    """

    def __init__(self, width: int, out: int, *, kernel: int = 3, stride: int = 1, dilation: int = 1) -> None:
        super().__init__()
        self.both = nn.Conv2d(
            width, 2 * out, kernel, stride=stride, dilation=dilation, padding=dilation * (kernel - 1) // 2
        )

    def forward(self, x: Tensor) -> Tensor:
        """``[N, width, h, w]`` to ``[N, out, h / stride, w / stride]``."""
        feature, gate = self.both(x).chunk(2, dim=1)
        open_: Tensor = F.leaky_relu(feature, SLOPE) * torch.sigmoid(gate)
        return open_


class NormedGatedConv(GatedConv):
    """The layer of Shen et al. (eq. 3): features times gate, then LeakyReLU, then instance norm."""

    def __init__(self, width: int, out: int, *, kernel: int = 3, stride: int = 1, dilation: int = 1) -> None:
        super().__init__(width, out, kernel=kernel, stride=stride, dilation=dilation)
        self.norm = nn.InstanceNorm2d(out)

    def forward(self, x: Tensor) -> Tensor:
        """``[N, width, h, w]`` to ``[N, out, h / stride, w / stride]``."""
        feature, gate = self.both(x).chunk(2, dim=1)
        normed: Tensor = self.norm(F.leaky_relu(feature * torch.sigmoid(gate), SLOPE))
        return normed
