"""The inpainting task: what its fields hold, and a training of seconds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from cxr_studio.errors import RecipeError
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.inpainter import FLAGS, seeded_noise
from cxr_studio.networks.registry import load_network
from cxr_studio.resources import resource
from trainers.__main__ import main
from trainers.batches import Share
from trainers.hole_shapes import draw_bank, draw_masks, square
from trainers.image_store import Image
from trainers.inpainter_batches import DrawnSteps, Draws
from trainers.inpainter_fields import FULL, FieldCutter, Fields, levels_of
from trainers.reading import read_recipe
from trainers.systems.inpainter import InpainterRecipe, InpainterTask

RECIPE = """
name = "tiny-inpainting"
title = "Tiny"
task = "inpainter"
seed = 4
steps = 6

[images]
train = "{folder}/train"
val = "{folder}/val"

[holes]
smooth = "{smooth}"
bank = 2
donors = 0.4
guided = 0.3
candidates = 3
large = 48

[generator]
architecture = "inpainter"
input_side = 128
[generator.parameters]
widths = [4, 6, 6, 8]

[judges.fine]
field = 34
width = 4
r1 = 0.1
r2 = 0.1
penalty_every = 2
features = 0.5

[judges.wide]
field = 16
width = 4

[optimiser]
rate = 1e-3
betas = [0.0, 0.99]

[run]
batch = 2
average = 0.5
val_holes = 2
sheet = 2
"""


def _images(count: int, seed: int) -> list[Image]:
    rng = np.random.default_rng(seed)
    smooth = [cv2.resize(rng.uniform(40, 220, (10, 10)).astype(np.float32), (200, 200)) for _ in range(count)]
    return [np.clip(image + rng.normal(0, 4, image.shape), 0, 255).astype(np.uint8) for image in smooth]


def write_recipe(folder: Path) -> Path:
    """Write a recipe and what it is trained on."""
    for name, count in (("train", 3), ("val", 2)):
        (folder / name).mkdir()
        for k, image in enumerate(_images(count, len(name))):
            cv2.imwrite(str(folder / name / f"{k}.png"), image)
    path = folder / "inpainting.toml"
    smooth = Path(resource("checkpoints", "context-encoder.safetensors")).as_posix()
    path.write_text(RECIPE.format(folder=folder.as_posix(), smooth=smooth))
    return path


@pytest.fixture
def recipe_file(tmp_path: Path) -> Path:
    return write_recipe(tmp_path)


def recipe_of(path: Path, *changes: str) -> InpainterRecipe:
    recipe, _ = read_recipe(path, changes)
    assert isinstance(recipe, InpainterRecipe)
    return recipe


class Grey(torch.nn.Module):
    """A smooth fill that can be told: 0.25 everywhere."""

    def forward(self, image: torch.Tensor, hole: torch.Tensor) -> torch.Tensor:
        return torch.full_like(centre(image, 64), 0.25)


def constant_images(*greys: int) -> list[Image]:
    return [np.full((200, 200), grey, np.uint8) for grey in greys]


def cutter_of(images: list[Image], *, side: int = 160) -> FieldCutter:
    small = [square(FULL, 64), *draw_bank(2, seed=1, input_side=FULL, hole_side=64)]
    large = np.stack(draw_masks(2, seed=1, input_side=side, hole_side=96))
    return FieldCutter(levels_of(images, [], []), Grey(), small=small, large=large, hole_side=64)


def cut(path: Path, mode: str, images: list[Image] | None = None, **changes: object) -> tuple[Draws, Fields]:
    cutter = cutter_of(images or _images(3, 9))
    shares = {"smooth": "holes={smooth='x', donors=0, guided=0, candidates=3}"}
    shares["donor"] = shares["smooth"].replace("donors=0", "donors=1")
    shares["guided"] = shares["smooth"].replace("guided=0", "guided=1")
    recipe = recipe_of(path, shares[mode], "run.batch=6", "generator.input_side=160")
    draws = replace(DrawnSteps(recipe, counts=(3, 3, 3), shapes=len(cutter.maps))[2], **changes)
    assert draws.mode == mode
    return draws, cutter.cut(draws)


@pytest.mark.parametrize("mode", ["smooth", "donor", "guided"])
def test_outside_the_hole_all_is_the_truth_and_the_hole_lies_inside_the_square(recipe_file: Path, mode: str) -> None:
    _, fields = cut(recipe_file, mode)
    known = fields.hole == 0
    for given in (fields.image, fields.hint):
        assert torch.equal(given[known], fields.real[known])
        assert not torch.equal(given[~known], fields.real[~known])
    outside = fields.hole.clone()
    centre(outside, fields.inner).zero_()
    assert not outside.any()
    assert fields.hole.flatten(1).any(dim=1).all()
    assert fields.seen.shape == (6, 3, 160, 160)
    assert fields.inner % 16 == 0


def test_smooth_holes_hold_the_smooth_fill_and_no_other_hint(recipe_file: Path) -> None:
    _, fields = cut(recipe_file, "smooth")
    assert (fields.image[fields.hole > 0] == 0.25).all()
    assert torch.equal(fields.hint, fields.image)
    assert not fields.flags[:, :2].any()


def test_guided_holes_are_large_and_hold_a_coarse_picture(recipe_file: Path) -> None:
    draws, fields = cut(recipe_file, "guided", shrink=4)
    assert (fields.flags[:, 0] == 1).all()
    assert fields.inner == 96
    blocks = torch.nn.functional.avg_pool2d(fields.real, 4)
    coarse = torch.nn.functional.interpolate(blocks, scale_factor=4, mode="bicubic", align_corners=False)
    hole = fields.hole > 0
    torch.testing.assert_close(fields.image[hole], coarse[hole])
    assert draws.level.float().equal(fields.flags[:, 2])


def test_donors_are_of_another_radiograph_and_meet_the_border(recipe_file: Path) -> None:
    """Radiographs of one grey each: a donor's own grey is taken to the field's at the border, so the field is flat."""
    draws, fields = cut(recipe_file, "donor", constant_images(60, 120, 200), gamma=torch.ones(6))
    assert (fields.flags[:, 1] == 1).all()
    torch.testing.assert_close(fields.hint, fields.real, rtol=0, atol=2e-3)
    chosen = (draws.image[:, None] + draws.donor_image) % 3
    assert (chosen != draws.image[:, None]).all()


def test_no_draw_ever_names_the_radiograph_itself_as_a_donor(recipe_file: Path) -> None:
    recipe = recipe_of(recipe_file, "holes.donors=1.0", "holes.guided=0.0", "run.batch=50", "holes.candidates=20")
    for count in (2, 3, 7):
        steps = DrawnSteps(recipe, counts=(count,) * 3, shapes=3)
        for step in range(3):
            draws = steps[step]
            assert ((draws.image[:, None] + draws.donor_image) % count != draws.image[:, None]).all()
            assert ((draws.image >= 0) & (draws.image < count)).all()


def test_the_donor_is_the_candidate_whose_ring_fits_best(recipe_file: Path) -> None:
    """Three candidates of one radiograph at three places, one of them the hole's own: that one is taken."""
    cutter = cutter_of(_images(2, 9))
    cutter.levels = levels_of([_images(1, 9)[0]] * 2, [], [])
    recipe = recipe_of(recipe_file, "holes.donors=1.0", "holes.guided=0.0", "run.batch=3", "generator.input_side=160")
    draws = DrawnSteps(recipe, counts=(2, 2, 2), shapes=3)[0]
    shift = torch.tensor([[30, -30], [0, 0], [-30, 20]]).expand(3, 3, 2)
    level = torch.zeros(3, dtype=torch.long)
    draws = replace(draws, donor_shift=shift, donor_flip=torch.zeros(3, 3, dtype=torch.bool), level=level)
    fields = cutter.cut(draws)
    torch.testing.assert_close(fields.hint, fields.real, rtol=0, atol=1e-3)


