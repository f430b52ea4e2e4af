"""The discriminator of StarGAN (Choi et al. 2018): scores of patches, and which labels it sees."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from trainers.discriminators import Judgement

SLOPE = 0.01


class StarGanJudge(nn.Module):
    """Strided 4 × 4 convolutions of doubling width without norm, with two heads.

    Args:
        labels: How many.
        side: Side of the image, a multiple of 2 ** layers.
        width: Channels of the first convolution.
        layers: Strided convolutions.
    """

    def __init__(self, *, labels: int, side: int, width: int = 64, layers: int = 6) -> None:
        super().__init__()
        widths = [1, *(width * 2**level for level in range(layers))]
        self.layers = nn.Sequential(
            *(
                part
                for a, b in pairwise(widths)
                for part in (nn.Conv2d(a, b, 4, stride=2, padding=1), nn.LeakyReLU(SLOPE))
            )
        )
        self.score = nn.Conv2d(widths[-1], 1, 3, padding=1, bias=False)
        self.classes = nn.Conv2d(widths[-1], labels, side // 2**layers, bias=False)

    def forward(self, image: Tensor) -> Judgement:
        """Judge ``[N, 1, S, S]``; the one feature map holds the labels' logits, ``[N, labels, 1, 1]``."""
        x = self.layers(image)
        return Judgement(self.score(x), [self.classes(x)])
