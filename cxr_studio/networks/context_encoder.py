"""The context encoder of Belli et al. 2018 ("Context Encoding Chest X-rays"), and its discriminator."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

from cxr_studio.networks.hole_network import HoleNetwork

SLOPE = 0.2
"""LeakyReLU slope, as in Pathak et al. 2016, on which the paper builds."""


class ContextEncoder(HoleNetwork):
    """Encoder to a 1 × 1 code and decoder to the central square.

    The encoder has six 4 × 4 convolutions with stride 2 and padding 1 (the last without padding, which
    brings 4 × 4 to 1 × 1), ``base`` channels at first, doubled at each: 128 to 4,096 in the paper. The
    decoder has five transposed convolutions to 64 × 64 with ReLU, tanh at the end.

    Args:
        base: Channels of the first convolution.
        input_side: 128, fixed by the six convolutions.
        hole_side: 64, fixed by the five transposed convolutions.
    """

    def __init__(self, *, base: int = 128, input_side: int = 128, hole_side: int = 64) -> None:
        if (input_side, hole_side) != (128, 64):
            raise ValueError("the paper's context encoder takes 128 x 128 and fills 64 x 64")
        super().__init__(input_side=input_side, hole_side=hole_side)
        widths = [1, *(base * 2**level for level in range(6))]
        paddings = [1, 1, 1, 1, 1, 0]
        self.encoder = nn.Sequential(
            *(_down(a, b, padding=p) for a, b, p in zip(widths, widths[1:], paddings, strict=False))
        )
        self.decoder = nn.Sequential(
            _up(base * 32, base * 8, stride=1, padding=0),
            _up(base * 8, base * 4),
            _up(base * 4, base * 2),
            _up(base * 2, base),
            nn.ConvTranspose2d(base, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, image: Tensor, hole: Tensor) -> Tensor:  # noqa: ARG002
        """Fill the whole central square, whatever the hole's shape; see HoleNetwork."""
        blanked = image.clone()
        start = (self.input_side - self.hole_side) // 2
        end = start + self.hole_side
        blanked[..., start:end, start:end] = 0.0
        filled: Tensor = self.decoder(self.encoder(blanked))
        return filled


class Discriminator(nn.Module):
    """Four convolutions with batch norm and LeakyReLU, then one convolution to a single logit.

    The paper ends in a sigmoid; it is folded into the loss (``binary_cross_entropy_with_logits``), and
    ``probability`` applies it for the monitors.

    Args:
        width: Channels of the first convolution, doubled at each (64 or 128 in the paper).
    """

    def __init__(self, *, width: int = 64) -> None:
        super().__init__()
        widths = [1, width, 2 * width, 4 * width, 8 * width]
        self.features = nn.Sequential(*(_down(a, b) for a, b in pairwise(widths)))
        self.score = nn.Conv2d(8 * width, 1, 4)

    def forward(self, square: Tensor) -> Tensor:
        """``[N, 1, 64, 64]`` in -1 to 1 to a logit ``[N]``; positive = taken for real."""
        logit: Tensor = self.score(self.features(square))
        return logit.flatten(1).mean(dim=1)

    def probability(self, square: Tensor) -> Tensor:
        """D(x) of the paper: probability of being real, ``[N]``."""
        return self.forward(square).sigmoid()


def _down(inputs: int, outputs: int, *, padding: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 4, stride=2, padding=padding), nn.BatchNorm2d(outputs), nn.LeakyReLU(SLOPE)
    )


def _up(inputs: int, outputs: int, *, stride: int = 2, padding: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.ConvTranspose2d(inputs, outputs, 4, stride=stride, padding=padding),
        nn.BatchNorm2d(outputs),
        nn.ReLU(),
    )


NETWORK = ContextEncoder
