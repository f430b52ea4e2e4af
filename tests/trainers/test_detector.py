"""The detector's task: what is drawn where, real ones by patient, a training of seconds, one batch learned by heart."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from cxr_studio.cli.main import main as studio
from cxr_studio.datasets.folds import write_folds
from cxr_studio.datasets.splits import split_of
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.detector import apart, detect, find_detector
from cxr_studio.errors import CheckpointError, GeneratorError, RecipeError
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.networks.registry import load_network
from cxr_studio.networks.square import Square
from cxr_studio.nodules.ct_library import bundled_library, held_out, write_library
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from tests.conftest import draw_phantom
from trainers.__main__ import main
from trainers.boxed_images import Augmentation
from trainers.detector_scenes import Scene, moved
from trainers.listed_radiographs import Boxed, Real, load_real
from trainers.reading import read_recipe
from trainers.systems.detector import DetectorLoss, DetectorTask, detector_loss

RECIPE = """
name = "tiny-detector"
title = "Tiny"
task = "detector"
seed = 3
epochs = 2

[scenes]
train = "{folder}/train"
val = "{folder}/val"
nodules = "{folder}/nodules.npz"
views = 1
diameters_mm = [20.0, 40.0]
mm_per_pixel = 1.0

[real]
truth = "{folder}/boxes.csv"
images = "{folder}/real"
share = 0.3

[augmentation]
turn = 5.0
zoom = [0.9, 1.1]

[network]
architecture = "compact-detector"
input_side = 128
[network.parameters]
widths = [8, 12, 16]
head = 8

[optimiser]
rate = 0.003
betas = [0.9, 0.99]
clip = 1.0

