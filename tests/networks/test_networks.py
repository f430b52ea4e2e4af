"""Shapes and behaviour of the context encoders."""

import pytest
import torch

from cxr_studio.networks.compact_context_encoder import CompactContextEncoder, centre
from cxr_studio.networks.context_encoder import ContextEncoder, Discriminator
from cxr_studio.networks.hole_network import HoleNetwork

SMALL = {"widths": (4, 8, 8, 12), "encoder_blocks": (1, 1, 1, 1), "decoder_blocks": (1, 1, 1)}


def hole(side: int = 128, inner: int = 64) -> torch.Tensor:
    mask = torch.zeros(1, 1, side, side)
    start = (side - inner) // 2
    mask[..., start : start + inner, start : start + inner] = 1
    return mask


@pytest.mark.parametrize("network", [ContextEncoder(base=4), CompactContextEncoder(**SMALL)], ids=["paper", "compact"])
def test_fills_the_central_square(network: HoleNetwork) -> None:
    image = torch.randn(2, 1, 128, 128)
    filled = network.eval()(image, hole().expand(2, -1, -1, -1))
    assert filled.shape == (2, 1, 64, 64)
    assert torch.isfinite(filled).all()


def test_the_paper_size_is_the_papers() -> None:
    with torch.device("meta"):
        network = ContextEncoder(base=128)
    convolutions = [m for m in network.encoder.modules() if isinstance(m, torch.nn.Conv2d)]
    assert [c.out_channels for c in convolutions] == [128, 256, 512, 1024, 2048, 4096]
    assert {(c.kernel_size, c.stride) for c in convolutions} == {((4, 4), (2, 2))}
    megabytes = 4e-6 * sum(p.numel() for p in network.parameters())
    assert megabytes == pytest.approx(1028, abs=2)


def test_the_paper_network_never_sees_the_hole() -> None:
    network = ContextEncoder(base=4).eval()
    image = torch.randn(1, 1, 128, 128)
    other = torch.where(hole() > 0, torch.randn_like(image), image)
    torch.testing.assert_close(network(image, hole()), network(other, hole()), rtol=0, atol=0)


def test_the_paper_network_takes_only_its_own_sizes() -> None:
    with pytest.raises(ValueError, match="128 x 128"):
        ContextEncoder(base=4, input_side=256)


def test_an_untrained_compact_network_returns_the_base_fill() -> None:
    image = torch.randn(1, 1, 128, 128)
    filled = CompactContextEncoder(**SMALL).eval()(image, hole())
    torch.testing.assert_close(filled, centre(image, 64))


def test_the_compact_decoder_sees_a_true_border() -> None:
    """Cropping the decoder to the hole and a margin must not differ from computing everything."""
    torch.manual_seed(0)
    network = CompactContextEncoder(**SMALL).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.05)
    image = torch.randn(1, 1, 128, 128)
    cropped = network(image, hole())
    network.hole_side = 128
    torch.testing.assert_close(cropped, centre(network(image, hole()), 64), rtol=1e-3, atol=1e-3)


def test_discriminator_gives_one_probability_per_square() -> None:
    squares = torch.randn(3, 1, 64, 64)
    probability = Discriminator(width=4).eval().probability(squares)
    assert probability.shape == (3,)
    assert ((probability > 0) & (probability < 1)).all()
