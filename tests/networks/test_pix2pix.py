"""Generators of surroundings: the paper's sizes, noise by seed, smooth chests that agree with a box."""

from __future__ import annotations

import pytest
import torch

from cxr_studio.networks.compact_pix2pix import CompactPix2Pix
from cxr_studio.networks.eigen_chest import EigenChest
from cxr_studio.networks.pix2pix import Pix2Pix
from trainers.cards import gflop


def test_the_paper_network_is_the_papers():
    with torch.device("meta"):
        network = Pix2Pix()
    assert [c.out_channels for c in network.unet.down] == [64, 128, 256, 512, 512, 512, 512, 512]
    assert [c.in_channels for c in network.unet.up[::-1]] == [512, 1024, 1024, 1024, 1024, 512, 256, 128]
    assert sum(p.numel() for p in network.parameters()) == pytest.approx(54.4e6, rel=0.002)


def test_the_compact_network_is_small():
    network = CompactPix2Pix()
    image = torch.full((1, 1, 256, 256), -1.0)
    assert sum(t.numel() for t in network.state_dict().values()) * 2 < 16e6
    assert gflop(network, (image, torch.zeros_like(image))) < 5
    assert network(image).shape == (1, 1, 256, 256)


@pytest.mark.parametrize(
    "network", [Pix2Pix(width=4, depth=5, input_side=64), CompactPix2Pix(widths=(4, 6), fine=4, input_side=64)]
)
def test_a_seed_decides_the_noise(network):
    network.eval()
    image = torch.rand(1, 1, 64, 64) * 2 - 1
    box = torch.zeros_like(image)
    box[..., :32] = 1
    draws = [network(image, box, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


def test_sides_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="multiple of 32"):
        Pix2Pix(depth=5, input_side=100)
    with pytest.raises(ValueError, match="multiple of 8"):
        CompactPix2Pix(widths=(4, 6), input_side=36)


def chests(count: int) -> torch.Tensor:
    """Images of two independent forms, a bright left and a bright lower half, of random strength."""
    rng = torch.Generator().manual_seed(3)
    left, low = torch.zeros(1, 1, 32, 32), torch.zeros(1, 1, 32, 32)
    left[..., :16], low[..., 16:, :] = 1, 1
    first, second = 0.3 * torch.randn(2, count, 1, 1, 1, generator=rng)
    return first * left + second * low + 0.02 * torch.randn(count, 1, 32, 32, generator=rng)


def test_a_smooth_chest_agrees_with_the_box_and_varies_elsewhere():
    chest = EigenChest(count=2, side=16)
    chest.fit(chests(200))
    image = torch.zeros(1, 1, 32, 32)
    image[..., :16] = 0.5
    box = torch.zeros_like(image)
    box[..., 2:12, 2:12] = 1
    rng = torch.Generator().manual_seed(1)
    drafts = torch.cat([chest.draft(image, box, rng) for _ in range(40)])
    upper, lower = drafts[:, 0, :8, :8].mean(dim=(1, 2)), drafts[:, 0, 8:, 8:].mean(dim=(1, 2))
    assert upper.mean() == pytest.approx(0.5, abs=0.05)
    assert upper.std() < 0.05
    assert lower.std() > 0.15


def test_where_all_is_seen_a_smooth_chest_is_the_own():
    chest = EigenChest(count=2, side=16)
    images = chests(60)
    chest.fit(images)
    found = chest.draft(images, torch.ones_like(images))
    wanted = torch.nn.functional.avg_pool2d(images, 2)
    assert (found - wanted).abs().mean() < 0.03
