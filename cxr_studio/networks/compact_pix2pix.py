"""The compact surround generator: draws a smooth chest that agrees with the box, which a U-Net then sharpens.

pix2pix has to find the large forms of a chest, and their variety, by adversarial training alone. Here principal
components give both (``eigen_chest``), and the U-Net, on pixel blocks, translates a smooth chest into a radiograph.
Learned maps of the mean chest and noise planes come in at every level of the way up.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.compact_context_encoder import ResidualBlock
from cxr_studio.networks.eigen_chest import EigenChest
from cxr_studio.networks.meeting import met_at_box
from cxr_studio.networks.noise import normal
from cxr_studio.networks.whole_image import WholeImageNetwork

SLOPE = 0.2


class UpBlock(nn.Module):
    """One level on the way up: what comes from below, skip, mean chest and noise are added, then a residual block.

    Args:
        width: Channels.
        deeper: Channels of the level below; 0 at the bottom.
        side: Cells a side.
    """

    def __init__(self, width: int, deeper: int, side: int) -> None:
        super().__init__()
        self.up = nn.Conv2d(deeper, width, 1) if deeper else None
        self.skip = nn.Conv2d(width, width, 1)
        self.chest = nn.Parameter(torch.zeros(1, width, side, side))
        self.amount = nn.Parameter(0.1 * torch.randn(1, width, 1, 1))
        self.block = ResidualBlock(width)

    def forward(self, below: Tensor | None, skip: Tensor, noise: Tensor) -> Tensor:
        """``below [N, deeper, h / 2, w / 2]``, ``skip [N, width, h, w]``, ``noise [N, 1, h, w]``."""
        x = self.skip(skip) + self.chest + self.amount * noise
        if self.up is not None and below is not None:
            x = x + F.interpolate(self.up(below), scale_factor=2, mode="bilinear", align_corners=False)
        changed: Tensor = self.block(x)
        return changed


class CompactPix2Pix(WholeImageNetwork):
    """U-Net on a smooth chest and the box's pixels, with a finer head.

    Args:
        widths: Channels at each level, finest first.
        fine: Channels of the head at twice the finest level's resolution.
        components: Of the smooth chest.
        block: Side of the pixel blocks, even; the smooth chest has a cell a block.
        input_side: Side of the image, a multiple of ``block`` times 2 to the number of halvings.

    Raises:
        ValueError: the side does not fit.
    """

    def __init__(
        self,
        *,
        widths: tuple[int, ...] = (32, 64, 128, 192),
        fine: int = 12,
        components: int = 64,
        block: int = 4,
        input_side: int = 256,
    ) -> None:
        super().__init__(input_side=input_side)
        coarsest = block * 2 ** (len(widths) - 1)
        if block % 2 or input_side % coarsest:
            raise ValueError(f"the side is a multiple of {coarsest} and the blocks are even, not {input_side}, {block}")
        self.block = block
        sides = [input_side // block // 2**level for level in range(len(widths))]
        self.chest = EigenChest(count=components, side=sides[0])
        self.stem = nn.Conv2d(2 * block**2 + 1, widths[0], 3, padding=1)
        self.down = nn.ModuleList(nn.Conv2d(a, b, 4, stride=2, padding=1) for a, b in pairwise(widths))
        self.levels = nn.ModuleList(
            UpBlock(width, deeper, side) for width, deeper, side in zip(widths, [*widths[1:], 0], sides, strict=True)
        )
        self.widen = nn.Conv2d(widths[0], 4 * fine, 3, padding=1)
        self.amount = nn.Parameter(0.1 * torch.randn(1, fine, 1, 1))
        self.refine = nn.Conv2d(fine, fine, 3, padding=1)
        self.head = nn.Conv2d(fine, (block // 2) ** 2, 3, padding=1)
        nn.init.normal_(self.head.weight, 0.0, 0.02)
        nn.init.zeros_(self.head.bias)  # type: ignore[arg-type]

    def forward(
        self,
        image: Tensor,
        given: Tensor | None = None,
        rng: torch.Generator | None = None,
        draft: Tensor | None = None,
    ) -> Tensor:
        """See WholeImageNetwork; without a box everything above -1 counts as its inside.

        A smooth chest ``draft [N, 1, S / block, S / block]`` may be given instead of drawn. In evaluation mode what is
        drawn meets the box, whose own pixels stand in it.
        """
        box = (image > -1).to(image.dtype) if given is None else given
        draft = self.chest.draft(image, box, rng) if draft is None else draft
        seen = F.pixel_unshuffle(torch.cat([(image + 1) * box, box], dim=1), self.block)
        x = F.leaky_relu(self.stem(torch.cat([seen, 2 * draft], dim=1)), SLOPE)
        skips = [x]
        for down in self.down:
            x = F.leaky_relu(down(x), SLOPE)
            skips.append(x)
        below: Tensor | None = None
        for level, skip in zip(reversed(self.levels), reversed(skips), strict=True):
            below = level(below, skip, normal(image, (len(image), 1, *skip.shape[-2:]), rng))
        drawn = enlarged(draft, self.block) + self._sharpened(F.leaky_relu(below, SLOPE), rng)  # type: ignore[arg-type]
        return drawn if self.training else met_at_box(drawn, image, box)

    def _sharpened(self, x: Tensor, rng: torch.Generator | None) -> Tensor:
        x = F.pixel_shuffle(self.widen(x), 2)
        x = x + self.amount * normal(x, (len(x), 1, *x.shape[-2:]), rng)
        x = F.leaky_relu(x, SLOPE)
        x = x + F.leaky_relu(self.refine(x), SLOPE)
        return F.pixel_shuffle(self.head(x), self.block // 2)


NETWORK = CompactPix2Pix


def enlarged(draft: Tensor, times: int) -> Tensor:
    """A smooth chest at the image's resolution."""
    return F.interpolate(draft, scale_factor=times, mode="bilinear", align_corners=False)
