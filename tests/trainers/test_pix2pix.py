"""Pix2Pix and Pix2Pix-N: boxes, what is pasted, a training of seconds, resuming, one batch learned by heart."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import RecipeError
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.networks.registry import load_network
from cxr_studio.networks.square import square
from cxr_studio.resources import resource
from tests.conftest import draw_phantom
from trainers.__main__ import main
from trainers.boxed_images import Augmentation, box_plane, changed, load_boxed
from trainers.gan import View
from trainers.reading import read_recipe
from trainers.systems.pix2pix import Pix2PixTask

RECIPE = """
name = "tiny-surround"
title = "Tiny"
task = "pix2pix"
seed = 3
epochs = 4

[boxed]
images = "{folder}/boxed"
boxes = "{folder}/boxes.csv"
listed_side = 256

[healthy]
train = "{folder}/train"
val = "{folder}/val"
share = 0.5

[generator]
architecture = "compact-pix2pix"
input_side = 64
[generator.parameters]
widths = [4, 6, 8]
fine = 4
components = 3

[loss]
l1 = 4.0
draft = 2.0

[judges.wide]
field = 16
width = 4
r1 = 0.1
r2 = 0.1
penalty_every = 2
features = 0.1

[optimiser]
rate = 0.003

[run]
batch = 2
average = 0.5
val_images = 4
sheet = 2
"""

PAPER = (
    'generator={architecture="pix2pix", input_side=64, parameters={width=4, depth=4}}',
    'judges={paper={field=16, width=4, norm="batch", loss="non-saturating"}}',
    "loss={l1=100.0}",
    "normal_start=true",
    "run.batch=1",
)


def write_recipe(folder: Path) -> Path:
    """Write a recipe and what it is trained on."""
    patients = [f"{k:08d}" for k in range(1, 40)]
    chosen = [p for p in patients if split_of(p) == "train"][:4] + [p for p in patients if split_of(p) == "val"][:2]
    lines = ["Image Index,Finding Label,Bbox [x,y,w,h],,,"]
    (folder / "boxed").mkdir()
    for k, patient in enumerate(chosen):
        cv2.imwrite(str(folder / "boxed" / f"{patient}_000.png"), np.roll(draw_phantom(128, 128), 3 * k, axis=1))
        lines += [f"{patient}_000.png,Pneumonia,{60 + 10 * k},80,64,72,,,"]
        lines += [f"{patient}_000.png,Nodule,60,80,64,72,,,"]
    (folder / "boxes.csv").write_text("\n".join(lines))
    for name, count in (("train", 3), ("val", 2)):
        (folder / name).mkdir()
        for k in range(count):
            image = np.roll(draw_phantom(140, 130), 5 * k + len(name), axis=1)
            cv2.imwrite(str(folder / name / f"{k}.png"), image)
    path = folder / "surround.toml"
    path.write_text(RECIPE.format(folder=folder.as_posix()))
    return path


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    return write_recipe(tmp_path)


def run(recipe_file: Path, out: str, *words: str) -> Path:
    folder = recipe_file.parent / out
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu", *words]) == 0
    return folder


def changes(*overrides: str) -> list[str]:
    return [word for override in overrides for word in ("--set", override)]


def test_it_learns_and_ships_a_checkpoint_that_keeps_the_box(recipe_file):
    folder = run(recipe_file, "run")
    checkpoint = read_checkpoint(sorted((folder / "snapshots").iterdir())[-1])
    card = checkpoint.card
    assert (card.role, card.stochastic, card.steps) == (Role.SURROUND, True, 12)
    assert card.scores["val_boxes"] == 4
    assert np.isfinite(list(card.scores.values())).all()
    assert cv2.imread(str(next((folder / "sheets").iterdir()))).shape == (5 * 64, 2 * 64, 3)
    network = load_network(checkpoint)
    image, box = torch.rand(1, 1, 64, 64) * 2 - 1, torch.zeros(1, 1, 64, 64)
    box[..., 20:40, 10:30] = 1
    draws = [network(image, box, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1])
    assert (draws[0] - draws[2]).abs().mean() > 0.01
    elsewhere = torch.where(box > 0, image, torch.rand_like(image))
    assert torch.equal(network(elsewhere, box, torch.Generator().manual_seed(1)), draws[0])


def test_the_papers_preset_resumes_bit_for_bit(recipe_file):
    words = changes(*PAPER)
    whole = run(recipe_file, "whole", "--steps", "6", *words)
    parted = run(recipe_file, "parted", "--steps", "3", *words)
    run(recipe_file, "parted", "--steps", "3", "--resume", *words)
    first, second = (load_file(folder / "state.safetensors") for folder in (whole, parted))
    assert first.keys() == second.keys()
    assert all(torch.equal(value, second[key]) for key, value in first.items())


def _fabric():
    from lightning.fabric import Fabric

    return Fabric(accelerator="cpu", devices=1)


def test_what_is_drawn_keeps_the_boxes_pixels_bit_for_bit(recipe_file):
    task = Pix2PixTask(*read_recipe(recipe_file))
    batch = task._batches[0]
    scene = task.prepare(batch)
    drawn = task.draw(scene)
    inside = batch.box.repeat(2, 1, 1, 1) > 0
    assert torch.equal(drawn[inside], batch.real.repeat(2, 1, 1, 1)[inside])
    assert (drawn != batch.real.repeat(2, 1, 1, 1))[~inside].float().mean() > 0.9
    assert torch.equal(batch.seen[batch.box > 0], ((batch.real + 1) - 1)[batch.box > 0])
    assert (batch.seen[batch.box == 0] == -1).all()


def test_the_papers_judge_sees_source_and_image(recipe_file):
    task = Pix2PixTask(*read_recipe(recipe_file, PAPER))
    scene = task.prepare(task._batches[0])
    view = task.view("paper", scene, task.draw(scene))
    assert isinstance(view, View)
    assert torch.equal(view.real[:, :1], scene.batch.seen)
    assert torch.equal(view.real[:, 1:], scene.batch.real)
    assert torch.equal(view.drawn[:, :1], scene.batch.seen)


def test_boxes_are_split_by_patient_and_scaled(recipe_file):
    recipe, _ = read_recipe(recipe_file)
    train, val = load_boxed(recipe.boxed, 64)
    assert (len(train), len(val)) == (4, 2)
    assert {one.finding for one in train} == {"Pneumonia"}
    assert train[0].extent == pytest.approx((29.0, 23.0, 18.0, 16.0))
    assert train[0].image.shape == (64, 64)
    with pytest.raises(RecipeError, match="have a box of Effusion; at least one"):
        load_boxed(recipe.boxed.model_copy(update={"findings": ("Effusion",)}), 64)


def test_radiograph_and_box_change_together():
    image = np.zeros((96, 96), np.uint8)
    image[30:42, 50:70] = 255
    augmentation = Augmentation(turn=0, zoom=(1.3, 1.3), flip=True)
    for seed in range(8):
        grey, box = changed(np.random.default_rng(seed), image, (36, 60, 12, 20), augmentation)
        overlap = ((grey > 0) & (box > 0)).sum() / ((grey > 0) | (box > 0)).sum()
        assert overlap > 0.8, seed


def test_a_box_beyond_the_edge_is_cut():
    plane = box_plane((2.0, 95.0, 10.0, 10.0), 96)
    assert plane[:7, 90:].all()
    assert plane.sum() == 7 * 6


def test_a_radiograph_is_shrunk_whole():
    found = square(np.full((100, 50), 200, np.uint8), 20)
    assert (found[:, 5:15] == 200).all()
    assert not found[:, :5].any()


@pytest.mark.parametrize("name", ["pix2pix-n-compact", "pix2pix-n-paper", "pix2pix-paper"])
def test_the_shipped_recipes_are_whole(name):
    recipe, _ = read_recipe(resource("recipes", f"{name}.toml"))
    assert recipe.task == "pix2pix"
    assert len(recipe.boxed.findings) == 6


def test_features_are_matched_of_the_draws_whose_truth_is_known(recipe_file):
    task = Pix2PixTask(*read_recipe(recipe_file))
    scene = task.prepare(task._batches[0])
    drawn = task.draw(scene)
    view = task.view("wide", scene, drawn)
    assert (len(view.real), len(view.drawn), view.matched) == (2, 4, 2)
    truth = torch.cat([scene.batch.real, drawn[2:].detach()])
    assert task._answer("wide", task.view("wide", scene, truth))["features"].value == 0
