"""Generators that repair whole images: the papers' widths and sizes."""

from __future__ import annotations

import pytest
import torch

from cxr_studio.networks.blank_gate import BlankGate
from cxr_studio.networks.ipa_medgan import IpaMedGan
from cxr_studio.networks.medgan import MedGan
from cxr_studio.networks.pix2pix import Pix2Pix
from cxr_studio.networks.whole_image import WholeImageNetwork


def count(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def test_the_papers_multires_unets() -> None:
    with torch.device("meta"):
        network = IpaMedGan()
    first = network.chain[0]
    assert [block.width for block in first.down] == [51, 105, 212, 426, 853]
    assert [len(path.wide) for path in first.paths] == [4, 3, 2, 1]
    assert [path.wide[-1][0].out_channels for path in first.paths] == [32, 64, 128, 256]
    assert len(network.chain) == 2
    assert count(first) == pytest.approx(7.25e6, rel=0.005)


def test_the_papers_chain_of_six() -> None:
    with torch.device("meta"):
        network = MedGan()
    assert len(network.chain) == 6
    assert [c.out_channels for c in network.chain[5].down] == [64, 128, 256, 512, 512, 512, 512, 512]
    assert count(network) == 6 * count(network.chain[0])


@pytest.mark.parametrize(
    "network",
    [
        IpaMedGan(sizes=(4, 6, 8), input_side=64),
        IpaMedGan(sizes=(4, 6), norm="none", block=4, input_side=64),
        IpaMedGan(sizes=(4, 6), norm="none", block=4, gate=4, input_side=64),
        MedGan(nets=2, width=4, depth=4, input_side=64),
        Pix2Pix(width=4, depth=3, block=4, input_side=64),
    ],
    ids=["ipa", "ipa-blocks", "ipa-gate", "medgan", "pix2pix-compact"],
)
def test_a_whole_image_comes_out(network: WholeImageNetwork) -> None:
    image = torch.rand(2, 1, 64, 64) * 2 - 1
    drawn = network.eval()(image)
    assert drawn.shape == image.shape
    assert torch.isfinite(drawn).all()


def test_what_draws_a_change_begins_at_the_image() -> None:
    image = torch.rand(1, 1, 64, 64) * 2 - 1
    drawn = IpaMedGan(sizes=(4, 6), norm="none", block=4, input_side=64)(image)
    assert (drawn - image).abs().mean() < 0.2


def test_a_gate_keeps_what_is_not_black() -> None:
    image = torch.rand(1, 1, 64, 64) * 0.9
    image[:, :, 20:30, 20:30] = -1.0
    drawn = IpaMedGan(sizes=(4, 6), norm="none", block=4, gate=4, input_side=64)(image)
    changed = (drawn != image)[0, 0]
    assert changed[20:30, 20:30].all()
    changed[19:31, 19:31] = False
    assert not changed.any()


def test_a_gate_fills_smoothly_what_is_black() -> None:
    image = torch.full((1, 1, 64, 64), 0.25)
    image[:, :, 20:30, 20:30] = -1.0
    fill, share = BlankGate(4)(image)
    assert torch.allclose(fill, torch.full_like(fill, 0.25), atol=1e-4)
    assert share.min() == 0
    assert share.max() < 1


def test_a_gate_without_blocks_is_refused() -> None:
    with pytest.raises(ValueError, match="needs blocks"):
        IpaMedGan(gate=4)


def test_sides_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="multiple of 16"):
        IpaMedGan(input_side=200)
    with pytest.raises(ValueError, match="multiple of 64"):
        MedGan(depth=4, block=4, input_side=32)
