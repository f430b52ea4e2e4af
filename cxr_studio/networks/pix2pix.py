"""The generator of pix2pix (Isola et al. 2017): U-Net-256, noise by dropout alone.

With role "surround" it is the generator of Pix2Pix and Pix2Pix-N (Xing et al.): its input keeps only the box's pixels.
With role "translate" it fills a region that is cropped out, as in the comparisons of ipA-MedGAN, and is the generator
of ip-MedGAN.
"""

from __future__ import annotations

import torch
from torch import Tensor

from cxr_studio.networks.blocked import channels_of, on_blocks
from cxr_studio.networks.unet import DROPPED_LEVELS, UNet
from cxr_studio.networks.whole_image import WholeImageNetwork


class Pix2Pix(WholeImageNetwork):
    """U-Net-256: 4 × 4 convolutions of stride 2, batch norm with the batch's own statistics at test time too.

    Args:
        width: Channels of the first convolution, doubled up to 8 times.
        depth: Halvings; 8 take 256 pixels to one.
        block: Side of the pixel blocks that it works on, drawing only what changes; 0 = pixels and the whole image, as
            in the paper.
        input_side: Side of the image, a multiple of a block times 2 ** depth.

    Raises:
        ValueError: the side is not such a multiple, or there are fewer than 2 halvings.
    """

    def __init__(self, *, width: int = 64, depth: int = 8, block: int = 0, input_side: int = 256) -> None:
        super().__init__(input_side=input_side)
        least = max(1, block) * 2**depth
        if input_side % least:
            raise ValueError(f"{depth} halvings need a side that is a multiple of {least}, not {input_side}")
        self.block = block
        self.unet = UNet(channels=channels_of(block), width=width, depth=depth, dropped=DROPPED_LEVELS)

    def forward(self, image: Tensor, given: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:  # noqa: ARG002
        """See WholeImageNetwork; a box is not looked at, since what lies outside it is -1 in the image."""
        return on_blocks(lambda x: self.unet(x, rng), image, self.block)


NETWORK = Pix2Pix
