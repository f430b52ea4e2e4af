"""Networks that draw nodules: what they see, what they leave alone, and the harmonic fill they start from."""

import numpy as np
import pytest
import torch

from cxr_studio.networks.compact_texture import PENUMBRA, CompactTextureGenerator
from cxr_studio.networks.gated import GatedConv, NormedGatedConv
from cxr_studio.networks.harmonic import harmonic_fill
from cxr_studio.networks.texture import TextureGenerator

SIDE = 64


def hole(side: int = SIDE) -> torch.Tensor:
    mask = torch.zeros(1, 1, side, side)
    mask[..., 24:40, 22:42] = 1
    return mask


def awakened(network: torch.nn.Module) -> torch.nn.Module:
    """Heads start at zero; give every weight something to do."""
    torch.manual_seed(0)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return network.eval()


@pytest.mark.parametrize("kind", [TextureGenerator, CompactTextureGenerator])
@pytest.mark.parametrize("stages", [1, 2])
def test_what_lies_under_the_mask_is_not_seen(kind, stages):
    network = awakened(kind(width=4, stages=stages, input_side=SIDE))
    torch.manual_seed(1)
    patch, mask = torch.rand(1, 1, SIDE, SIDE), hole()
    other = patch * (1 - mask) - 0.7 * mask
    first, second = network(patch, mask, 0.1 * mask)
    assert first.shape == second.shape == patch.shape
    assert (first is second) == (stages == 1)
    torch.testing.assert_close(network(other, mask, 0.1 * mask)[1], second)
    moved = patch + 0.2 * (1 - mask)
    assert not torch.allclose(network(moved, mask, 0.1 * mask)[1], second)


@pytest.mark.parametrize("kind", [TextureGenerator, CompactTextureGenerator])
def test_the_ablation_with_a_box_does_not_know_the_shape(kind):
    network = awakened(kind(width=4, box=True, input_side=SIDE))
    torch.manual_seed(1)
    patch, mask = torch.rand(1, 1, SIDE, SIDE), hole()
    corner = mask.clone()
    corner[..., 24:30, 22:30] = 0
    drawn = [network(patch, shape, shape * 0.1 / shape.sum())[1] for shape in (mask, corner)]
    torch.testing.assert_close(*drawn)


def test_a_texture_generator_has_one_or_two_stages():
    for kind in (TextureGenerator, CompactTextureGenerator):
        with pytest.raises(ValueError, match="1 or 2 stages"):
            kind(stages=3)


def test_the_compact_one_starts_from_the_harmonic_fill_and_the_contrast():
    network = CompactTextureGenerator(width=4, input_side=SIDE).eval()
    patch, mask = torch.full((1, 1, SIDE, SIDE), -0.4), hole()
    _, drawn = network(patch, mask, 0.3 * mask)
    torch.testing.assert_close(drawn, patch + 0.3 * mask)


def test_the_compact_one_changes_nothing_beyond_the_soft_edge():
    network = awakened(CompactTextureGenerator(width=4, input_side=SIDE))
    torch.manual_seed(2)
    patch, mask = torch.rand(1, 1, SIDE, SIDE), hole()
    _, drawn = network(patch, mask, 0.2 * mask)
    far = torch.nn.functional.max_pool2d(mask, 2 * PENUMBRA + 1, stride=1, padding=PENUMBRA) == 0
    assert torch.equal(drawn[far], patch[far])
    assert not torch.equal(drawn[~far], patch[~far])


def test_a_closed_gate_lets_nothing_through():
    layer = GatedConv(2, 3)
    x = torch.rand(1, 2, 8, 8)
    with torch.no_grad():
        layer.both.bias[3:] = -100
        layer.both.weight[3:] = 0
    assert layer(x).abs().max() < 1e-6
    assert NormedGatedConv(2, 3, stride=2)(x).shape == (1, 3, 4, 4)


def test_the_papers_layer_multiplies_first_and_norms_last():
    """Equation 3: IN(LeakyReLU(feature · sigmoid(gate))), worked out from the convolution's own channels."""
    torch.manual_seed(0)
    layer, x = NormedGatedConv(2, 3), torch.randn(2, 2, 8, 8)
    feature, gate = layer.both(x)[:, :3], layer.both(x)[:, 3:]
    product = feature / (1 + (-gate).exp())
    leaky = torch.where(product > 0, product, 0.2 * product)
    mean, variance = leaky.mean(dim=(2, 3), keepdim=True), leaky.var(dim=(2, 3), keepdim=True, unbiased=False)
    torch.testing.assert_close(layer(x), (leaky - mean) / (variance + 1e-5).sqrt())


def test_the_harmonic_fill_finds_a_plane_and_keeps_the_known():
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE
    plane = torch.from_numpy((0.3 * y + 0.5 * x).astype(np.float32))[None, None]
    mask = hole()
    filled = harmonic_fill(plane * (1 - mask), mask)
    assert torch.equal(filled[mask == 0], plane[mask == 0])
    assert (filled - plane).abs().max() < 0.02


def test_the_harmonic_fill_takes_masks_at_the_edge_and_sides_that_do_not_halve():
    image = torch.full((2, 1, 36, 36), 0.25)
    mask = torch.zeros(2, 1, 36, 36)
    mask[0, :, :20, :30] = 1
    mask[1, :, 1:, 1:] = 1
    torch.testing.assert_close(harmonic_fill(image * (1 - mask), mask), image)
