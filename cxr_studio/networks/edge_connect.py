"""EdgeConnect (Nazeri et al. 2019): the hole's edges are drawn first, then the image that they stand in."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.edges import known_edges
from cxr_studio.networks.hole_network import HoleNetwork
from cxr_studio.networks.unet import normal_start

WHITE = 1.0
"""What stands in the hole."""

DILATION = 2
"""Of the first convolution of each residual block."""


class Residual(nn.Module):
    """Two 3 × 3 convolutions, the first dilated, instance norm after each, added to what comes in.

    Args:
        width: Channels.
        spectral: Whether the convolutions are spectrally normalised.
    """

    def __init__(self, width: int, *, spectral: bool) -> None:
        super().__init__()
        first = nn.Conv2d(width, width, 3, padding=DILATION, dilation=DILATION, padding_mode="reflect")
        second = nn.Conv2d(width, width, 3, padding=1, padding_mode="reflect")
        self.layers = nn.Sequential(*_normed(first, spectral), nn.ReLU(), *_normed(second, spectral))

    def forward(self, x: Tensor) -> Tensor:
        """``[N, width, h, w]`` to the same shape."""
        changed: Tensor = x + self.layers(x)
        return changed


class EdgeConnect(HoleNetwork):
    """Two networks of the same build: edges from grey, known edges and hole, with spectral norm; then the image.

    Args:
        width: Channels of the first convolution (64 in the paper).
        blocks: Residual blocks of each (8 in the paper).
        level: Whether greys are taken from the mean of what is known, which is added to the answer again; not in the
            paper, whose instance norms have to learn a crop's brightness.
        input_side: Side of the crop, a multiple of 4.
        hole_side: Side of the central square in which holes lie.

    Raises:
        ValueError: the side is not such a multiple.
    """

    def __init__(
        self,
        *,
        width: int = 64,
        blocks: int = 8,
        level: bool = False,
        input_side: int = 256,
        hole_side: int = 128,
    ) -> None:
        super().__init__(input_side=input_side, hole_side=hole_side)
        if input_side % 4:
            raise ValueError(f"two halvings need a side that is a multiple of 4, not {input_side}")
        self.level = level
        self.edges = _column(3, width, blocks, spectral=True)
        self.image = _column(2, width, blocks, spectral=False)

    def forward(self, image: Tensor, hole: Tensor, *, edges: Tensor | None = None, given: bool = False) -> Tensor:
        """Fill the hole; see HoleNetwork.

        Args:
            image: The crop; what stands in the hole does not matter.
            hole: 1 where unknown.
            edges: For training, the edges of the true crop, 0 or 1; the answer is then edges, 0 to 1, and image of the
                whole crop, ``[N, 2, S, S]``.
            given: Whether the second network is given the hole's true edges instead of those that the first one draws.
        """
        known = known_edges(image, hole) if edges is None else edges * (1 - hole)
        mean = _known_mean(image, hole) if self.level else 0.0
        seen = torch.where(hole > 0, WHITE, image - mean)
        drawn = torch.sigmoid(self.edges(torch.cat([seen, known, hole], dim=1)))
        whole = edges if given and edges is not None else torch.where(hole > 0, drawn, known)
        filled = mean + torch.tanh(self.image(torch.cat([seen, whole], dim=1)))
        return centre(filled, self.hole_side) if edges is None else torch.cat([drawn, filled], dim=1)


NETWORK = EdgeConnect


def _known_mean(image: Tensor, hole: Tensor) -> Tensor:
    """Mean grey outside each hole, ``[N, 1, 1, 1]``."""
    known = 1 - hole
    return (image * known).sum(dim=(2, 3), keepdim=True) / known.sum(dim=(2, 3), keepdim=True).clamp_min(1)


def _column(inputs: int, width: int, blocks: int, *, spectral: bool) -> nn.Sequential:
    """Down to a quarter, residual blocks, and up to one channel; no activation at the end."""
    down = [
        nn.Conv2d(inputs, width, 7, padding=3, padding_mode="reflect"),
        nn.Conv2d(width, 2 * width, 4, stride=2, padding=1),
        nn.Conv2d(2 * width, 4 * width, 4, stride=2, padding=1),
    ]
    up = [
        nn.ConvTranspose2d(4 * width, 2 * width, 4, stride=2, padding=1),
        nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1),
    ]
    last = nn.Conv2d(width, 1, 7, padding=3, padding_mode="reflect").apply(normal_start)
    return nn.Sequential(
        *(part for layer in down for part in (*_normed(layer, spectral), nn.ReLU())),
        *(Residual(4 * width, spectral=spectral) for _ in range(blocks)),
        *(part for layer in up for part in (*_normed(layer, spectral), nn.ReLU())),
        last,
    )


def _normed(layer: nn.Conv2d | nn.ConvTranspose2d, spectral: bool) -> tuple[nn.Module, nn.Module]:
    """A convolution and its instance norm."""
    layer.apply(normal_start)
    norm = nn.InstanceNorm2d(layer.out_channels)
    return (nn.utils.parametrizations.spectral_norm(layer) if spectral else layer), norm
