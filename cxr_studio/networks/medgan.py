"""CasNet, the generator of MedGAN (Armanious et al. 2020): U-blocks in a chain, from image to image."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cxr_studio.networks.blocked import channels_of, on_blocks
from cxr_studio.networks.unet import UNet
from cxr_studio.networks.whole_image import WholeImageNetwork


class MedGan(WholeImageNetwork):
    """Six of pix2pix's U-Nets with instance norm and without dropout.

    Args:
        nets: U-blocks.
        width: Channels of their first convolutions, doubled up to 8 times.
        depth: Halvings of each.
        block: Side of the pixel blocks that they work on, drawing only what changes; 0 = pixels and the whole image, as
            in the paper.
        input_side: Side of the image, a multiple of a block times 2 ** depth.

    Raises:
        ValueError: the side is not such a multiple, or there is no U-block.
    """

    def __init__(
        self,
        *,
        nets: int = 6,
        width: int = 64,
        depth: int = 8,
        block: int = 0,
        input_side: int = 256,
    ) -> None:
        super().__init__(input_side=input_side)
        least = max(1, block) * 2**depth
        if nets < 1 or input_side % least:
            raise ValueError(f"U-blocks, 1 or more, and a side that is a multiple of {least}; not {nets}, {input_side}")
        self.block = block
        self.chain = nn.ModuleList(
            UNet(channels=channels_of(block), width=width, depth=depth, norm="instance") for _ in range(nets)
        )

    def forward(self, image: Tensor, given: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:  # noqa: ARG002
        """See WholeImageNetwork."""
        for unet in self.chain:
            image = on_blocks(unet, image, self.block)
        return image


NETWORK = MedGan
