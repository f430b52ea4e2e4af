"""FC-DenseNet: sizes, the paper's counts, and what it does not depend on."""

from dataclasses import replace

import pytest
import torch

from cxr_studio.errors import CheckpointError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.fc_densenet import FCDenseNet
from cxr_studio.networks.registry import build

TINY = {"stem": 4, "growth": 2, "layers": [1, 2, 1]}

CARD = Card("t", "T", Role.SEGMENT, "fc-densenet", {**TINY, "patch": 2}, input_side=32)


@pytest.mark.parametrize("patch", [1, 2, 4])
def test_one_logit_a_pixel(patch: int) -> None:
    network = FCDenseNet(**TINY, patch=patch, input_side=64).eval()
    logits = network(torch.randn(2, 1, 64, 64))
    assert logits.shape == (2, 1, 64, 64)
    assert torch.isfinite(logits).all()


def test_the_default_is_the_papers_56_layers() -> None:
    with torch.device("meta"):
        network = FCDenseNet()
    kinds = [type(module) for module in network.modules()]
    assert kinds.count(torch.nn.Conv2d) + kinds.count(torch.nn.ConvTranspose2d) == 56
    assert kinds.count(torch.nn.MaxPool2d) == 5
    assert sum(p.numel() for p in network.parameters()) == pytest.approx(1.4e6, rel=0.05)


def test_brightness_and_contrast_do_not_matter() -> None:
    torch.manual_seed(0)
    network = FCDenseNet(**TINY, input_side=32).eval()
    image = torch.randn(1, 1, 32, 32)
    torch.testing.assert_close(network(image), network(image * 0.9 + 0.2), rtol=0.02, atol=0.02)


def test_a_flat_image_gives_finite_logits() -> None:
    assert torch.isfinite(FCDenseNet(**TINY, input_side=32).eval()(torch.zeros(1, 1, 32, 32))).all()


def test_a_card_without_a_hole_survives_and_builds() -> None:
    assert Card.from_json(CARD.to_json()) == CARD
    assert (CARD.hole_side, CARD.base, CARD.reference_side) == (0, "", 0)
    assert isinstance(build(CARD), FCDenseNet)


@pytest.mark.parametrize("change", [{"input_side": 30}, {"hole_side": 16}, {"parameters": {"width": 3}}])
def test_a_card_that_does_not_fit(change: dict[str, object]) -> None:
    with pytest.raises(CheckpointError, match="cannot be built"):
        build(replace(CARD, **change))