[run]
batch = 2
average = 0.5
val_images = 4
sheet = 3
"""


def of_split(split: str, count: int) -> list[str]:
    """Patients that fall into a split."""
    return [f"000{k:05d}" for k in range(1, 200) if split_of(f"000{k:05d}") == split][:count]


def write_recipe(folder: Path) -> Path:
    """Write a recipe and what it is trained on."""
    for name, count in (("train", 4), ("val", 2)):
        (folder / name).mkdir()
        for k in range(count):
            image = np.roll(draw_phantom(256, 256), 3 * k + len(name), axis=1)
            cv2.imwrite(str(folder / name / f"{name}-{k}.png"), image)
    (folder / "real").mkdir()
    lines = ["image,finding,x,y,width,height"]
    for patient in of_split("train", 2) + of_split("val", 1):
        image = draw_phantom(256, 200)
        cv2.circle(image, (60, 100), 10, 255, -1)
        cv2.imwrite(str(folder / "real" / f"{patient}_000.png"), image)
        lines += [f"{patient}_000.png,Nodule,50,90,20,20", f"{patient}_000.png,Mass,1,2,30,40"]
    (folder / "boxes.csv").write_text("\n".join(lines) + "\n")
    kept = next(f"series {k}" for k in range(99) if held_out(f"series {k}"))
    nodules = [n for n in bundled_library() if not held_out(n.series)][:5]
    write_library(folder / "nodules.npz", (replace(nodules[0], series=kept), *nodules[1:]))
    path = folder / "tiny.toml"
    path.write_text(RECIPE.format(folder=folder.as_posix()))
    return path


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    return write_recipe(tmp_path)


def run(recipe_file: Path, out: str, *words: str) -> Path:
    folder = recipe_file.parent / out
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu", *words]) == 0
    return folder


def test_two_steps_make_a_detector_that_the_program_runs(recipe_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = run(recipe_file, "run", "--steps", "2")
    path = folder / "snapshots" / "step-0000002.safetensors"
    card = read_checkpoint(path).card
    assert (card.role, card.input_side, card.architecture) == (Role.DETECT, 128, "compact-detector")
    assert {"val_sensitivity_at_1", "val_cpm", "val_roc_area", "real_cpm"} <= set(card.scores)
    assert card.weights_count == sum(p.numel() for p in load_network(read_checkpoint(path)).parameters())
    assert cv2.imread(str(folder / "sheets" / "step-0000002.png")).shape == (128, 3 * 128, 3)
    for out in ("found.csv", "found.json"):
        words = ["detect", str(folder.parent / "real"), "--out", str(folder / out), "--device", "cpu"]
        assert studio([*words, "--detector", str(path), "--least", "0.001"]) == 0
    assert "in 3 radiographs by Tiny" in capsys.readouterr().out
    with (folder / "found.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    results = json.loads((folder / "found.json").read_text())
    assert len(rows) == len(results) > 0
    assert all(0 <= float(r["x0"]) < float(r["x1"]) <= 200 and float(r["y1"]) <= 256 for r in rows)
    assert {r["image_id"] for r in results} <= {1, 2, 3}


def test_one_batch_is_learned_by_heart(recipe_file: Path) -> None:
    from lightning.fabric import Fabric

    recipe, text = read_recipe(recipe_file, ("scenes.healthy=0.0", "real.share=0.0", "optimiser.rate=0.01"))
    task = DetectorTask(recipe, text)
    task.attach(Fabric(accelerator="cpu"))
    (batch,) = task.batches(0, 1)
    first = {name: float(value) for name, value in task.step(batch, 0).items()}
    for step in range(1, 90):
        last = task.step(batch, min(step, 3))
    assert float(last["heat"]) < 0.1 * first["heat"]
    assert float(last["place"]) < 0.5 * first["place"]
    found = task.networks["network"].eval().found(batch.image, least=0.5, most=10)
    assert [len(scores) for _, scores, _ in found] == (batch.heat == 1).sum(dim=(1, 2, 3)).tolist()


def test_what_is_drawn_lies_in_its_box_and_nowhere_else(recipe_file: Path) -> None:
    recipe, text = read_recipe(recipe_file, ("scenes.healthy=0.0",))
    drawing = DetectorTask(recipe, text)._batches.drawing
    unchanged = Augmentation(turn=0, zoom=(1, 1), flip=False)
    for seed in range(6):
        grey, boxes = drawing.drawn(np.random.default_rng(seed), seed % 4, unchanged)
        rest = np.abs(grey - drawing.images[seed % 4]) > 1.5
        assert 1 <= len(boxes) <= 3
        for y0, x0, y1, x1 in boxes:
            inside = np.s_[max(0, int(y0) - 9) : int(y1) + 9, max(0, int(x0) - 9) : int(x1) + 9]
            assert rest[inside].any()
            assert 7 <= (y1 - y0 + x1 - x0) / 2 <= 30
            rest[inside] = False
        assert not rest.any()


def test_a_healthy_radiograph_has_no_heat(recipe_file: Path) -> None:
    recipe, text = read_recipe(recipe_file, ("scenes.healthy=1.0", "real.share=0.0"))
    assert DetectorTask(recipe, text)._batches[0].heat.max() == 0


def test_real_ones_are_held_out_by_patient(recipe_file: Path) -> None:
    recipe, _ = read_recipe(recipe_file)
    learned, kept = load_real(recipe.real, 128)
    assert (len(learned), len(kept)) == (2, 1)
    assert learned[0].boxes == ((45, 14 + 25, 55, 14 + 35),)
    folds = recipe_file.parent / "folds.csv"
    write_folds(folds, {patient: k for k, patient in enumerate(of_split("train", 2) + of_split("val", 1))})
    own = recipe.real.model_copy(update={"folds": str(folds), "fold": 1})
    assert [len(side) for side in load_real(own, 128)] == [2, 1]
    write_folds(folds, {"other": 0})
    with pytest.raises(RecipeError, match="folds lack the patient"):
        load_real(own, 128)
    assert load_real(Real(), 128) == ([], [])


def test_held_out_patients_are_not_learned_from_as_healthy_ones(recipe_file: Path) -> None:
    (patient,) = of_split("val", 1)
    cv2.imwrite(str(recipe_file.parent / "train" / f"{patient}_009.png"), draw_phantom(256, 256))
    assert len(DetectorTask(*read_recipe(recipe_file))._batches.drawing.images) == 4
    alone = read_recipe(recipe_file, ("real.truth=''", "real.share=0.0"))
    assert len(DetectorTask(*alone)._batches.drawing.images) == 5


LISTED = """
name = "listed-detector"
title = "Listed"
task = "detector"
epochs = 1
[real]
truth = "{folder}/boxes.csv"
images = "{folder}/real"
label = ["Nodule", "Mass"]
[network]
architecture = "compact-detector"
input_side = 128
[network.parameters]
widths = [8, 12, 16]
head = 8
[run]
batch = 2
sheet = 1
"""


def listed(recipe_file: Path, *changes: str) -> DetectorTask:
    path = recipe_file.parent / "listed.toml"
    path.write_text(LISTED.format(folder=recipe_file.parent.as_posix()))
    return DetectorTask(*read_recipe(path, changes))


def test_listed_radiographs_alone_have_a_heatmap_a_finding(recipe_file: Path) -> None:
    task = listed(recipe_file, "augmentation={turn=0.0, zoom=[1.0, 1.0], flip=false}")
    assert task.blank.parameters["labels"] == ["nodule", "mass"]
    assert len(task._batches.images) == 2
    batch = task._batches[0]
    assert (batch.heat == 1).sum(dim=(0, 2, 3)).tolist() == [2, 2]
    nodule = torch.nonzero(batch.heat[0, 0] == 1).tolist()
    assert nodule == [[50 // 4, 44 // 4]]  # 20 × 20 at (50, 90) of 200 × 256, in a square of 128 with 14 pixels beside


def test_added_radiographs_of_held_out_patients_are_left_out(recipe_file: Path) -> None:
    (kept,) = of_split("val", 1)
    rows = ["image,finding,x,y,width,height"]
    for name in (f"{kept}_007", "drawn"):
        cv2.imwrite(str(recipe_file.parent / "real" / f"{name}.png"), draw_phantom(256, 200))
        rows.append(f"{name}.png,Nodule,50,90,20,20")
    (recipe_file.parent / "added.csv").write_text("\n".join(rows) + "\n")
    folder = recipe_file.parent.as_posix()
    more = (f"added.truth='{folder}/added.csv'", f"added.images='{folder}/real'")
    assert len(listed(recipe_file, *more)._batches.images) == 3


def test_scenes_go_without_added_radiographs(recipe_file: Path) -> None:
    with pytest.raises(RecipeError, match="goes without added"):
        DetectorTask(*read_recipe(recipe_file, ("added.truth='more.csv'",)))
    with pytest.raises(RecipeError, match=r"real\.label names nodule"):
        DetectorTask(*read_recipe(recipe_file, ("real.label='Mass'",)))


def test_boxes_move_with_the_radiograph() -> None:
    image = np.zeros((128, 128), np.uint8)
    image[40:60, 20:36] = 255
    for seed in range(8):
        grey, findings, _ = moved(np.random.default_rng(seed), Boxed(image, ((40, 20, 60, 36),)), Augmentation(turn=0))
        rows, columns = np.nonzero(grey > 128)
        edges = (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)
        assert [one.box for one in findings] == [pytest.approx(edges, abs=1.6)]


def test_the_loss_is_least_for_the_truth() -> None:
    heat = torch.zeros(1, 1, 4, 4)
    heat[0, 0, 1, 2] = 1
    target = torch.zeros(1, 4, 4, 4)
    target[0, :, 1, 2] = torch.tensor([0.5, -0.2, 0.1, 0.3])
    truth = Scene(torch.zeros(1, 1, 16, 16), heat, target)
    weights = DetectorLoss()
    right, _ = detector_loss(torch.cat([heat * 20 - 10, target], 1), truth, weights=weights)
    assert float(right) == pytest.approx(0, abs=1e-3)
    _, parts = detector_loss(torch.cat([heat * 20 - 10, target + 0.25], 1), truth, weights=weights)
    assert (float(parts["sides"]), float(parts["place"])) == pytest.approx((0.25, 0.25))
    _, wrong = detector_loss(torch.cat([torch.zeros_like(heat), target], 1), truth, weights=weights)
    assert float(wrong["heat"]) == pytest.approx(16 * 0.25 * np.log(2))


def test_of_boxes_that_overlap_the_surest_is_kept() -> None:
    boxes = [(0.0, 0.0, 10.0, 10.0), (1.0, 0.0, 11.0, 10.0), (30.0, 0.0, 40.0, 10.0), (0.0, 0.0, 10.0, 10.0)]
    labels = ["nodule", "nodule", "nodule", "mass"]
    found = [Detection("", *one) for one in zip(boxes, [0.5, 0.9, 0.7, 0.1], labels, strict=True)]
    assert apart(found) == [found[1], found[2], found[3]]


def test_boxes_return_to_the_radiograph() -> None:
    place = Square.of((256, 200), 128)
    assert (place.scale, place.top, place.left) == (0.5, 0, 14)
    assert place.outside(place.inside((10, 20, 30, 50))) == pytest.approx((10, 20, 30, 50))


def test_what_detects_nothing_is_refused(tmp_path: Path) -> None:
    lungs = read_checkpoint(resource("checkpoints", "lungs.safetensors"))
    with pytest.raises(CheckpointError, match="of role segment and detects nothing"):
        find_detector(str(lungs.path))
    with pytest.raises(CheckpointError, match="detects nothing"):
        detect(read_radiograph(resource("samples", "healthy-1.png")), lungs)
    with pytest.raises(GeneratorError, match="no detector"):
        find_detector("no-such-detector")


def test_a_library_without_held_out_series_is_refused(recipe_file: Path) -> None:
    write_library(recipe_file.parent / "nodules.npz", bundled_library()[:3])
    with pytest.raises(RecipeError, match="no series is held out"):
        DetectorTask(*read_recipe(recipe_file))


def test_the_shipped_recipe_is_whole() -> None:
    recipe, _ = read_recipe(resource("recipes", "detector-compact.toml"))
    assert recipe.scenes.diameters_mm == (5.0, 40.0)
    assert recipe.network.architecture == "compact-detector"
