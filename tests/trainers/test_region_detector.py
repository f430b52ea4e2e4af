"""Faster R-CNN's and RetinaNet's task as far as it goes without torchvision; tests/torchvision has the rest."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch import nn

from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import CheckpointError, RecipeError
from cxr_studio.networks.torchvision_detector import fitting
from cxr_studio.resources import resource
from trainers.held_out_scenes import HeldOutScenes
from trainers.listed_radiographs import Boxed, load_real
from trainers.reading import read_recipe
from trainers.recipe import Optimiser
from trainers.systems.region_detector import MOST, RegionBatches, RegionTask, Shifts, shifted
from trainers.task import _optimiser

NAMES = "faster-rcnn-paper", "retinanet-paper", "faster-rcnn-localisation"


def write_radiographs(folder: Path) -> list[str]:
    """Eight patients with a bright disc each, two of them held out; the list was made on twice the size."""
    (folder / "images").mkdir()
    wanted = {"train": 6, "val": 2}
    rows, patients = [], []
    for number in range(1, 200):
        patient = f"{number:08d}"
        split = split_of(patient)
        if not wanted.get(split):
            continue
        wanted[split] -= 1
        y, x = 12 + 5 * len(patients), 40 - 3 * len(patients)
        image = np.full((64, 64), 60, np.uint8)
        cv2.circle(image, (x, y), 6, 200, -1)
        cv2.imwrite(str(folder / "images" / f"{patient}_000.png"), image)
        finding = "Mass" if len(patients) % 2 else "Nodule"
        rows.append(f"{patient}_000.png,{finding},{2 * (x - 6)},{2 * (y - 6)},24,24")
        patients.append(patient)
    (folder / "boxes.csv").write_text("\n".join(["image,finding,x,y,width,height", *rows]) + "\n")
    return patients


def recipe_in(folder: Path, architecture: str = "faster-rcnn", **more: str) -> Path:
    """A tiny recipe."""
    lines = "\n".join(f"{key} = {value}" for key, value in more.items())
    text = f"""
name = "tiny-{architecture}"
title = "Tiny"
task = "region-detector"
seed = 3
epochs = 2
[real]
truth = "{folder}/boxes.csv"
images = "{folder}/images"
label = ["Nodule", "Mass"]
listed_side = 128
[network]
architecture = "{architecture}"
input_side = 64
[backbone]
{lines}
[optimiser]
kind = "sgd"
rate = 0.001
weight_decay = 0.0005
[run]
batch = 2
sheet = 2
"""
    path = folder / "recipe.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_recipes_are_those_of_the_papers(name):
    recipe, _ = read_recipe(resource("recipes", f"{name}.toml"))
    localised = name.endswith("localisation")
    assert (recipe.optimiser.kind, recipe.optimiser.rate) == ("sgd", 3e-4 if localised else 1e-3)
    assert (recipe.run.batch, recipe.epochs, recipe.network.input_side) == (2, 20, 256 if localised else 1024)
    assert recipe.augmentation.flip
    assert len(recipe.real.labels) == (6 if localised else 1)


def test_boxes_move_with_the_radiograph():
    image = np.full((64, 64), 10, np.uint8)
    image[20:30, 40:46] = 250
    rows = np.array([[20, 40, 30, 46, 1]], np.float32)
    seen = set()
    for seed in range(40):
        grey, (row,) = shifted(np.random.default_rng(seed), image, rows, Shifts(shift=0.2))
        y0, x0, y1, x1, kind = row.astype(int)
        assert kind == 1
        bright = np.argwhere(grey == 250)
        assert (bright.min(0).tolist(), bright.max(0).tolist()) == ([y0, x0], [y1 - 1, x1 - 1])
        seen.add((y0 != 20, x0 < 32))
    assert {(False, False), (True, True)} <= seen


def test_a_box_that_is_shifted_out_is_left_out():
    rows = np.array([[0, 0, 6, 6, 0], [30, 30, 40, 40, 0]], np.float32)
    counts = {
        len(shifted(np.random.default_rng(s), np.zeros((64, 64), np.uint8), rows, Shifts())[1]) for s in range(60)
    }
    assert counts == {1, 2}


def test_findings_of_a_list_of_another_size(tmp_path):
    write_radiographs(tmp_path)
    recipe, _ = read_recipe(recipe_in(tmp_path))
    learned, kept = load_real(recipe.real, 64)
    assert (len(learned), len(kept)) == (6, 2)
    y0, x0, y1, x1 = learned[0].boxes[0]
    assert (y1 - y0, x1 - x0) == (12, 12)
    assert learned[0].image[round((y0 + y1) / 2), round((x0 + x1) / 2)] == 200
    batch = RegionBatches(learned, recipe)[0]
    boxes, kinds = batch.truth
    assert batch.boxes.shape == (2, 1, MOST, 5)
    assert [len(own) for own in boxes] == [1, 1]
    assert {int(kind) for own in kinds for kind in own} <= {0, 1}


def test_several_findings_are_scored_by_location():
    class Finds(nn.Module):
        labels = ("nodule", "mass")

        def found(self, image, *, least, most):
            box = torch.tensor([[10.0, 10.0, 20.0, 20.0]])
            return [(box, torch.tensor([0.9]), torch.tensor([0])) for _ in image]

    scenes = [Boxed(np.zeros((32, 32), np.uint8), ((10.0, 10, 20, 20),), "A", (label,)) for label in ("nodule", "mass")]
    figures = HeldOutScenes((), scenes, 1).scores(Finds(), torch.device("cpu"))
    assert figures["real_located"] == 0.5
    assert figures["real_sensitivity_at_1"] == 1


def test_without_torchvision_it_says_which_one_fits(tmp_path, monkeypatch):
    write_radiographs(tmp_path)
    monkeypatch.setitem(sys.modules, "torchvision", None)
    monkeypatch.setitem(sys.modules, "torchvision.ops.misc", None)
    with pytest.raises(CheckpointError, match=r"need torchvision .*torchvision 0\.\d+\.\d+ fits the installed torch 2"):
        RegionTask(*read_recipe(recipe_in(tmp_path)))
    assert (fitting("2.13.0+cpu"), fitting("2.14.1")) == ("0.28.0", "0.29.1")


def test_a_missing_file_of_weights_is_said(tmp_path):
    write_radiographs(tmp_path)
    with pytest.raises(RecipeError, match=r"resnet\.safetensors: backbone\.weights: there is no such file"):
        RegionTask(*read_recipe(recipe_in(tmp_path, weights='"resnet.safetensors"')))


def test_gradient_descent_with_momentum():
    optimiser = _optimiser(nn.Linear(2, 2), Optimiser(kind="sgd", rate=0.01, weight_decay=5e-4))
    assert isinstance(optimiser, torch.optim.SGD)
    (group,) = optimiser.param_groups
    assert (group["lr"], group["momentum"], group["weight_decay"]) == (0.01, 0.9, 5e-4)
