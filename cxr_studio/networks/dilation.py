"""Growing masks inside a network."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F


def dilated(mask: Tensor, radius: int) -> Tensor:
    """Greatest value within a square of ``2 * radius + 1`` pixels around each pixel.

    Rows first, then columns: bit for bit one square max pooling, which costs ``2 * radius + 1`` times as many
    comparisons in two steps.

    Args:
        mask: ``float [N, C, H, W]``; what lies beyond it does not count.
        radius: Pixels, 0 and up.

    Returns:
        ``[N, C, H, W]``.
    """
    side = 2 * radius + 1
    rows = F.max_pool2d(mask, (side, 1), stride=1, padding=(radius, 0))
    return F.max_pool2d(rows, (1, side), stride=1, padding=(0, radius))
