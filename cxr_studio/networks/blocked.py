"""Networks from image to image that work on blocks of pixels and draw only what changes."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F


def on_blocks(network: Callable[[Tensor], Tensor], image: Tensor, block: int) -> Tensor:
    """Apply a network to an image ``float32 [N, 1, S, S]``.

    Args:
        network: From ``[N, C, s, s]`` to the same shape, without activation at the end.
        image: The image.
        block: Side of the blocks, whose pixels are the network's channels; its answer is added to the image. 0 = as in
            the papers: one channel in, and the whole image out, bounded by a tanh.
    """
    if not block:
        return torch.tanh(network(image))
    return image + F.pixel_shuffle(network(F.pixel_unshuffle(image, block)), block)


def channels_of(block: int) -> int:
    """Channels of a network on such blocks."""
    return max(1, block) ** 2
