"""What was drawn around a box meets it."""

from __future__ import annotations

import torch

from cxr_studio.networks.compact_pix2pix import CompactPix2Pix
from cxr_studio.networks.meeting import met_at_box


def boxed() -> tuple[torch.Tensor, torch.Tensor]:
    image = torch.linspace(-0.5, 0.5, 96).expand(1, 1, 96, 96).clone()
    box = torch.zeros(1, 1, 96, 96)
    box[..., 30:60, 40:80] = 1
    return image, box


def test_a_step_of_brightness_is_gone_at_the_border_and_nothing_changes_far_away() -> None:
    image, box = boxed()
    met = met_at_box(image + 0.4, image, box)
    assert torch.equal(met[box > 0], image[box > 0])
    beside = (met - image)[0, 0, 45, 80:83]
    assert beside.abs().max() < 0.08
    assert torch.allclose(met[..., :4, :4], image[..., :4, :4] + 0.4, atol=0.02)


def test_what_fits_already_stays() -> None:
    image, box = boxed()
    assert (met_at_box(image, image, box) - image).abs().max() < 0.03


def test_without_a_box_nothing_changes() -> None:
    image, box = boxed()
    drawn = torch.rand_like(image)
    assert torch.equal(met_at_box(drawn, image, torch.zeros_like(box)), drawn)


def test_the_network_meets_its_box_when_it_is_used() -> None:
    torch.manual_seed(1)
    network = CompactPix2Pix(widths=(4, 6), fine=4, input_side=64)
    image, box = torch.rand(1, 1, 64, 64), torch.zeros(1, 1, 64, 64)
    box[..., 20:40, 20:40] = 1
    learning = network(image, box, torch.Generator().manual_seed(1))
    used = network.eval()(image, box, torch.Generator().manual_seed(1))
    assert not torch.equal(learning[box > 0], image[box > 0])
    assert torch.equal(used[box > 0], image[box > 0])
