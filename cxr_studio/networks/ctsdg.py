"""CTSDG (Guo et al. 2021): texture and structure are drawn by two streams, each from the other's code."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.attention import contextual_attention
from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.edges import known_edges
from cxr_studio.networks.hole_network import HoleNetwork
from cxr_studio.networks.partial_convolution import PartialUNet, check_side

DILATIONS = (1, 2, 4, 8)
"""Of the convolutions that look at what attention has rebuilt."""

SLOPE = 0.2


class Bottleneck(nn.Module):
    """A narrow 3 × 3 convolution and one back, added to what comes in.

    Args:
        width: Channels in and out.
        narrow: Between.
    """

    def __init__(self, width: int, narrow: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(width, narrow, 3, padding=1), nn.ReLU(), nn.Conv2d(narrow, width, 3, padding=1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """``[N, width, h, w]`` to the same shape."""
        changed: Tensor = F.relu(x + self.layers(x))
        return changed


class GatedFusion(nn.Module):
    """Bi-directional gated fusion: each stream takes of the other what a gate lets through; learned from nothing.

    Args:
        width: Channels of each stream.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.to_texture = nn.Conv2d(2 * width, width, 3, padding=1)
        self.to_structure = nn.Conv2d(2 * width, width, 3, padding=1)
        self.alpha, self.beta = (nn.Parameter(torch.zeros(1)) for _ in range(2))

    def forward(self, texture: Tensor, structure: Tensor) -> Tensor:
        """Two ``[N, width, h, w]`` to ``[N, 2 width, h, w]``."""
        joined = torch.cat([texture, structure], dim=1)
        gates = [torch.sigmoid(layer(joined)) for layer in (self.to_texture, self.to_structure)]
        texture = texture + self.alpha * (gates[0] * structure)
        structure = structure + self.beta * (gates[1] * texture)
        return torch.cat([texture, structure], dim=1)


class Aggregation(nn.Module):
    """Contextual feature aggregation: patches rebuilt from those like them, seen at several scales.

    Args:
        inputs: Channels that come in.
        width: Channels that go out.
    """

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.down = nn.Conv2d(inputs, width, 3, stride=2, padding=1)
        self.scales = nn.ModuleList(nn.Conv2d(width, width, 3, padding=d, dilation=d) for d in DILATIONS)
        self.shares = nn.Conv2d(width, len(DILATIONS), 3, padding=1)
        self.last = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """``[N, inputs, h, w]``, h and w multiples of 4, to ``[N, width, h, w]``."""
        x = F.leaky_relu(self.down(x), SLOPE)
        rebuilt = contextual_attention(x, torch.zeros_like(x[:, :1]), fused=False)
        shares = torch.softmax(self.shares(rebuilt), dim=1)
        seen = [F.relu(scale(rebuilt)) * shares[:, k : k + 1] for k, scale in enumerate(self.scales)]
        mixed = F.leaky_relu(self.last(torch.stack(seen).sum(dim=0)), SLOPE)
        return F.interpolate(mixed, scale_factor=2, mode="bilinear", align_corners=False)


class Ctsdg(HoleNetwork):
    """Two U-Nets of partial convolutions, their fusion, and attention over it.

    Args:
        width: Channels of the streams' first convolutions (64 in the paper), times 2, 4 and 8 below.
        depth: Halvings, 7 for 256 pixels.
        input_side: Side of the crop, a multiple of 2 ** depth.
        hole_side: Side of the central square in which holes lie.

    Raises:
        ValueError: the side is not such a multiple, or there are fewer than 2 halvings.
    """

    def __init__(self, *, width: int = 64, depth: int = 7, input_side: int = 256, hole_side: int = 128) -> None:
        super().__init__(input_side=input_side, hole_side=hole_side)
        check_side(input_side, depth)
        self.texture, self.structure = (
            PartialUNet(inputs=inputs, outputs=0, width=width, depth=depth, enlarged="bilinear") for inputs in (1, 2)
        )
        self.fusion = GatedFusion(width)
        self.aggregation = Aggregation(2 * width, width)
        self.last = nn.Conv2d(3 * width, 1, 1)
        narrow = max(4, width // 4)
        self.seen_image, self.seen_edges = (
            nn.Sequential(Bottleneck(width, narrow), nn.Conv2d(width, 1, 1)) for _ in range(2)
        )

    def forward(self, image: Tensor, hole: Tensor, *, edges: Tensor | None = None) -> Tensor:
        """Fill the hole; see HoleNetwork.

        Args:
            image: The crop; what stands in the hole does not matter.
            hole: 1 where unknown.
            edges: For training, the edges of the true crop, 0 or 1; the answer is then the whole crop, what the texture
                stream alone makes of it, and logits of the edges by the structure stream, ``[N, 3, S, S]``.
        """
        known = 1 - hole
        found = known_edges(image, hole) if edges is None else edges * known
        texture, structure = self._streams(image * known, found, known)
        joined = self.fusion(texture, structure)
        filled = torch.tanh(self.last(torch.cat([joined, self.aggregation(joined)], dim=1)))
        if edges is None:
            return centre(filled, self.hole_side)
        return torch.cat([filled, torch.tanh(self.seen_image(texture)), self.seen_edges(structure)], dim=1)

    def _streams(self, image: Tensor, edges: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
        """Each way up begins with the other's code and joins its own way down."""
        *texture, texture_code = self.texture.encoded(image, known)
        *structure, structure_code = self.structure.encoded(torch.cat([edges, image], dim=1), known)
        return self.texture.decoded(structure_code, texture), self.structure.decoded(texture_code, structure)


NETWORK = Ctsdg