def test_draws_are_a_function_of_seed_and_step_and_shared(recipe_file: Path) -> None:
    recipe = recipe_of(recipe_file)
    steps = DrawnSteps(recipe, counts=(3, 3, 3), shapes=3)
    one, again, other = steps[1], steps[1], steps[2]
    assert torch.equal(one.place, again.place)
    assert one.noise_seed == again.noise_seed != other.noise_seed
    assert not torch.equal(one.place, other.place)
    halves = [DrawnSteps(recipe, counts=(3, 3, 3), shapes=3, share=Share(rank, 2))[1] for rank in (0, 1)]
    assert [half.mode for half in halves] == [one.mode] * 2
    assert {half.noise_seed for half in halves} == {one.noise_seed}
    for k, half in enumerate(halves):
        assert torch.equal(half.place, one.place[k::2])
        assert torch.equal(half.donor_shift, one.donor_shift[k::2])


def test_levels_are_halved_by_the_mean_where_there_are_none() -> None:
    (image,) = _images(1, 3)
    full, half, quarter = levels_of([image], [], []).stacks
    mean = image.reshape(100, 2, 100, 2).mean(axis=(1, 3))
    assert np.abs(half[0].numpy() - mean).max() <= 0.5
    assert [stack.shape[1:] for stack in (full, half, quarter)] == [(200, 200), (100, 100), (50, 50)]


def test_a_step_draws_twice_and_the_draws_differ_only_by_noise(recipe_file: Path) -> None:
    recipe, text = read_recipe(recipe_file, ("holes.donors=0.0", "holes.guided=0.0"))
    task = InpainterTask(recipe, text)
    fields = task.prepare(DrawnSteps(recipe, counts=(3, 3, 3), shapes=len(task.cutter.maps))[0])
    drawn = task.draw(fields)
    assert drawn.shape == (4, 1, 64, 64)
    assert torch.equal(task.draw(fields), drawn)
    assert not torch.equal(drawn[:2], drawn[2:])
    assert not torch.equal(task.draw(fields._replace(noise_seed=1)), drawn)
    for name, side in (("fine", FULL), ("wide", 64)):
        view = task.view(name, fields, drawn)
        assert view.real.shape == (2, 3, side, side)
        assert view.drawn.shape == (4, 3, side, side)
        known = view.region.expand_as(view.real[:, :1]) == 0
        torch.testing.assert_close(view.drawn[:2, :1][known], view.real[:, :1][known])
        assert torch.equal(view.drawn[:2, 2], view.real[:, 2])


