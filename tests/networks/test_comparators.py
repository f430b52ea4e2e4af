"""Gated and partial convolution: the papers' sizes, attention, layers that look at known pixels alone."""

from __future__ import annotations

import pytest
import torch

from cxr_studio.networks.attention import contextual_attention
from cxr_studio.networks.ctsdg import Ctsdg, GatedFusion
from cxr_studio.networks.edge_connect import EdgeConnect
from cxr_studio.networks.edges import known_edges
from cxr_studio.networks.gated_convolution import GatedConvolution
from cxr_studio.networks.partial_convolution import PartialConv, PartialConvolution


def test_the_paper_networks_are_the_papers() -> None:
    with torch.device("meta"):
        gated, partial, edges = GatedConvolution(), PartialConvolution(), EdgeConnect()
    assert sum(p.numel() for p in gated.parameters()) == pytest.approx(4.1e6, rel=0.02)
    assert sum(p.numel() for p in partial.parameters()) == pytest.approx(25.8e6, rel=0.005)
    assert sum(p.numel() for p in edges.image.parameters()) == pytest.approx(10.8e6, rel=0.01)
    assert [layer.convolution.out_channels for layer in partial.unet.down] == [64, 128, 256, 512, 512, 512, 512]


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


def test_edges_are_of_what_is_known() -> None:
    """A bright half on the right: its border is an edge, also in dim light, but not where it is unknown."""
    image = torch.zeros(1, 1, 32, 32)
    image[..., 16:] = 0.1
    image += 0.002 * torch.rand(image.shape, generator=torch.Generator().manual_seed(1))
    hole = torch.zeros(1, 1, 32, 32)
    hole[..., 10:22, 8:24] = 1
    edges = known_edges(torch.where(hole > 0, 0.9, image), hole)[0, 0]
    rows, columns = edges.nonzero().T
    assert set(columns.tolist()) <= {15, 16}
    assert set(range(2, 8)) | set(range(24, 30)) <= set(rows.tolist())
    assert not set(rows.tolist()) & set(range(10, 22))
    assert not known_edges(image, torch.ones_like(hole)).any()


def test_fusion_begins_as_if_there_were_none() -> None:
    texture, structure = torch.rand(2, 1, 4, 8, 8)
    fusion = GatedFusion(4)
    assert torch.equal(fusion(texture, structure), torch.cat([texture, structure], dim=1))
    torch.nn.init.constant_(fusion.alpha, 0.5)
    assert torch.equal(fusion(texture, structure)[:, 4:], structure)
    assert not torch.equal(fusion(texture, structure)[:, :4], texture)


@pytest.mark.parametrize("network", [EdgeConnect, Ctsdg])
def test_they_fill_the_central_square_whatever_stands_in_the_hole(network: type[EdgeConnect | Ctsdg]) -> None:
    torch.manual_seed(1)
    sizes = {"width": 4, "input_side": 32, "hole_side": 16} | ({"depth": 3} if network is Ctsdg else {"blocks": 1})
    filler = network(**sizes).eval()
    image, hole = torch.rand(2, 1, 32, 32), torch.zeros(2, 1, 32, 32)
    hole[..., 12:20, 12:20] = 1
    filled = filler(image, hole)
    assert filled.shape == (2, 1, 16, 16)
    assert filled.abs().max() <= 1
    assert torch.equal(filler(torch.where(hole > 0, 0.3, image), hole), filled)
