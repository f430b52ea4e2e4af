"""MedGAN, ip-MedGAN and ipA-MedGAN: regions, what judges see, resuming."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from lightning.fabric import Fabric
from safetensors.torch import load_file

from cxr_studio.errors import RecipeError
from cxr_studio.masks.region_bank import draw_regions, random_square
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.resources import resource
from tests.conftest import draw_phantom
from trainers.__main__ import main
from trainers.reading import read_recipe
from trainers.systems.medgan import MedGanTask

RECIPE = """
name = "tiny-repair"
title = "Tiny"
task = "medgan"
seed = 3
epochs = 6

[images]
train = "{folder}/train"
val = "{folder}/val"

[regions]
bank = 4
test_bank = 2

[generator]
architecture = "ipa-medgan"
input_side = 64
[generator.parameters]
sizes = [4, 6]
block = 2

[loss]
l1 = 20.0
hole = 1.0
style = 1.0
style_taps = ["half"]
content = 1.0
content_taps = ["eighth"]
features = "{features}"

[judges.global]
field = 16
width = 4
norm = "batch"
loss = "non-saturating"

[judges.patch]
field = 16
width = 4
norm = "instance"
loss = "non-saturating"
features = 1.0
scale = "none"

[optimiser]
rate = 0.003

[run]
batch = 2
val_images = 2
sheet = 2
"""

IP = (
    'generator={architecture="pix2pix", input_side=64, parameters={width=4, depth=4}}',
    'regions={kind="squares", side=16}',
    "local_side=32",
    "judges={global={field=16, width=4}, local={field=16, width=4}}",
    "generator_every=2",
)
MED = ('generator={architecture="medgan", input_side=64, parameters={nets=2, width=4, depth=3, block=2}}',)


def write_recipe(folder: Path) -> Path:
    """Write a recipe and what it is trained on."""
    for name, count in (("train", 4), ("val", 2)):
        (folder / name).mkdir()
        for k in range(count):
            image = np.roll(draw_phantom(140, 130), 5 * k + len(name), axis=1)
            cv2.imwrite(str(folder / name / f"{k}.png"), image)
    path = folder / "repair.toml"
    features = Path(resource("checkpoints", "context-encoder.safetensors")).as_posix()
    path.write_text(RECIPE.format(folder=folder.as_posix(), features=features))
    return path


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    return write_recipe(tmp_path)


def run(recipe_file: Path, out: str, *words: str) -> Path:
    folder = recipe_file.parent / out
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu", *words]) == 0
    return folder


@pytest.mark.parametrize("overrides", [IP, MED], ids=["ip", "medgan"])
def test_resuming_goes_on_bit_for_bit(recipe_file, overrides):
    words = [word for override in overrides for word in ("--set", override)]
    whole = run(recipe_file, "whole", "--steps", "4", *words)
    parted = run(recipe_file, "parted", "--steps", "2", *words)
    run(recipe_file, "parted", "--steps", "2", "--resume", *words)
    first, second = (load_file(folder / "state.safetensors") for folder in (whole, parted))
    assert first.keys() == second.keys()
    assert all(torch.equal(value, second[key]) for key, value in first.items())


def test_it_ships_a_checkpoint_with_its_figures(recipe_file):
    folder = run(recipe_file, "run")
    card = read_checkpoint(sorted((folder / "snapshots").iterdir())[-1]).card
    assert (card.role, card.steps) == (Role.TRANSLATE, 12)
    assert card.scores["val_images"] == 2
    assert card.scores["val_masked_harmonic_psnr_db"] > 20
    assert 0 < card.scores["val_ssim"] < 1
    assert cv2.imread(str(next((folder / "sheets").iterdir()))).shape == (4 * 64, 2 * 64, 3)


def test_the_judges_join_after_the_epochs_that_the_recipe_says(recipe_file):
    task = MedGanTask(*read_recipe(recipe_file, ("judged_from=1.0",)))
    task.attach(Fabric(accelerator="cpu", devices=1))
    alone, together = task.step(next(iter(task.batches(0, 1))), 0), task.step(next(iter(task.batches(2, 3))), 2)
    assert task.steps_per_epoch == 2
    assert not any(name.startswith(("global", "patch")) for name in alone)
    assert {"global_loss", "patch_loss", "global_adversarial"} <= together.keys()


def test_the_region_is_black_in_the_source_and_judges_see_both(recipe_file):
    task = MedGanTask(*read_recipe(recipe_file, IP))
    scene = task._batches[0]
    assert (scene.seen[scene.hole > 0] == -1).all()
    assert torch.equal(scene.seen[scene.hole == 0], scene.real[scene.hole == 0])
    view = task.view("global", scene, scene.real)
    assert torch.equal(view.real, view.drawn)
    assert torch.equal(view.real[:, :1], scene.seen)
    around = task.view("local", scene, scene.real).real
    assert around.shape == (2, 2, 32, 32)
    assert ((around[:, 0] == -1).sum(dim=(1, 2)) >= 16 * 16).all()


def test_the_generator_waits_for_the_judges(recipe_file):
    task = MedGanTask(*read_recipe(recipe_file, IP))
    assert ["generator" in task.turn(step).learns for step in range(4)] == [True, False, True, False]
    assert all({"global", "local"} <= task.turn(step).learns for step in range(4))


def test_regions_have_the_papers_areas_and_are_the_same_for_a_seed():
    bank = draw_regions(20, seed=1, side=256, areas=(0.0136, 0.0546))
    shares = [mask.mean() for mask in bank]
    assert 0.0136 <= min(shares) < 0.025
    assert 0.04 < max(shares) <= 0.0546
    again, other = (draw_regions(20, seed=seed, side=256, areas=(0.0136, 0.0546)) for seed in (1, 2))
    assert all((a == b).all() for a, b in zip(bank, again, strict=True))
    assert not all((a == b).all() for a, b in zip(bank, other, strict=True))
    rows, columns = np.nonzero(random_square(np.random.default_rng(1), 64, 256))
    assert len(rows) == 64 * 64
    assert (np.ptp(rows), np.ptp(columns)) == (63, 63)


def test_faults_are_named(recipe_file):
    with pytest.raises(RecipeError, match="needs loss"):
        read_recipe(recipe_file, ('loss.features=""',))
    with pytest.raises(RecipeError, match="shares of the image"):
        read_recipe(recipe_file, ("regions.areas=[0.1, 1.5]",))


@pytest.mark.parametrize(
    "name",
    [
        *("ipa-medgan-paper", "medgan-paper", "ip-medgan-paper", "pix2pix-regions-paper"),
        *("ipa-medgan-compact", "medgan-compact", "ip-medgan-compact"),
    ],
)
def test_the_shipped_recipes_are_whole(name):
    recipe, _ = read_recipe(resource("recipes", f"{name}.toml"))
    assert recipe.task == "medgan"
    assert recipe.regions.bank == 100
