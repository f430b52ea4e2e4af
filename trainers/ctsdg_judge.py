"""The discriminator of CTSDG (Guo et al. 2021): one branch sees the image, the other the edges that it finds in it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cxr_studio.networks.ctsdg import Bottleneck
from trainers.discriminators import Judgement, PatchDiscriminator

FOUND = 16
"""Channels of the small network that finds edges."""

CHANNELS = 4
"""Image, the true image, edges, and 1 where those edges are to be believed instead of found."""


class CtsdgJudge(nn.Module):
    """Two patch discriminators of field 70 with spectral norm, for the image and for edges beside the true image.

    Args:
        width: Channels of their first convolutions.
    """

    def __init__(self, *, width: int = 64) -> None:
        super().__init__()
        self.texture = PatchDiscriminator(channels=1, field=70, width=width, norm="spectral")
        self.structure = PatchDiscriminator(channels=2, field=70, width=width, norm="spectral")
        self.edges = nn.Sequential(
            nn.Conv2d(1, FOUND, 3, padding=1),
            nn.ReLU(),
            Bottleneck(FOUND, FOUND),
            Bottleneck(FOUND, FOUND),
            nn.Conv2d(FOUND, 1, 1),
        )

    def forward(self, seen: Tensor) -> Judgement:
        """Judge ``[N, 4, S, S]`` (see CHANNELS); the one feature map holds logits of the edges found in the image."""
        image, truth, edges, given = seen.chunk(CHANNELS, dim=1)
        logits = self.edges(image)
        believed = torch.where(given > 0, edges, torch.sigmoid(logits))
        structure = self.structure(torch.cat([believed, truth], dim=1))
        return Judgement(torch.cat([self.texture(image).score, structure.score], dim=1), [logits])
