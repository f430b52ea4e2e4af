"""The shape task: batches, losses, rates, and a training of seconds."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from cxr_studio.errors import RecipeError
from cxr_studio.masks.regions import regions
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.nodules.ct_library import CtNodule, held_out, write_library
from cxr_studio.nodules.diameter import diameter
from cxr_studio.nodules.shapes import draw_shapes
from trainers.__main__ import main
from trainers.adversarial import draw_loss, judge_loss
from trainers.reading import read_recipe
from trainers.silhouette_batches import SilhouetteBatches, field_of, load_nodules, shrunk
from trainers.systems.shapes import ShapeTask

RECIPE = """
name = "nodule-shapes"
title = "Tiny shapes"
task = "shapes"
seed = 3
epochs = 4

[silhouettes]
library = "{library}"
epochs_per_side = 2
edge = 8.0

[network]
architecture = "shape-generator"
input_side = 128
[network.parameters]
latent = 4
channels = [6, 4]

[discriminator]
channels = [4, 6, 8]
rate = 1e-3
variety = true

[optimiser]
rate = 2e-3
betas = [0.5, 0.999]

[run]
batch = 4
average = 0.5
sheet = 8
draws = 8
"""


def write_recipe(folder: Path) -> Path:
    """Write a recipe and what it is trained on."""
    grid = np.indices((14, 14, 14)) - 6.5
    nodules = []
    for k in range(10):
        mask = (grid[0] / 5) ** 2 + (grid[1] / (3 + k / 5)) ** 2 + (grid[2] / 4) ** 2 <= 1
        nodules.append(CtNodule(k, np.where(mask, 30, -800).astype(np.int16), mask, f"series {k}"))
    write_library(folder / "made.npz", tuple(nodules))
    path = folder / "shapes.toml"
    path.write_text(RECIPE.format(library=(folder / "made.npz").as_posix()))
    return path


@pytest.fixture
def shapes_file(tmp_path: Path) -> Path:
    return write_recipe(tmp_path)


def test_it_learns_and_ships_a_shape_checkpoint(shapes_file: Path) -> None:
    folder = shapes_file.parent / "run"
    assert main([str(shapes_file), "--out", str(folder), "--device", "cpu"]) == 0
    (snapshot,) = (folder / "snapshots").glob("*.safetensors")
    checkpoint = read_checkpoint(snapshot)
    card = checkpoint.card
    assert (card.role, card.input_side, card.stochastic) == (Role.SHAPE, 128, True)
    assert 0 <= card.scores["val_ks_mean"] <= 1
    assert 0 <= card.scores["val_one_region"] <= 1
    assert draw_shapes([0, 1], checkpoint=checkpoint).shape == (2, 128, 128)
    assert cv2.imread(str(next((folder / "sheets").glob("*.png")))).shape == (2 * 132, 8 * 132, 3)


def test_held_out_series_are_not_learned_from(shapes_file: Path) -> None:
    learned = load_nodules(str(shapes_file.parent / "made.npz"))
    assert 0 < len(learned) < 10
    assert not any(held_out(nodule.series) for nodule in learned)
    held = next(f"s{k}" for k in range(100) if held_out(f"s{k}"))
    blocks = (CtNodule(0, learned[0].hu, learned[0].mask, held),)
    write_library(shapes_file.parent / "held.npz", blocks)
    with pytest.raises(RecipeError, match="no nodule to learn from"):
        load_nodules(str(shapes_file.parent / "held.npz"))


def test_batches_repeat_and_sides_change(shapes_file: Path) -> None:
    recipe, _ = read_recipe(shapes_file)
    nodules = load_nodules(recipe.silhouettes.library)
    batches = SilhouetteBatches(nodules, recipe)
    assert len(batches) == 4 * batches.steps_per_epoch
    first = batches[1]
    assert torch.equal(first.real, SilhouetteBatches(nodules, recipe)[1].real)
    assert first.real.shape == (4, 1, 128, 128)
    assert first.latent.shape == (4, 4)
    assert np.array_equal(batches.seen(0, 0), batches.seen(0, 0))
    assert batches.seen(0, 0).shape != batches.seen(0, 1).shape or not np.array_equal(
        batches.seen(0, 0), batches.seen(0, 1)
    )


def test_a_field_is_soft_or_hard_at_the_edge() -> None:
    mask = np.zeros((40, 40), bool)
    mask[10:30, 10:30] = True
    assert set(np.unique(field_of(mask, 0.0))) == {-1.0, 1.0}
    soft = field_of(mask, 8.0)
    assert ((soft > 0) == mask).all()
    assert soft[10, 20] == pytest.approx(np.tanh(0.125), abs=0.02)
    assert soft[0, 0] < -0.99


def test_least_squares_losses_by_hand() -> None:
    real, fake = torch.tensor([1.0, 0.5]), torch.tensor([0.0, 1.0])
    loss = judge_loss("least-squares", real, fake)
    assert float(loss) == pytest.approx(0.5 * (0.125 + 0.5))
    assert float(draw_loss("least-squares", real, fake)) == pytest.approx(0.25)


def test_the_task_is_least_squares(shapes_file: Path) -> None:
    task = ShapeTask(*read_recipe(shapes_file))
    assert {name: judge.loss for name, judge in task.judges.items()} == {"discriminator": "least-squares"}
    figures = task.monitors("discriminator", torch.tensor([1.0, 0.5]), torch.tensor([0.0, 1.0]), torch.zeros(()))
    assert float(figures["discriminator_fake"]) == 0.5


def test_the_discriminator_has_its_own_rate(shapes_file: Path) -> None:
    recipe, text = read_recipe(shapes_file)
    task = ShapeTask(recipe, text)
    task.set_rates(0)
    rates = {name: optimiser.param_groups[0]["lr"] for name, optimiser in task.optimisers.items()}
    assert rates == pytest.approx({"generator": 2e-3, "discriminator": 1e-3})


def test_the_papers_recipe_is_the_papers() -> None:
    recipe, _ = read_recipe("resources/recipes/shape-paper.toml")
    assert recipe.network.parameters == {"latent": 100, "channels": [512, 256, 128, 64, 32]}
    assert (recipe.optimiser.rate, recipe.discriminator.rate, recipe.optimiser.betas) == (1e-4, 1e-5, (0.5, 0.999))
    assert (recipe.run.batch, recipe.epochs, recipe.silhouettes.epochs_per_side) == (6, 1000, 1)
    assert (recipe.silhouettes.matrix, recipe.silhouettes.edge) == (256, 0)


@pytest.mark.parametrize(("matrix", "wanted"), [(256, 50), (128, 100)])
def test_shapes_are_100_pixels_in_their_matrix(shapes_file: Path, matrix: int, wanted: float) -> None:
    """Drawn at 100 pixels in 256 and brought to 128, they are 50 there; the compact ones stay at 100."""
    recipe, _ = read_recipe(shapes_file, (f"silhouettes.matrix={matrix}", "silhouettes.edge=0"))
    batch = SilhouetteBatches(load_nodules(recipe.silhouettes.library), recipe)[0]
    assert batch.real.shape == (4, 1, 128, 128)
    assert set(batch.real.unique().tolist()) == {-1.0, 1.0}
    for field in batch.real[:, 0].numpy():
        assert diameter(field > 0) == pytest.approx(wanted, abs=1)
        assert connected(field > 0) == 1


def test_a_pixel_is_covered_from_half_on() -> None:
    mask = np.zeros((4, 4), bool)
    mask[:2, 0] = True
    mask[2, 2] = True
    assert shrunk(mask, 2).tolist() == [[True, False], [False, False]]


def connected(mask: np.ndarray) -> int:
    return len(regions(mask))
