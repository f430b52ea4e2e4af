"""The texture task: pairs, features, losses, rates, and a training of seconds."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from cxr_studio.errors import RecipeError
from cxr_studio.masks.boxes import bounding_box
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.nodules.texture_network import answers
from cxr_studio.resources import resource
from tests.trainers.texture_recipe import write_texture_recipe
from trainers.__main__ import main
from trainers.batches import Share
from trainers.perceptual import VGG_WIDTHS, ContextFeatures, VggFeatures, load_features, perceptual_loss
from trainers.reading import read_recipe
from trainers.systems.texture import TextureTask


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    return write_texture_recipe(tmp_path)


def test_it_learns_and_ships_a_checkpoint_that_draws(recipe_file):
    folder = recipe_file.parent / "run"
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu"]) == 0
    checkpoint = read_checkpoint(sorted((folder / "snapshots").iterdir())[-1])
    card = checkpoint.card
    assert (card.role, card.steps) == (Role.INSERT, 18)
    assert card.mm_per_pixel > 0
    assert card.scores["val_pairs"] == 4
    assert card.scores["val_masked_psnr_told_db"] > 15
    mask = np.zeros((128, 128), bool)
    mask[56:72, 56:72] = True
    patch = np.zeros((128, 128), np.float32)
    healthy, nodule = answers(checkpoint, "cpu", patch=patch, hole=mask, contrast=0.3 * mask.astype(np.float32))
    assert (nodule - healthy)[mask].mean() > 0.1
    assert cv2.imread(str(next((folder / "sheets").iterdir()))).shape == (3 * 128, 3 * 128, 3)
    assert "Perceptual features: the network 'context-encoder', trained here" in checkpoint.card.data


def test_strict_judges_take_the_place_of_the_papers_own(recipe_file):
    text = recipe_file.read_text() + "\n[judges.fine]\nfield = 16\nwidth = 4\nr1 = 0.1\nr2 = 0.1\n"
    recipe_file.write_text(text)
    folder = recipe_file.parent / "judged"
    words = ["--out", str(folder), "--device", "cpu", "--steps", "2", "--set", "loss.adversarial=0.0"]
    assert main([str(recipe_file), *words]) == 0
    state = (folder / "state.safetensors").read_bytes()
    assert b"module.fine." in state
    assert b"module.discriminator." not in state


def test_batches_are_a_function_of_seed_and_step_and_share(recipe_file):
    task = TextureTask(*read_recipe(recipe_file))
    first, again, other = (task._batches[k] for k in (2, 2, 3))
    assert torch.equal(first.real, again.real)
    assert not torch.equal(first.real, other.real)
    assert first.healthy.shape == first.mask.shape == (4, 1, 128, 128)
    halves = [TextureTask(*read_recipe(recipe_file), share=Share(r, 2))._batches[2] for r in (0, 1)]
    assert torch.equal(halves[0].real, first.real[::2])
    assert torch.equal(halves[1].real, first.real[1::2])
    outside = (first.contrast != 0) & (first.mask == 0)
    assert not outside.any()


def test_both_rates_drop_together(recipe_file):
    task = TextureTask(*read_recipe(recipe_file))
    rates = []
    for task.rate_factor in (1.0, 0.1):
        task.set_rates(0)
        rates += [task.optimisers[name].param_groups[0]["lr"] for name in ("generator", "discriminator")]
    assert rates == pytest.approx([0.003, 0.0015, 0.0003, 0.00015])


def test_one_stage_is_one_reconstruction_term(recipe_file):
    """Where coarse and fine patch are the same, the L1 counts once; with two stages, twice."""
    paper = "generator={architecture='texture', input_side=128, parameters={width=2, stages=STAGES}}"
    found = {}
    for stages in (1, 2):
        task = TextureTask(*read_recipe(recipe_file, (paper.replace("STAGES", str(stages)), "loss.l1=1.0")))
        scene = task._batches[0]
        assert task.draw(scene).shape == (4, stages, 128, 128)
        found[stages] = task.losses(scene, scene.real.repeat(1, stages, 1, 1) + 0.25)["l1"].value.item()
    assert found == pytest.approx({1: 0.25, 2: 0.5})


def test_the_papers_discriminator_is_told_the_box_where_the_generator_is(recipe_file):
    """ "Conditioned on the box masks" holds for both: no silhouette reaches the discriminator then."""
    for box in ("false", "true"):
        task = TextureTask(*read_recipe(recipe_file, (f"generator.parameters.box={box}",)))
        scene = task._batches[0]
        view = task.view("discriminator", scene, scene.real)
        for mask, told in zip(scene.mask[:, 0].numpy() > 0, view.drawn[:, 0].numpy() > 0, strict=True):
            y0, x0, y1, x1 = bounding_box(mask)
            wanted = np.zeros_like(mask)
            wanted[y0:y1, x0:x1] = True
            assert np.array_equal(told, wanted if box == "true" else mask)
        assert torch.equal(view.real[:, :1], view.drawn[:, :1])


def test_the_papers_recipe_is_the_papers():
    recipe, _ = read_recipe(resource("recipes", "texture-paper.toml"))
    assert (recipe.loss.l1, recipe.loss.perceptual, recipe.loss.adversarial, recipe.loss.scale) == (1, 1, 1, "none")
    assert (recipe.optimiser.rate, recipe.optimiser.rate * recipe.convergence.factor) == pytest.approx((1e-4, 1e-5))
    assert (recipe.convergence.drops, recipe.convergence.score) == (1, "val_masked_psnr_db")
    assert (recipe.generator.input_side, recipe.pairs.surroundings, recipe.run.precision) == (256, "real", "32-true")
    assert "converged" in " ".join(recipe.changes)


def test_vgg_features_come_from_a_file_or_are_refused(recipe_file, tmp_path):
    torch.manual_seed(0)
    weights, before, place = {}, 3, 0
    for block in VGG_WIDTHS:
        for width in block:
            weights[f"features.{place}.weight"] = 0.05 * torch.randn(width, before, 3, 3)
            weights[f"features.{place}.bias"] = torch.zeros(width)
            before, place = width, place + 2
        place += 1
    save_file(weights, tmp_path / "vgg.safetensors")
    features = load_features(str(tmp_path / "vgg.safetensors"))
    assert isinstance(features, VggFeatures)
    assert [tuple(f.shape[1:]) for f in features(torch.zeros(1, 1, 32, 32))] == [(64, 16, 16), (128, 8, 8), (256, 4, 4)]
    assert "VGG-16, trained on ImageNet (vgg.safetensors, SHA-256 " in features.words
    assert features.words.endswith("at pool1, pool2, pool3.")
    for name, source, start in (
        ("vgg16", "vgg16-397923af.pth", "397923af8e79"),
        ("vgg19", "vgg19-dcbb9e9d.pth", "dcbb9e9dad56"),
    ):
        wanted = rf"{name}\.safetensors: .* torchvision's ImageNet weights {source} \(SHA-256 {start}"
        with pytest.raises(RecipeError, match=wanted):
            load_features(str(tmp_path / f"{name}.safetensors"))
    (tmp_path / "damaged.safetensors").write_bytes(b"nothing")
    with pytest.raises(RecipeError, match="cannot be read"):
        load_features(str(tmp_path / "damaged.safetensors"))
    with pytest.raises(RecipeError, match="no features"):
        load_features(str(resource("checkpoints", "lungs.safetensors")))
    with pytest.raises(RecipeError, match="needs loss"):
        read_recipe(recipe_file, ('loss.features=""',))


def test_features_trained_here_tell_patches_apart():
    features = load_features(str(resource("checkpoints", "context-encoder.safetensors")))
    assert isinstance(features, ContextFeatures)
    torch.manual_seed(1)
    patch = torch.rand(1, 1, 64, 64) - 0.5
    assert len(features(patch)) == 3
    assert perceptual_loss(features, patch, patch) == 0
    near, far = (perceptual_loss(features, patch + s * torch.randn_like(patch), patch) for s in (0.02, 0.2))
    assert 0 < near < far


def test_the_shipped_recipes_are_whole():
    for name in ("texture-compact.toml", "texture-paper.toml", "texture-adversarial.toml"):
        recipe, _ = read_recipe(resource("recipes", name))
        assert recipe.task == "texture"
