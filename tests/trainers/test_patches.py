"""Batches are a pure function of seed and step."""

from pathlib import Path

import numpy as np
import torch

from trainers.batches import Share
from trainers.hole_shapes import SMALLEST, draw_bank, square
from trainers.image_store import load_images
from trainers.patches import Patches, cut_patch
from trainers.reading import read_recipe
from trainers.recipe import Recipe


def patches(recipe_file: Path, *overrides: str) -> tuple[Patches, Recipe]:
    recipe, _ = read_recipe(recipe_file, overrides)
    return Patches(load_images(recipe.images.train), recipe), recipe


def test_the_same_step_is_the_same_batch(recipe_file: Path) -> None:
    first, _ = patches(recipe_file)
    second, _ = patches(recipe_file)
    assert torch.equal(first[3].real, second[3].real)
    assert torch.equal(first[3].hole, second[3].hole)
    assert not torch.equal(first[3].real, first[4].real)


def test_only_the_hole_is_filled(recipe_file: Path) -> None:
    batch = patches(recipe_file)[0][0]
    known = batch.hole == 0
    assert torch.equal(batch.real[known], batch.image[known])
    assert not torch.equal(batch.real[~known], batch.image[~known])
    assert batch.real.shape == (2, 1, 32, 32)
    assert batch.real.abs().max() <= 1.2


def test_a_blank_base_leaves_grey_in_the_hole(recipe_file: Path) -> None:
    batch = patches(recipe_file, 'generator.base="blank"')[0][0]
    assert (batch.image[batch.hole > 0] == 0).all()


def test_processes_share_a_batch(recipe_file: Path) -> None:
    recipe, _ = read_recipe(recipe_file, ("run.batch=4",))
    images = load_images(recipe.images.train)
    whole = Patches(images, recipe)[2].real
    parts = [Patches(images, recipe, share=Share(r, 2))[2].real for r in range(2)]
    assert torch.equal(torch.cat([whole[0::2], whole[1::2]]), torch.cat(parts))


def test_whole_image_mode(recipe_file: Path) -> None:
    dataset, _recipe = patches(recipe_file, 'images.mode="whole"', "images.flip=false", "run.batch=1")
    assert dataset.steps_per_epoch == len(dataset.images)
    expected = [cut_patch(im, (80, 80), side=32, zoom=0.2) for im in dataset.images]
    assert any(np.abs(dataset[0].real[0, 0].numpy() - patch).max() < 0.02 for patch in expected)


def test_patches_stay_inside_the_image() -> None:
    image = np.arange(100, dtype=np.uint8)[None].repeat(100, axis=0)
    assert cut_patch(image, (0, 99), side=32).shape == (32, 32)
    assert cut_patch(image, (50, 50), side=32, zoom=0.1).shape == (32, 32)
    np.testing.assert_allclose(cut_patch(image, (50, 50), side=32)[0], np.arange(34, 66) / 127.5 - 1, atol=1e-6)


def test_the_bank_is_seeded_and_inside_the_square() -> None:
    first = draw_bank(6, seed=1, input_side=32, hole_side=16)
    second = draw_bank(6, seed=1, input_side=32, hole_side=16)
    centre = square(32, 16).mask
    for one, two in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.mask, two.mask)
        assert one.mask.sum() >= SMALLEST
        assert not (one.mask & ~centre).any()
