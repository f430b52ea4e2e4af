"""StarGAN's generator: size, labels."""

from __future__ import annotations

import pytest
import torch

from cxr_studio.networks.stargan import StarGan
from trainers.cards import gflop


def test_the_paper_network_is_the_papers() -> None:
    network = StarGan(labels=6)
    assert sum(p.numel() for p in network.parameters()) == pytest.approx(8.4e6, rel=0.01)
    assert gflop(network, (torch.zeros(1, 1, 128, 128), torch.zeros(1, 6))) == pytest.approx(19.7, rel=0.03)


def test_labels_change_the_image_and_none_are_healthy() -> None:
    torch.manual_seed(1)
    network = StarGan(labels=2, width=4, blocks=1, input_side=32).eval()
    image = torch.rand(1, 1, 32, 32) * 2 - 1
    none, first = (network(image, torch.tensor([[x, 0.0]])) for x in (0.0, 1.0))
    assert torch.equal(none, network(image))
    assert not torch.equal(none, first)
    assert none.shape == image.shape


def test_a_side_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple of 4"):
        StarGan(input_side=126)