def test_the_losses_by_hand(recipe_file: Path) -> None:
    """Both draws 0.1 over the truth: the mean is off by 0.1 and nothing is rewarded; apart, the reward counts."""
    recipe, text = read_recipe(recipe_file, ("holes.donors=0.0", "holes.guided=0.0"))
    task = InpainterTask(recipe, text)
    fields = task.prepare(DrawnSteps(recipe, counts=(3, 3, 3), shapes=len(task.cutter.maps))[0])
    real, hole = centre(fields.real, 64), centre(fields.hole, 64)
    scale = fields.real.flatten(1).std(dim=1).view(-1, 1, 1, 1) + 0.02
    share = hole.sum() / (hole.sum() + 1)
    same = task.losses(fields, torch.cat([real + 0.1 * scale, real + 0.1 * scale]))
    assert same["mean"].value.item() == pytest.approx(0.1 * share.item(), rel=1e-3)
    assert same["mean"].weight == 1
    apart = task.losses(fields, torch.cat([real + 0.1 * scale, real - 0.1 * scale]))
    assert apart["mean"].value.item() == pytest.approx(-0.2887 * 0.2 * share.item(), rel=1e-3)
    assert same["low"].value.item() == pytest.approx(apart["low"].value.item(), rel=1e-3)
    assert task.losses(fields, torch.cat([real, real]))["low"].value.item() == pytest.approx(0, abs=1e-6)


def run(recipe_file: Path, out: str, *arguments: str) -> Path:
    folder = recipe_file.parent / out
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu", *arguments]) == 0
    return folder


def test_it_learns_and_ships_a_checkpoint_that_draws(recipe_file: Path) -> None:
    folder = run(recipe_file, "run")
    checkpoint = read_checkpoint(sorted((folder / "snapshots").iterdir())[-1])
    card = checkpoint.card
    assert (card.role, card.base, card.stochastic, card.steps) == (Role.RESTORE, "context-encoder", True, 6)
    assert card.scores["val_holes"] == 2
    assert card.scores["val_psnr_smooth_db"] > 10
    network = load_network(checkpoint)
    field = torch.zeros(1, 3, 128, 128)
    assert network(field, torch.zeros(1, FLAGS), seeded_noise(field, 1)).shape == (1, 1, 64, 64)
    sheet = cv2.imread(str(next((folder / "sheets").iterdir())), cv2.IMREAD_GRAYSCALE)
    assert sheet.shape[1] % 2 == 0
    assert sheet.std() > 10
    journal = (folder / "journal.csv").read_text()
    assert "val_psnr_between_db" in journal


@pytest.mark.parametrize("change", ["holes.donors=0.8", "images.levels=[0.5, 0.5, 0.5]", "judges.near={field=70}"])
def test_shares_and_names_that_cannot_be_are_refused(recipe_file: Path, change: str) -> None:
    with pytest.raises(RecipeError, match=r"together|judges\.near"):
        read_recipe(recipe_file, (change, "holes.guided=0.3"))


def test_one_radiograph_is_too_few_for_donors(recipe_file: Path) -> None:
    recipe, text = read_recipe(recipe_file, (f"images.train='{(recipe_file.parent / 'one').as_posix()}'",))
    (recipe_file.parent / "one").mkdir()
    cv2.imwrite(str(recipe_file.parent / "one" / "0.png"), _images(1, 0)[0])
    with pytest.raises(RecipeError, match="at least 2"):
        InpainterTask(recipe, text)


def test_radiographs_of_different_sizes_are_one_sentence(recipe_file: Path) -> None:
    cv2.imwrite(str(recipe_file.parent / "train" / "9.png"), np.zeros((100, 90), np.uint8))
    recipe, text = read_recipe(recipe_file)
    with pytest.raises(RecipeError, match="one size"):
        InpainterTask(recipe, text)


def test_the_shipped_recipe_is_what_was_run() -> None:
    recipe, _ = read_recipe(resource("recipes", "inpainting-compact.toml"))
    card = read_checkpoint(resource("checkpoints", "inpainting.safetensors")).card
    assert (recipe.name, recipe.steps, recipe.run.batch) == (card.name, card.steps, 64)
    assert (recipe.run.precision, recipe.optimiser.schedule) == ("bf16-mixed", "cosine")
    for change in (f"steps={recipe.steps}", f"run.batch={recipe.run.batch}", f"optimiser.rate={recipe.optimiser.rate}"):
        key, _, value = change.partition("=")
        (line,) = [line for line in card.recipe.splitlines() if line.startswith(f"# changed when started: {key}=")]
        assert float(line.rpartition("=")[2]) == float(value)
