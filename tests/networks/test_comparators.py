"""Gated and partial convolution: the papers' sizes, attention, layers that look at known pixels alone."""

from __future__ import annotations

import pytest
import torch

from cxr_studio.networks.attention import contextual_attention
from cxr_studio.networks.gated_convolution import GatedConvolution
from cxr_studio.networks.partial_convolution import PartialConv, PartialConvolution


def test_the_paper_networks_are_the_papers() -> None:
    with torch.device("meta"):
        gated, partial = GatedConvolution(), PartialConvolution()
    assert sum(p.numel() for p in gated.parameters()) == pytest.approx(4.1e6, rel=0.02)
    assert sum(p.numel() for p in partial.parameters()) == pytest.approx(25.8e6, rel=0.005)
    assert [layer.convolution.out_channels for layer in partial.down] == [64, 128, 256, 512, 512, 512, 512]


def test_a_partial_layer_is_scaled_by_what_it_sees() -> None:
    layer = PartialConv(1, 1, 3, bias=True)
    torch.nn.init.constant_(layer.convolution.weight, 1 / 9)
    image, known = torch.full((1, 1, 8, 8), 3.0), torch.ones(1, 1, 8, 8)
    known[..., :, 4:] = 0
    image[..., :, 4:] = 99
    found, grown = layer(image, known)
    assert found[0, 0, 4, 3].item() == pytest.approx(3.0)
    assert found[0, 0, 4, 4].item() == pytest.approx(3.0)
    assert grown[0, 0, 4].tolist() == [1, 1, 1, 1, 1, 0, 0, 0]
    assert (found[0, 0, :, 5:] == 0).all()


def test_attention_rebuilds_from_known_patches() -> None:
    """Stripes with a hole: what is like the hole's surroundings goes on in it."""
    stripes = torch.zeros(1, 2, 32, 32)
    stripes[:, 0, :, ::4] = 1
    stripes[:, 1, :, 2::4] = 1
    hole = torch.zeros(1, 1, 32, 32)
    hole[..., 12:20, 12:20] = 1
    rebuilt = contextual_attention(stripes, hole)
    inside = (slice(None), slice(None), slice(6, 26), slice(6, 26))
    assert (rebuilt - stripes)[inside].abs().mean() < 0.05


def test_where_all_is_unknown_attention_still_answers() -> None:
    assert torch.isfinite(contextual_attention(torch.rand(1, 2, 8, 8), torch.ones(1, 1, 8, 8))).all()


def test_sides_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="multiple of 128"):
        PartialConvolution(input_side=192)
