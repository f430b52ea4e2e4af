"""StarGAN: labels, lessons of the judge, what it ships."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from lightning.fabric import Fabric

from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import RecipeError
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.resources import resource
from tests.conftest import draw_phantom
from trainers.__main__ import main
from trainers.batches import Share
from trainers.labelled_images import load_labelled
from trainers.reading import read_recipe
from trainers.stargan_judge import StarGanJudge
from trainers.systems.stargan import StarGanTask

RECIPE = """
name = "tiny-labels"
title = "Tiny"
task = "stargan"
seed = 3
epochs = 3
generator_every = 2

[healthy]
train = "{folder}/train"
val = "{folder}/val"

[labelled]
images = "{folder}/sick"
labels = ["Mass", "Effusion"]
boxes = "{folder}/boxes.csv"

[generator]
architecture = "stargan"
input_side = 32
[generator.parameters]
labels = 2
width = 4
blocks = 1

[judge]
width = 4
layers = 3

[optimiser]
rate = 0.001

[run]
batch = 2
sheet = 2
"""


def write_recipe(folder: Path) -> Path:
    """Write a recipe and what it is trained on."""
    patients = [f"{k:08d}" for k in range(1, 40)]
    chosen = [p for p in patients if split_of(p) == "train"][:3] + [p for p in patients if split_of(p) == "val"][:2]
    lines = ["image,finding,x,y,width,height"]
    (folder / "sick").mkdir()
    for k, patient in enumerate(chosen):
        cv2.imwrite(str(folder / "sick" / f"{patient}_000.png"), np.roll(draw_phantom(64, 64), 3 * k, axis=1))
        lines += [f"{patient}_000.png,{finding},1,1,5,5" for finding in ("Mass", "Effusion", "Nodule")[k % 2 :]]
    (folder / "boxes.csv").write_text("\n".join(lines))
    for name, count in (("train", 3), ("val", 2)):
        (folder / name).mkdir()
        for k in range(count):
            cv2.imwrite(str(folder / name / f"{k}.png"), np.roll(draw_phantom(70, 65), 5 * k + len(name), axis=1))
    path = folder / "labels.toml"
    path.write_text(RECIPE.format(folder=folder.as_posix()))
    return path


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    return write_recipe(tmp_path)


def run(recipe_file: Path, out: str, *words: str) -> Path:
    folder = recipe_file.parent / out
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu", *words]) == 0
    return folder


def test_it_ships_a_checkpoint_with_its_figures(recipe_file):
    whole = run(recipe_file, "run", "--steps", "4")
    card = read_checkpoint(sorted((whole / "snapshots").iterdir())[-1]).card
    assert card.role is Role.TRANSLATE
    assert card.scores["val_change_greys"] > 0
    assert cv2.imread(str(next((whole / "sheets").iterdir()))).shape == (4 * 32, 2 * 32, 3)


def test_the_penalty_is_taken_in_a_training_in_bfloat16_too(recipe_file):
    command = [str(recipe_file), "--device", "cpu", "--dry-run", "--set", "run.precision='bf16-mixed'"]
    assert main(command) == 0


def test_the_generator_waits_and_the_judge_has_its_lessons(recipe_file):
    task = StarGanTask(*read_recipe(recipe_file))
    task.attach(Fabric(accelerator="cpu", devices=1, precision="bf16-mixed"))
    assert ["generator" in task.turn(step).learns for step in range(4)] == [False, True, False, True]
    figures = task.step(task._batches[0], 0)
    assert {"discriminator_penalty", "discriminator_real_classes"} <= figures.keys()
    assert "cycle" not in figures


def test_the_penalty_of_two_processes_is_that_of_one(recipe_file):
    def first(share: Share) -> dict[str, float]:
        task = StarGanTask(*read_recipe(recipe_file), share=share)
        task.attach(Fabric(accelerator="cpu", devices=1))
        return {name: float(value) for name, value in task.step(task._batches[0], 0).items()}

    alone, parts = first(Share()), [first(Share(rank, 2)) for rank in (0, 1)]
    assert alone["discriminator_penalty"] > 0
    for name, value in alone.items():
        assert sum(part[name] for part in parts) / 2 == pytest.approx(value, rel=1e-4), name


def test_labels_are_those_of_the_list_and_patients_are_parted(recipe_file):
    recipe, _ = read_recipe(recipe_file)
    train, val = load_labelled(recipe.labelled, recipe.healthy, 32)
    assert [tuple(one.labels) for one in train] == [(1, 1), (0, 1), (1, 1), (0, 0), (0, 0), (0, 0)]
    assert [tuple(one.labels) for one in val] == [(0, 1), (1, 1), (0, 0), (0, 0)]
    alone = recipe.labelled.model_copy(update={"boxes": ""})
    assert tuple(load_labelled(alone, recipe.healthy, 32)[0][0].labels) == (1, 0)


def test_a_network_of_other_labels_is_refused(recipe_file):
    with pytest.raises(RecipeError, match="other labels"):
        StarGanTask(*read_recipe(recipe_file, ("generator.parameters.labels=3",)))


def test_the_papers_judge():
    with torch.device("meta"):
        judge = StarGanJudge(labels=6, side=256)
    assert sum(p.numel() for p in judge.parameters()) == pytest.approx(44.8e6, rel=0.02)
    found = StarGanJudge(labels=2, side=128, width=2, layers=6)(torch.zeros(1, 1, 128, 128))
    assert (found.score.shape, found.features[0].shape) == ((1, 1, 2, 2), (1, 2, 1, 1))


@pytest.mark.parametrize("name", ["stargan-paper", "stargan-compact"])
def test_the_shipped_recipes_are_whole(name):
    recipe, _ = read_recipe(resource("recipes", f"{name}.toml"))
    assert recipe.labelled.labels == ("Pneumonia",)
