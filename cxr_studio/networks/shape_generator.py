"""Generator of nodule shapes, a DCGAN (Radford et al. 2016) as Shen et al. set it up, and its discriminator."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LATENT = 100
"""Numbers from N(0, 1) that a shape is made of (Shen et al.)."""

START = 4
"""Side in pixels of the first feature map."""

SLOPE = 0.2
"""LeakyReLU slope of the discriminator, as in DCGAN."""


class ShapeGenerator(nn.Module):
    """Latent numbers to a field that is above zero inside a shape.

    The defaults are the paper's: 4 × 4 × 512, then five 4 × 4 transposed convolutions with stride 2 to 128 × 128, with
    batch norm and ReLU between them and tanh at the end. With fewer of them the field is enlarged smoothly to
    ``input_side``.

    Args:
        latent: Length of the latent vector.
        channels: Channels before each transposed convolution.
        input_side: Side of the field in pixels.
    """

    def __init__(
        self, *, latent: int = LATENT, channels: Sequence[int] = (512, 256, 128, 64, 32), input_side: int = 128
    ) -> None:
        super().__init__()
        if START * 2 ** len(channels) > input_side:
            raise ValueError(f"{len(channels)} transposed convolutions make more than {input_side} pixels")
        self.input_side = input_side
        self.channels = tuple(channels)
        self.spread = nn.Linear(latent, channels[0] * START * START)
        self.start = nn.Sequential(nn.BatchNorm2d(channels[0]), nn.ReLU(inplace=True))
        self.layers = nn.Sequential(
            *(_up(wide, narrow) for wide, narrow in pairwise(channels)),
            nn.ConvTranspose2d(channels[-1], 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, latent: Tensor) -> Tensor:
        """``float32 [N, latent]`` to ``[N, 1, input_side, input_side]``, -1 outside to 1 inside, the edge at 0."""
        square = self.spread(latent).view(-1, self.channels[0], START, START)
        field: Tensor = self.layers(self.start(square))
        if field.shape[-1] == self.input_side:
            return field
        return F.interpolate(field, size=self.input_side, mode="bicubic", align_corners=False)


class ShapeDiscriminator(nn.Module):
    """How real a field looks: 4 × 4 convolutions with stride 2, batch norm and LeakyReLU, then one number.

    Args:
        channels: Channels after each convolution; the last feature map is 4 × 4.
        side: Side of the fields in pixels.
        variety: Whether the spread of the features within the batch is a feature itself (Karras et al. 2018), by
            which too uniform a batch gives itself away.
    """

    def __init__(self, *, channels: Sequence[int], side: int = 128, variety: bool = False) -> None:
        super().__init__()
        self.side = START * 2 ** len(channels)
        if side % self.side:
            raise ValueError(f"{len(channels)} convolutions do not bring {side} pixels to {START}")
        widths = [1, *channels]
        self.features = nn.Sequential(
            *(_down(few, many, norm=level > 0) for level, (few, many) in enumerate(pairwise(widths)))
        )
        self.variety = variety
        self.score = nn.Conv2d(channels[-1] + variety, 1, START)

    def forward(self, field: Tensor) -> Tensor:
        """``float32 [N, 1, side, side]`` to a number each, ``[N]``; a larger field is averaged down first."""
        seen = self.features(F.adaptive_avg_pool2d(field, self.side) if field.shape[-1] != self.side else field)
        if self.variety:
            spread = torch.sqrt(seen.var(dim=0, unbiased=False) + 1e-8).mean()
            seen = torch.cat([seen, spread.expand(len(seen), 1, START, START)], dim=1)
        score: Tensor = self.score(seen)
        return score.flatten()


def _up(wide: int, narrow: int) -> nn.Sequential:
    return nn.Sequential(
        nn.ConvTranspose2d(wide, narrow, 4, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(narrow),
        nn.ReLU(inplace=True),
    )


def _down(few: int, many: int, *, norm: bool) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Conv2d(few, many, 4, stride=2, padding=1, bias=not norm)]
    if norm:
        layers.append(nn.BatchNorm2d(many))
    return nn.Sequential(*layers, nn.LeakyReLU(SLOPE, inplace=True))


NETWORK = ShapeGenerator
