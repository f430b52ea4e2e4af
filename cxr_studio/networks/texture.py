"""The texture generator of Shen et al.: a coarse and a refinement network of gated convolutions."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cxr_studio.networks.gated import DILATIONS, InsertNetwork, NormedGatedConv, boxed


class TextureGenerator(InsertNetwork):
    """As in the paper: the patch is 1 under the mask, the mask goes in beside it.

    Args:
        width: Channels at full resolution, doubled at each of the two halvings.
        stages: 2, or 1 for the ablation without refinement.
        box: Hide the silhouette's bounding box instead of the silhouette (ablation).
        input_side: Side of the patch, a multiple of 4.
    """

    def __init__(self, *, width: int = 48, stages: int = 2, box: bool = False, input_side: int = 256) -> None:
        super().__init__(input_side=input_side)
        if stages not in (1, 2):
            raise ValueError(f"a texture generator has 1 or 2 stages, not {stages}")
        self.box = box
        self.coarse = _Stage(2, width)
        self.refine = _Stage(2, width) if stages == 2 else None

    def forward(self, patch: Tensor, mask: Tensor, contrast: Tensor) -> tuple[Tensor, Tensor]:
        """See InsertNetwork; the contrast is not looked at."""
        if self.box:
            mask, _ = boxed(mask, contrast)
        coarse: Tensor = self.coarse(torch.cat([patch * (1 - mask) + mask, mask], dim=1))
        if self.refine is None:
            return coarse, coarse
        return coarse, self.refine(torch.cat([coarse, mask], dim=1))


class _Stage(nn.Sequential):
    """Down twice, four dilated layers, up twice by nearest neighbours; ``[N, channels, S, S]`` to ``[N, 1, S, S]``."""

    def __init__(self, channels: int, width: int) -> None:
        deep = 4 * width
        super().__init__(
            NormedGatedConv(channels, width, kernel=5),
            NormedGatedConv(width, 2 * width, stride=2),
            NormedGatedConv(2 * width, 2 * width),
            NormedGatedConv(2 * width, deep, stride=2),
            NormedGatedConv(deep, deep),
            NormedGatedConv(deep, deep),
            *(NormedGatedConv(deep, deep, dilation=d) for d in DILATIONS),
            NormedGatedConv(deep, deep),
            NormedGatedConv(deep, deep),
            nn.Upsample(scale_factor=2, mode="nearest"),
            NormedGatedConv(deep, 2 * width),
            NormedGatedConv(2 * width, 2 * width),
            nn.Upsample(scale_factor=2, mode="nearest"),
            NormedGatedConv(2 * width, width),
            NormedGatedConv(width, width // 2),
            nn.Conv2d(width // 2, 1, 3, padding=1),
            nn.Tanh(),
        )


NETWORK = TextureGenerator
