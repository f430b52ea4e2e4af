"""The compact texture generator: what the paper's lacks on a harmonic fill and a stated contrast.

The paper's network draws lung and nodule from nothing. This one starts from the harmonic fill of the silhouette plus
the grey that a nodule of the wanted density is thought to add, and draws only what is missing. It works on blocks of
4 × 4 pixels. Where the contrast is 0 it draws healthy lung, so the difference of two answers is the nodule alone.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.dilation import dilated
from cxr_studio.networks.gated import DILATIONS, GatedConv, InsertNetwork, boxed
from cxr_studio.networks.harmonic import harmonic_fill

BLOCK = 4
"""Side of the pixel blocks."""

PENUMBRA = 8
"""Pixels around the silhouette that it may draw on: a nodule's soft edge."""

LEAST_CONTRAST = 0.02
"""Added to a patch's standard deviation (range -1 to 1), so that a flat patch is not blown up."""


class CompactTextureGenerator(InsertNetwork):
    """Coarse and refinement networks at a quarter of the resolution, with contrast control.

    Args:
        width: Channels.
        stages: 2, or 1 for the ablation without refinement.
        box: Hide the silhouette's bounding box instead of the silhouette (ablation).
        input_side: Side of the patch, a multiple of 4.
    """

    def __init__(self, *, width: int = 32, stages: int = 2, box: bool = False, input_side: int = 256) -> None:
        super().__init__(input_side=input_side)
        if stages not in (1, 2):
            raise ValueError(f"a texture generator has 1 or 2 stages, not {stages}")
        self.box = box
        self.coarse = _Stage(4, width)
        self.refine = _Stage(5, width) if stages == 2 else None

    def forward(self, patch: Tensor, mask: Tensor, contrast: Tensor) -> tuple[Tensor, Tensor]:
        """See InsertNetwork."""
        if self.box:
            mask, contrast = boxed(mask, contrast)
        base = harmonic_fill(patch, mask)
        mean = base.mean(dim=(2, 3), keepdim=True)
        scale = base.std(dim=(2, 3), keepdim=True) + LEAST_CONTRAST
        support = dilated(mask, PENUMBRA)
        seen = [(base - mean) / scale, contrast / scale, mask, base]
        start = base + contrast * mask
        first = start + scale * support * self.coarse(torch.cat(seen, dim=1))
        if self.refine is None:
            return first, first
        change = self.refine(torch.cat([*seen, (first - start) / scale], dim=1))
        return first, first + scale * support * change


class _Stage(nn.Module):
    """Gated residual layers on pixel blocks; ``[N, channels, S, S]`` to ``[N, 1, S, S]``, zero at first."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.stem = nn.Conv2d(channels * BLOCK**2, width, 3, padding=1)
        self.layers = nn.ModuleList(GatedConv(width, width, dilation=d) for d in (1, 1, *DILATIONS, 1))
        self.head = nn.Conv2d(width, BLOCK**2, 3, padding=1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        x = F.leaky_relu(self.stem(F.pixel_unshuffle(x, BLOCK)), 0.1)
        for layer in self.layers:
            x = x + layer(x)
        return F.pixel_shuffle(self.head(x), BLOCK)


NETWORK = CompactTextureGenerator
