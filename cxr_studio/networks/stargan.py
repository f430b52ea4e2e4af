"""The generator of StarGAN (Choi et al. 2018): an image and wanted labels in, the image with these labels out."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.whole_image import WholeImageNetwork

DEEP = 4
"""Channels of the residual blocks over those of the first convolution."""


class LabelledBlock(nn.Module):
    """Two 3 × 3 convolutions with instance norm on a shortcut, no activation at the end."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = (nn.Conv2d(width, width, 3, padding=1, bias=False) for _ in range(2))
        self.norms = nn.ModuleList(nn.InstanceNorm2d(width, affine=True) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """``[N, width, h, w]`` to the same shape."""
        changed: Tensor = x + self.norms[1](self.second(F.relu(self.norms[0](self.first(x)))))
        return changed


class StarGan(WholeImageNetwork):
    """Down twice, residual blocks, up twice; the labels are planes beside the image.

    Args:
        labels: How many.
        width: Channels of the first convolution.
        blocks: Residual blocks.
        input_side: Side of the image, a multiple of 4.

    Raises:
        ValueError: the side is not such a multiple, or there is no label.
    """

    def __init__(self, *, labels: int = 1, width: int = 64, blocks: int = 6, input_side: int = 256) -> None:
        super().__init__(input_side=input_side)
        if input_side % 4 or labels < 1:
            raise ValueError(f"a side that is a multiple of 4 and a label at least, not {input_side} and {labels}")
        self.labels = labels
        deep = DEEP * width
        self.layers = nn.Sequential(
            *_normed(nn.Conv2d(1 + labels, width, 7, padding=3, bias=False)),
            *_normed(nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False)),
            *_normed(nn.Conv2d(2 * width, deep, 4, stride=2, padding=1, bias=False)),
            *(LabelledBlock(deep) for _ in range(blocks)),
            *_normed(nn.ConvTranspose2d(deep, 2 * width, 4, stride=2, padding=1, bias=False)),
            *_normed(nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False)),
            nn.Conv2d(width, 1, 7, padding=3, bias=False),
            nn.Tanh(),
        )

    def forward(self, image: Tensor, given: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:  # noqa: ARG002
        """See WholeImageNetwork; without labels all are 0, which is a healthy radiograph."""
        wanted = image.new_zeros(len(image), self.labels) if given is None else given.to(image.dtype)
        planes = wanted[:, :, None, None].expand(-1, -1, *image.shape[-2:])
        drawn: Tensor = self.layers(torch.cat([image, planes], dim=1))
        return drawn


NETWORK = StarGan


def _normed(convolution: nn.Conv2d | nn.ConvTranspose2d) -> tuple[nn.Module, ...]:
    return convolution, nn.InstanceNorm2d(convolution.out_channels, affine=True), nn.ReLU()
