"""The lung task: pairs, their changes, the split, the loss, and a training of seconds."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from cxr_studio.errors import RecipeError
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.networks.registry import load_network
from cxr_studio.resources import resource
from trainers.__main__ import main
from trainers.lung_pairs import Augmentation, LungPairs, Pair, changed, load_pairs
from trainers.reading import read_recipe
from trainers.systems.lungs import dice, segment_loss

RECIPE = """
name = "lungs"
title = "Tiny lungs"
task = "lungs"
seed = 3
epochs = 30
dropout = 0.0

[images]
images = "{folder}/images"
masks = "{folder}/masks"
held_out = ["4", "5"]

[network]
architecture = "fc-densenet"
input_side = 32
[network.parameters]
stem = 6
growth = 4
layers = [1, 1, 1]

[augmentation]
flip = 0.5
shift = 0.05
noise = 0.02

[optimiser]
rate = 0.01

[run]
batch = 4
average = 0.8
sheet = 2
"""


def write_recipe(folder: Path) -> Path:
    """Write a recipe and what it is trained on."""
    rng = np.random.default_rng(1)
    for name in ("images", "masks"):
        (folder / name).mkdir()
    for k in range(6):
        mask = np.zeros((70, 80), np.uint8)
        for x in (22, 58):
            cv2.ellipse(mask, (x + int(rng.integers(-3, 4)), 34), (10, 20), 0, 0, 360, 255, -1)
        image = np.where(mask > 0, 60, 180) + rng.normal(0, 8, mask.shape)
        cv2.imwrite(str(folder / "images" / f"{k}.png"), np.clip(image, 0, 255).astype(np.uint8))
        cv2.imwrite(str(folder / "masks" / f"{k}.png"), mask)
    path = folder / "lungs.toml"
    path.write_text(RECIPE.format(folder=folder.as_posix()))
    return path


@pytest.fixture
def lungs_file(tmp_path: Path) -> Path:
    return write_recipe(tmp_path)


def train(lungs_file: Path, out: str, *arguments: str) -> Path:
    folder = lungs_file.parent / out
    assert main([str(lungs_file), "--out", str(folder), "--device", "cpu", *arguments]) == 0
    return folder


def test_it_learns_and_ships_a_segmenting_checkpoint(lungs_file: Path) -> None:
    folder = train(lungs_file, "run")
    checkpoint = read_checkpoint(folder / "snapshots" / "step-0000030.safetensors")
    card = checkpoint.card
    assert (card.role, card.hole_side, card.input_side) == (Role.SEGMENT, 0, 32)
    assert card.scores["val_dice"] > 0.9
    assert card.scores["val_radiographs"] == 2
    assert card.weights_count == sum(p.numel() for p in load_network(checkpoint).parameters())
    assert card.gflop > 0
    sheet = cv2.imread(str(folder / "sheets" / "step-0000030.png"))
    assert sheet.shape == (32, 5 * 32, 3)


def test_resuming_goes_on_bit_for_bit(lungs_file: Path) -> None:
    from safetensors.torch import load_file

    whole = load_file(train(lungs_file, "whole", "--steps", "6", "--set", "dropout=0.3") / "state.safetensors")
    train(lungs_file, "halves", "--steps", "2", "--set", "dropout=0.3")
    halves = load_file(
        train(lungs_file, "halves", "--steps", "4", "--resume", "--set", "dropout=0.3") / "state.safetensors"
    )
    assert all(torch.equal(whole[key], halves[key]) for key in whole)


def test_the_split_is_by_name_and_an_epoch_shows_every_pair(lungs_file: Path) -> None:
    recipe, _ = read_recipe(lungs_file)
    learned, held_out = load_pairs(recipe.images, 32)
    assert (len(learned), len(held_out)) == (4, 2)
    batches = LungPairs(learned, recipe)
    assert (batches.steps_per_epoch, len(batches)) == (1, 30)
    again = LungPairs(learned, recipe)[7]
    assert torch.equal(batches[7].image, again.image)
    assert not torch.equal(batches[7].image, batches[8].image)


def test_left_out_pairs_are_on_neither_side(lungs_file: Path) -> None:
    recipe, _ = read_recipe(lungs_file, ("images.left_out=['0', '1']",))
    assert [len(side) for side in load_pairs(recipe.images, 32)] == [2, 2]


def test_missing_held_out_names_and_masks_are_told(lungs_file: Path) -> None:
    recipe, _ = read_recipe(lungs_file, ("images.held_out=['4', '9']",))
    with pytest.raises(RecipeError, match="missing: 9"):
        load_pairs(recipe.images, 32)
    (lungs_file.parent / "masks" / "2.png").unlink()
    recipe, _ = read_recipe(lungs_file)
    with pytest.raises(RecipeError, match=r"mask of 2\.png"):
        load_pairs(recipe.images, 32)


def test_without_augmentation_a_pair_stays_as_it_is() -> None:
    rng = np.random.default_rng(0)
    image, lungs = (rng.integers(0, 256, (24, 24)).astype(np.uint8) for _ in range(2))
    grey, mask = changed(rng, Pair(image, lungs), Augmentation())
    np.testing.assert_allclose(grey, image / 127.5 - 1, atol=0.01)
    np.testing.assert_allclose(mask, lungs / 255, atol=0.01)


def test_image_and_mask_move_together() -> None:
    """A pair whose image is its mask stays one under every change of place."""
    lungs = np.zeros((64, 64), np.uint8)
    cv2.ellipse(lungs, (24, 30), (9, 16), 20, 0, 360, 255, -1)
    by = Augmentation(flip=0.5, rotation=20, scale=(0.7, 1.2), stretch=1.2, shear=0.1, shift=0.1, elastic=0.02)
    for seed in range(8):
        grey, mask = changed(np.random.default_rng(seed), Pair(lungs, lungs), by)
        np.testing.assert_allclose(grey / 2 + 0.5, mask, atol=0.01)
        assert 200 < mask.sum() < 900


def test_every_change_of_grey_stays_in_range() -> None:
    image = np.random.default_rng(0).integers(0, 256, (32, 32)).astype(np.uint8)
    by = Augmentation(gamma=(0.5, 2), contrast=(0.5, 2), brightness=0.3, shading=0.3, noise=0.2, occlusion=1.0)
    for seed in range(8):
        grey, mask = changed(np.random.default_rng(seed), Pair(image, image), by)
        assert grey.dtype == mask.dtype == np.float32
        assert grey.min() >= -1
        assert grey.max() <= 1


def test_loss_and_dice_at_their_ends(lungs_file: Path) -> None:
    recipe, _ = read_recipe(lungs_file)
    truth = torch.zeros(2, 1, 8, 8)
    truth[..., :4] = 1
    right, parts = segment_loss(40 * truth - 20, truth, recipe=recipe)
    wrong, _ = segment_loss(20 - 40 * truth, truth, recipe=recipe)
    assert right < 1e-3 < 1 < wrong
    assert set(parts) == {"dice_loss", "cross_entropy"}
    half = truth[0, 0].numpy() > 0
    assert dice(half, half) == 1
    assert dice(half, ~half) == 0
    assert dice(half, np.ones_like(half)) == pytest.approx(2 / 3)
    assert dice(half & False, half & False) == 1


def test_an_unknown_task_is_told(lungs_file: Path) -> None:
    with pytest.raises(RecipeError, match="Choose one of context-encoder, "):
        read_recipe(lungs_file, ("task='hearts'",))


@pytest.mark.parametrize("name", ["lungs-compact", "lungs-paper"])
def test_bundled_recipes_hold_out_the_same_thirteen(name: str) -> None:
    images = read_recipe(resource("recipes", f"{name}.toml"))[0].images
    assert len(set(images.held_out)) == 13
    assert len(set(images.left_out)) == 11
    assert not set(images.held_out) & set(images.left_out)
