"""The shape generator and its discriminator: sizes, range, the paper's widths."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from cxr_studio.networks.shape_generator import ShapeDiscriminator, ShapeGenerator


def test_the_papers_generator_has_its_layers():
    network = ShapeGenerator()
    layers = [layer for layer in network.modules() if isinstance(layer, nn.ConvTranspose2d)]
    assert [(layer.in_channels, layer.kernel_size, layer.stride) for layer in layers] == [
        (width, (4, 4), (2, 2)) for width in (512, 256, 128, 64, 32)
    ]
    assert network.spread.in_features == 100
    field = network(torch.randn(2, 100))
    assert field.shape == (2, 1, 128, 128)
    assert field.abs().max() <= 1


def test_fewer_layers_are_enlarged():
    field = ShapeGenerator(channels=(8, 6, 4), latent=5, input_side=128)(torch.randn(3, 5))
    assert field.shape == (3, 1, 128, 128)
    assert field.diff(dim=-1).abs().max() < 1.0


def test_too_many_layers_are_refused():
    with pytest.raises(ValueError, match="more than 32 pixels"):
        ShapeGenerator(channels=(8, 8, 8, 8), input_side=32)
    with pytest.raises(ValueError, match="do not bring 100 pixels"):
        ShapeDiscriminator(channels=(4, 4), side=100)


def test_the_discriminator_scores_each_field():
    fields = torch.randn(6, 1, 64, 64)
    assert ShapeDiscriminator(channels=(4, 6, 8, 8), side=64)(fields).shape == (6,)
    assert ShapeDiscriminator(channels=(4, 6), side=64)(fields).shape == (6,)


def test_a_uniform_batch_gives_itself_away():
    torch.manual_seed(0)
    judge = ShapeDiscriminator(channels=(4, 6, 8, 8), side=64, variety=True).eval()
    varied = torch.randn(6, 1, 64, 64)
    alone = judge(varied[:1].expand(6, -1, -1, -1))
    assert (alone - alone[0]).abs().max() < 1e-4
    assert (judge(varied)[0] - alone[0]).abs() > 1e-5
