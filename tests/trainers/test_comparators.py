"""Comparators that fill holes: their cards and recipes, and what judges see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from lightning.fabric import Fabric

from cxr_studio.errors import RecipeError
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.resources import resource
from tests.conftest import draw_phantom
from trainers.__main__ import main
from trainers.finding import find_system
from trainers.reading import read_recipe
from trainers.systems.gated_convolution import GatedTask
from trainers.systems.partial_convolution import _variation
from trainers.task import Task

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

{stages}
{loss}
[optimiser]
rate = 0.003

[run]
batch = 2
val_holes = 4
sheet = 3
"""

STAGES = """
[[stages]]
train = [{names}]
epochs = {epochs}
{more}
"""
ONE = STAGES.format(names='"generator", "discriminator"', epochs=2, more="")
BOTH = '"generator", "edges", "image"'
EDGES = STAGES.format(names=BOTH, epochs=1, more='edges = "true"') + STAGES.format(
    names=BOTH, epochs=1, more='edges = "drawn"\nfactor = 0.1'
)
STILL = ONE.replace("epochs = 2", "epochs = 1") + ONE.replace("epochs = 2", "epochs = 1\nstill = true")

GATED = ("gated-convolution", "width = 8\nattention = true", ONE, "[judge]\nwidth = 4\n")
FEATURES = '[loss]\nstyle = 1.0\nfeatures = "{features}"\n'
PARTIAL = ("partial-convolution", "width = 4\ndepth = 3", ONE, FEATURES)
JUDGES = "[judges.edges]\nfield = 16\nwidth = 4\nfeatures = 1.0\n[judges.image]\nfield = 16\nwidth = 4\n"
EDGE = ("edge-connect", "width = 4\nblocks = 1", EDGES, FEATURES + JUDGES)
CTSDG = ("ctsdg", "width = 4\ndepth = 3", STILL, FEATURES + "[judge]\nwidth = 4\n[judge.optimiser]\nrate = 1e-4\n")
ALL, IDS = [GATED, PARTIAL, EDGE, CTSDG], ["gated", "partial", "edge-connect", "ctsdg"]


def write_recipe(folder: Path, kind: tuple[str, str, str, str]) -> Path:
    """Write a recipe and what it is trained on."""
    for name, count in (("train", 3), ("val", 2)):
        (folder / name).mkdir()
        for k in range(count):
            cv2.imwrite(str(folder / name / f"{k}.png"), np.roll(draw_phantom(90, 80), 5 * k + len(name), axis=1))
    task, parameters, stages, loss = kind
    loss = loss.format(features=Path(resource("checkpoints", "context-encoder.safetensors")).as_posix())
    path = folder / "filler.toml"
    parts = {"task": task, "parameters": parameters, "stages": stages, "loss": loss}
    path.write_text(RECIPE.format(folder=folder.as_posix(), **parts))
    return path


@pytest.fixture(params=ALL, ids=IDS)
def recipe_file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return write_recipe(tmp_path, request.param)


def run(recipe_file: Path, out: str, *words: str) -> Path:
    folder = recipe_file.parent / out
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu", *words]) == 0
    return folder


def made(recipe_file: Path, *overrides: str) -> Task[Any, Any]:
    recipe, text = read_recipe(recipe_file, overrides)
    task = find_system(recipe.task).task(recipe, text)
    task.attach(Fabric(accelerator="cpu", devices=1))
    return task


def test_a_snapshot_fills_holes(recipe_file):
    folder = run(recipe_file, "run", "--steps", "1")
    card = read_checkpoint(sorted((folder / "snapshots").iterdir())[-1]).card
    assert (card.role, card.hole_side, card.base) == (Role.RESTORE, 16, "blank")
    assert card.scores["val_holes"] == 4


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


@pytest.mark.parametrize("recipe_file", [EDGE], indirect=True)
def test_the_second_network_is_given_the_edges_that_the_stage_names(recipe_file):
    task = made(recipe_file)
    scene = task._batches[0]
    task.networks["generator"].eval()
    given = task.draw(scene)
    assert given.shape == (2, 2, 32, 32)
    assert 0 <= given[:, 0].min() <= given[:, 0].max() <= 1
    other = replace(scene, edges=torch.where(scene.hole > 0, 1 - scene.edges, scene.edges))
    changed = (task.draw(other) != given).flatten(2).any(dim=2)
    assert changed.tolist() == [[False, True]] * 2
    task.given = False
    assert torch.equal(task.draw(other), task.draw(scene))
    task.networks["generator"].train()
    for step, (stage, rate) in {0: (True, 0.003), 7: (False, 0.0003)}.items():
        task.step(scene, step)
        assert (task.given, task.optimisers["generator"].param_groups[0]["lr"]) == (stage, pytest.approx(rate))


@pytest.mark.parametrize("recipe_file", [EDGE], indirect=True)
def test_judges_see_edges_beside_grey_and_the_image(recipe_file):
    task = made(recipe_file)
    scene = task._batches[0]
    drawn = task.draw(scene)
    edges, image = task.view("edges", scene, drawn), task.view("image", scene, drawn)
    assert torch.equal(edges.real, torch.cat([scene.real, scene.edges], dim=1))
    assert torch.equal(edges.drawn, torch.cat([scene.real, drawn[:, :1]], dim=1))
    assert torch.equal(image.drawn, drawn[:, 1:])
    assert scene.edges.unique().tolist() == [0, 1]


@pytest.mark.parametrize("recipe_file", [CTSDG], indirect=True)
def test_statistics_stand_still_where_the_stage_says_so(recipe_file):
    task = made(recipe_file)
    norm = task.bare("generator").texture.down_norm[0]
    seen = []
    for step in (0, 7):
        before = norm.running_mean.clone()
        task.step(task._batches[step], step)
        seen.append(torch.equal(before, norm.running_mean))
    assert seen == [False, True]


@pytest.mark.parametrize("recipe_file", [CTSDG], indirect=True)
def test_the_judge_finds_edges_itself_in_what_was_drawn(recipe_file):
    task = made(recipe_file)
    scene = task._batches[0]
    view = task.view("discriminator", scene, task.draw(scene))
    judge = task.networks["discriminator"].eval()
    for seen, matters in ((view.real, True), (view.drawn, False)):
        other = seen.clone()
        other[:, 2] = 1 - other[:, 2]
        assert torch.equal(judge(seen).score, judge(other).score) is not matters
    assert judge(view.drawn).features[0].shape == scene.real.shape


@pytest.mark.parametrize("recipe_file", [PARTIAL, EDGE, CTSDG], indirect=True)
def test_features_have_to_be_named(recipe_file):
    with pytest.raises(RecipeError, match="needs loss"):
        read_recipe(recipe_file, ('loss.features=""',))


@pytest.mark.parametrize("task", ["gated-convolution", "partial-convolution", "edge-connect", "ctsdg"])
@pytest.mark.parametrize("form", ["paper", "compact"])
def test_the_shipped_recipes_are_whole(task, form):
    recipe, _ = read_recipe(resource("recipes", f"{task}-{form}.toml"))
    assert recipe.task == task
