"""FC-DenseNet ("One Hundred Layers Tiramisu", Jégou et al. 2017): dense blocks down, a bottleneck, dense blocks up."""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import Tensor, nn
from torch.nn import functional as F

DROPOUT = 0.2
"""Share of the activations that are dropped while learning, as in the paper (section 3.1)."""

LEAST_CONTRAST = 0.02
"""Added to an image's standard deviation (range -1 to 1), so that a flat image is not blown up."""


class SegmentNetwork(nn.Module):
    """A network that says of every pixel of a whole image whether it belongs to a structure.

    Attributes:
        input_side: Side of the square image in pixels.
    """

    def __init__(self, *, input_side: int) -> None:
        super().__init__()
        self.input_side = input_side

    @abstractmethod
    def forward(self, image: Tensor) -> Tensor:
        """Give logits ``float32 [N, 1, S, S]`` of images ``float32 [N, 1, S, S]`` in -1 to 1."""


class DenseBlock(nn.Module):
    """Layers of which each sees all before it: batch norm, ReLU, 3 × 3 convolution, dropout (section 3.1).

    Args:
        width: Channels that come in.
        growth: Channels that each layer adds.
        layers: Number of layers.
    """

    def __init__(self, width: int, growth: int, *, layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.BatchNorm2d(width + k * growth),
                nn.ReLU(inplace=True),
                nn.Conv2d(width + k * growth, growth, 3, padding=1),
                nn.Dropout(DROPOUT),
            )
            for k in range(layers)
        )
        self.added = layers * growth

    def forward(self, x: Tensor) -> Tensor:
        """``[N, width, h, w]`` to what the layers added, ``[N, layers · growth, h, w]``."""
        new: list[Tensor] = []
        for layer in self.layers:
            new.append(layer(torch.cat([x, *new], dim=1)))
        return torch.cat(new, dim=1)


class FCDenseNet(SegmentNetwork):
    """FC-DenseNet; the defaults are the paper's FC-DenseNet56 (table 2) with one grey channel in and one logit out.

    On the way up only what the last block added is upsampled, so that the width does not grow without bound
    (section 3.2). With ``patch`` above 1 it works on blocks of ``patch × patch`` pixels, as many times cheaper.
    Brightness and contrast of each image are taken out first.

    Args:
        stem: Channels of the first convolution.
        growth: Channels that each layer adds.
        layers: Layers of the blocks on the way down, the last at the bottom; on the way up the same in reverse.
        patch: Side of the pixel blocks, 1 in the paper.
        input_side: A multiple of ``patch · 2 ** (len(layers) - 1)``.
    """

    def __init__(
        self,
        *,
        stem: int = 48,
        growth: int = 12,
        layers: tuple[int, ...] = (4, 4, 4, 4, 4, 4),
        patch: int = 1,
        input_side: int = 256,
    ) -> None:
        super().__init__(input_side=input_side)
        if input_side % (patch * 2 ** (len(layers) - 1)):
            raise ValueError(f"an input side of {input_side} cannot be halved {len(layers) - 1} times")
        self.patch = patch
        self.stem = nn.Conv2d(patch * patch, stem, 3, padding=1)
        self.down, self.shrink = nn.ModuleList(), nn.ModuleList()
        self.up, self.grow = nn.ModuleList(), nn.ModuleList()
        width, skips = stem, list[int]()
        for count in layers[:-1]:
            self.down.append(DenseBlock(width, growth, layers=count))
            width += count * growth
            skips.append(width)
            self.shrink.append(_transition_down(width))
        self.bottom = DenseBlock(width, growth, layers=layers[-1])
        added = self.bottom.added
        for count, skip in zip(reversed(layers[:-1]), reversed(skips), strict=True):
            self.grow.append(nn.ConvTranspose2d(added, added, 3, stride=2, padding=1, output_padding=1))
            width = added + skip
            self.up.append(DenseBlock(width, growth, layers=count))
            added = count * growth
        self.head = nn.Conv2d(width + added, patch * patch, 1)

    def forward(self, image: Tensor) -> Tensor:
        """See SegmentNetwork."""
        mean = image.mean(dim=(1, 2, 3), keepdim=True)
        contrast = image.std(dim=(1, 2, 3), keepdim=True) + LEAST_CONTRAST
        x = self.stem(F.pixel_unshuffle((image - mean) / contrast, self.patch))
        skips: list[Tensor] = []
        for block, shrink in zip(self.down, self.shrink, strict=True):
            x = torch.cat([x, block(x)], dim=1)
            skips.append(x)
            x = shrink(x)
        new = self.bottom(x)
        for grow, block in zip(self.grow, self.up, strict=True):
            x = torch.cat([grow(new), skips.pop()], dim=1)
            new = block(x)
        return F.pixel_shuffle(self.head(torch.cat([x, new], dim=1)), self.patch)


def _transition_down(width: int) -> nn.Sequential:
    """Batch norm, ReLU, 1 × 1 convolution, dropout, 2 × 2 maximum (table 1)."""
    return nn.Sequential(
        nn.BatchNorm2d(width), nn.ReLU(inplace=True), nn.Conv2d(width, width, 1), nn.Dropout(DROPOUT), nn.MaxPool2d(2)
    )


NETWORK = FCDenseNet
