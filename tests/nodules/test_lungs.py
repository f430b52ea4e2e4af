"""Lung masks with networks made by hand: what is kept, what is closed, and when the whole image stands in."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from cxr_studio import roles
from cxr_studio.errors import CheckpointError, GeneratorError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import Checkpoint, read_checkpoint, save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.nodules import lungs
from cxr_studio.nodules.lungs import lung_mask, two_lungs
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph

CARD = Card(
    "lungs", "Tiny lungs", Role.SEGMENT, "fc-densenet", {"stem": 2, "growth": 1, "layers": [1, 1]}, input_side=64
)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    torch.manual_seed(1)
    save_checkpoint(tmp_path / "lungs.safetensors", build(CARD), CARD)
    return read_checkpoint(tmp_path / "lungs.safetensors")


class Dark(nn.Module):
    """Takes dark for lung."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return -image


@pytest.fixture
def dark_is_lung(monkeypatch: pytest.MonkeyPatch, checkpoint: Checkpoint) -> Checkpoint:
    monkeypatch.setattr(lungs, "_network", lambda *_: Dark())
    return checkpoint


def radiograph(*boxes: tuple[int, int, int, int], shape: tuple[int, int] = (200, 160)) -> Radiograph:
    """Bright with dark boxes."""
    stored = np.full(shape, 230, np.uint8)
    for y0, x0, y1, x1 in boxes:
        stored[y0:y1, x0:x1] = 20
    return Radiograph(stored, linear_greyscale(np.dtype(np.uint8), 8))


LEFT, RIGHT = (40, 20, 160, 65), (40, 95, 160, 140)


def test_two_lungs_are_found_at_image_size(dark_is_lung: Checkpoint) -> None:
    image = radiograph(LEFT, RIGHT)
    found = lung_mask(image, checkpoint=dark_is_lung)
    truth = image.stored < 100
    assert found.found
    assert found.parts == 2
    assert found.mask.shape == image.shape
    assert not found.mask.flags.writeable
    assert 2 * (found.mask & truth).sum() / (found.mask.sum() + truth.sum()) > 0.97
    assert "Both lungs take 34 % of the image." in found.words


def test_a_third_region_is_dropped_and_a_small_hole_closed(dark_is_lung: Checkpoint) -> None:
    image = radiograph(LEFT, RIGHT, (170, 60, 198, 100))
    image.stored[90:100, 38:48] = 230
    found = lung_mask(image, checkpoint=dark_is_lung)
    assert found.parts == 2
    assert found.mask[95, 43]
    assert not found.mask[165:].any()


def test_one_lung_is_enough_and_said(dark_is_lung: Checkpoint) -> None:
    found = lung_mask(radiograph(LEFT), checkpoint=dark_is_lung)
    assert found.parts == 1
    assert found.words.startswith("One region")


@pytest.mark.parametrize("boxes", [(), ((0, 0, 200, 160),), ((90, 70, 105, 85),)], ids=["none", "all", "speck"])
def test_the_whole_image_stands_in(dark_is_lung: Checkpoint, boxes: tuple[tuple[int, int, int, int], ...]) -> None:
    found = lung_mask(radiograph(*boxes), checkpoint=dark_is_lung)
    assert not found.found
    assert found.mask.all()
    assert found.words.startswith("No plausible lung")


def test_without_a_network_the_whole_image_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lungs, "find_checkpoints", dict)
    found = lung_mask(radiograph(LEFT, RIGHT))
    assert (found.found, found.parts, found.mask.all()) == (False, 0, True)
    assert "no lung network" in found.words


def test_holes_that_reach_the_border_or_are_large_stay_open() -> None:
    logits = np.full((100, 100), -2.0, np.float32)
    logits[10:90, 10:60] = 2
    logits[30:60, 20:50] = -2
    clean, parts = two_lungs(logits)
    assert parts == 1
    assert (clean[30:60, 20:50] < 0).all()
    assert (clean > 0).sum() == (logits > 0).sum()


def test_a_real_network_answers_alike_twice(checkpoint: Checkpoint) -> None:
    image = radiograph(LEFT, RIGHT)
    first, second = (lungs.lung_logits(image, checkpoint) for _ in range(2))
    assert first.shape == (64, 64)
    np.testing.assert_array_equal(first, second)


def test_a_generator_is_no_lung_network(tmp_path: Path) -> None:
    card = replace(CARD, role=Role.RESTORE, hole_side=CARD.input_side // 2, base="biharmonic")
    save_checkpoint(tmp_path / "other.safetensors", build(CARD), card)
    with pytest.raises(CheckpointError, match="segments nothing"):
        lung_mask(radiograph(LEFT), checkpoint=read_checkpoint(tmp_path / "other.safetensors"))


def test_a_lung_network_is_not_offered_as_a_generator(checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXR_STUDIO_MODELS", str(checkpoint.path.parent))
    assert "lungs" not in [facts.name for facts in roles.offered(Role.RESTORE)]
    assert "lungs" in [facts.name for facts in roles.known()]
    assert roles.look_up("lungs").role is Role.SEGMENT
    with pytest.raises(GeneratorError, match="'lungs' is of role segment, and here one of role restore is needed"):
        roles.find("lungs", Role.RESTORE)
    with pytest.raises(GeneratorError, match="is of role segment, and here one of role restore"):
        roles.find(str(checkpoint.path), Role.RESTORE)
