"""Gated and partial convolution: a training of steps, resuming, one batch learned by heart, what judges see."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from lightning.fabric import Fabric
from safetensors.torch import load_file

from cxr_studio.errors import RecipeError
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.resources import resource
from tests.conftest import draw_phantom
from trainers.__main__ import main
from trainers.reading import read_recipe
from trainers.systems.gated_convolution import GatedTask
from trainers.systems.partial_convolution import PartialTask, _variation

RECIPE = """
name = "tiny-filler"
title = "Tiny"
task = "{task}"
seed = 3

[images]
train = "{folder}/train"
val = "{folder}/val"
patches_per_image = 4

[generator]
architecture = "{task}"
input_side = 32
hole_side = 16
[generator.parameters]
{parameters}

[holes]
square_share = 0.5
bank = 3

[[stages]]
train = ["generator", "discriminator"]
epochs = 2

{loss}
[optimiser]
rate = 0.003

[run]
batch = 2
val_holes = 4
sheet = 3
"""

GATED = ("gated-convolution", "width = 8\nattention = true", "[judge]\nwidth = 4\n")
PARTIAL = ("partial-convolution", "width = 4\ndepth = 3", '[loss]\nstyle = 1.0\nfeatures = "{features}"\n')


@pytest.fixture(params=[GATED, PARTIAL], ids=["gated", "partial"])
def recipe_file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    for name, count in (("train", 3), ("val", 2)):
        (tmp_path / name).mkdir()
        for k in range(count):
            cv2.imwrite(str(tmp_path / name / f"{k}.png"), np.roll(draw_phantom(90, 80), 5 * k + len(name), axis=1))
    task, parameters, loss = request.param
    loss = loss.format(features=Path(resource("checkpoints", "context-encoder.safetensors")).as_posix())
    path = tmp_path / "filler.toml"
    path.write_text(RECIPE.format(task=task, folder=tmp_path.as_posix(), parameters=parameters, loss=loss))
    return path


def run(recipe_file: Path, out: str, *words: str) -> Path:
    folder = recipe_file.parent / out
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu", *words]) == 0
    return folder


def made(recipe_file: Path, *overrides: str) -> GatedTask | PartialTask:
    recipe, text = read_recipe(recipe_file, overrides)
    task = (GatedTask if recipe.task == "gated-convolution" else PartialTask)(recipe, text)
    task.attach(Fabric(accelerator="cpu", devices=1))
    return task


def test_resuming_goes_on_bit_for_bit(recipe_file):
    whole = run(recipe_file, "whole", "--steps", "4")
    parted = run(recipe_file, "parted", "--steps", "2")
    run(recipe_file, "parted", "--steps", "2", "--resume")
    first, second = (load_file(folder / "state.safetensors") for folder in (whole, parted))
    assert first.keys() == second.keys()
    assert all(torch.equal(value, second[key]) for key, value in first.items())
    card = read_checkpoint(sorted((whole / "snapshots").iterdir())[-1]).card
    assert (card.role, card.hole_side, card.base) == (Role.RESTORE, 16, "blank")
    assert card.scores["val_holes"] == 4


def test_one_batch_is_learned_by_heart(recipe_file):
    task = made(recipe_file, "optimiser.rate=0.01")
    batch = task._batches[0]
    name = "l1" if isinstance(task, GatedTask) else "hole"
    errors = [float(task.step(batch, step)[name]) for step in range(60)]
    assert errors[-1] < 0.6 * errors[0]


def test_what_stands_in_the_hole_does_not_matter(recipe_file):
    task = made(recipe_file)
    network = task.shipped()
    batch = task._batches[0]
    other = torch.where(batch.hole > 0, torch.rand_like(batch.image), batch.image)
    assert torch.equal(network(batch.image, batch.hole), network(other, batch.hole))


@pytest.mark.parametrize("recipe_file", [GATED], indirect=True)
def test_the_judge_sees_hole_and_filled_patch(recipe_file):
    task = made(recipe_file)
    assert isinstance(task, GatedTask)
    scene = task._batches[0]
    drawn = task.draw(scene)
    view = task.view("discriminator", scene, drawn)
    assert drawn.shape == (2, 2, 16, 16)
    assert torch.equal(view.real[:, :1], scene.real)
    assert torch.equal(view.drawn[:, 1:], scene.hole)
    differs = view.drawn[:, :1] != scene.real
    assert differs.any()
    assert not differs[scene.hole == 0].any()


def test_variation_counts_neighbours_in_the_region_alone():
    image = torch.arange(16.0).view(1, 1, 4, 4)
    region = torch.zeros(1, 1, 4, 4)
    region[..., 1:3, 1:3] = 1
    assert _variation(image, region).item() == pytest.approx((2 * 4 + 2 * 1) / 12)


@pytest.mark.parametrize("recipe_file", [PARTIAL], indirect=True)
def test_features_have_to_be_named(recipe_file):
    with pytest.raises(RecipeError, match="needs loss"):
        read_recipe(recipe_file, ('loss.features=""',))


@pytest.mark.parametrize("kind", ["gated", "partial"])
@pytest.mark.parametrize("form", ["paper", "compact"])
def test_the_shipped_recipes_are_whole(kind, form):
    recipe, _ = read_recipe(resource("recipes", f"{kind}-convolution-{form}.toml"))
    assert recipe.task == f"{kind}-convolution"
