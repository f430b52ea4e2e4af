"""Growing masks inside a network: rows, then columns, bit for bit one square."""

import pytest
import torch
from torch.nn import functional as F

from cxr_studio.networks.dilation import dilated


@pytest.mark.parametrize("radius", [0, 1, 2, 8])
def test_two_lines_grow_a_mask_as_one_square_does(radius: int) -> None:
    values = torch.rand(2, 1, 37, 64, generator=torch.Generator().manual_seed(3))
    square = F.max_pool2d(values, 2 * radius + 1, stride=1, padding=radius)
    assert torch.equal(dilated(values, radius), square)


def test_a_pixel_becomes_a_square() -> None:
    mask = torch.zeros(1, 1, 9, 9)
    mask[..., 4, 2] = 1
    grown = dilated(mask, 2)
    assert grown.sum() == 25
    assert grown[0, 0, 2:7, 0:5].min() == 1
