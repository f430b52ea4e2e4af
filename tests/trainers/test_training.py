"""Training for real in seconds: it learns, resumes bit for bit, and ships a loadable checkpoint."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from cxr_studio.errors import GeneratorError
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.networks.registry import load_network
from cxr_studio.radiographs.spacing import Spacing, SpacingOrigin
from cxr_studio.restore.field import grid_scale
from trainers.__main__ import main
from trainers.image_store import load_images
from trainers.reading import read_recipe
from trainers.systems.context_encoder import ContextEncoderTask


def run(recipe_file: Path, out: str, *arguments: str) -> Path:
    folder = recipe_file.parent / out
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu", *arguments]) == 0
    return folder


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "state.safetensors")


PAPER = (
    "generator={architecture='context-encoder', parameters={base=2}}",
    "holes={square_share=1.0}",
    "stages=[{train=['generator'], epochs=0.25, adversarial=false}, "
    "{train=['discriminator'], epochs=0.25}, {train=['generator', 'discriminator'], epochs=1}]",
    "run.val_holes=2",
)
"""The paper's network, discriminator and stages, tiny."""


def changed(*overrides: str) -> tuple[str, ...]:
    return tuple(word for override in overrides for word in ("--set", override))


@pytest.mark.parametrize(("overrides", "half"), [((), 13), (PAPER, 5)], ids=["compact", "paper"])
def test_resuming_goes_on_bit_for_bit(recipe_file: Path, overrides: tuple[str, ...], half: int) -> None:
    whole = run(recipe_file, "whole", *changed(*overrides))
    run(recipe_file, "halves", "--steps", str(half), *changed(*overrides))
    halves = run(recipe_file, "halves", "--resume", *changed(*overrides))
    one, two = weights(whole), weights(halves)
    assert one.keys() == two.keys()
    assert all(torch.equal(one[key], two[key]) for key in one)


def test_a_snapshot_is_a_checkpoint_with_a_card(recipe_file: Path) -> None:
    folder = run(recipe_file, "run", "--steps", "4")
    snapshot = folder / "snapshots" / "step-0000004.safetensors"
    card = read_checkpoint(snapshot).card
    assert (card.name, card.steps) == ("tiny", 4)
    assert card.scores["val_psnr_db"] > 10
    assert card.gflop > 0
    assert card.weights_count == sum(p.numel() for p in load_network(read_checkpoint(snapshot)).parameters())
    assert "[run]" in card.recipe
    assert (folder / "sheets" / "step-0000004.png").exists()


def test_a_card_states_the_pixel_of_shrunk_patches(recipe_file: Path) -> None:
    options = changed("images.zoom=[0.5, 0.5]", "images.zoom_share=1", "images.keep_back=1")
    folder = run(recipe_file, "shrunk", "--steps", "2", *options)
    usual = run(recipe_file, "usual", "--steps", "2")
    small, plain = (read_checkpoint(f / "snapshots" / "step-0000002.safetensors").card for f in (folder, usual))
    assert small.mm_per_pixel == 2 * plain.mm_per_pixel
    assert 2 * small.reference_side == plain.reference_side


def test_whole_radiographs_are_learned_from_and_scored_alike(recipe_file: Path) -> None:
    """The card has no pixel size, and every held-out radiograph counts once, shrunk whole."""
    options = changed("images.mode='whole'", "run.val_holes=9")
    folder = run(recipe_file, "whole", "--steps", "2", *options)
    checkpoint = read_checkpoint(folder / "snapshots" / "step-0000002.safetensors")
    card = checkpoint.card
    assert (card.mm_per_pixel, card.reference_side, card.scores["val_holes"]) == (0, 0, 2)
    task = ContextEncoderTask(*read_recipe(recipe_file, options[1::2]))
    images = load_images(recipe_file.parent / "val")
    for real, image in zip(task.held_out.real, images, strict=True):
        small = cv2.resize(image, (32, 32), interpolation=cv2.INTER_AREA)
        assert np.array_equal(real, small.astype(np.float32) / 127.5 - 1)
    with pytest.raises(GeneratorError, match="'tiny' was trained on whole radiographs of 32 pixels"):
        grid_scale(card, (1024, 1024), Spacing(0.2, 0.2, SpacingOrigin.AT_DETECTOR))


def test_it_learns(recipe_file: Path) -> None:
    changes = (
        "stages=[{train=['generator'], epochs=60, adversarial=false}]",
        "optimiser.rate=0.005",
        "holes.square_share=1.0",
        "run.val_holes=16",
        "run.average=0.98",
    )
    folder = run(recipe_file, "run", *changed(*changes))
    last = sorted((folder / "snapshots").iterdir())[-1]
    scores = read_checkpoint(last).card.scores
    assert scores["val_psnr_db"] > scores["val_psnr_biharmonic_db"]


def test_the_papers_stages_and_monitors(recipe_file: Path) -> None:
    longer = PAPER[2].replace("epochs=1}", "epochs=5}")
    folder = run(recipe_file, "run", *changed(*PAPER, longer))
    with (folder / "journal.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    figures = {row["name"]: float(row["value"]) for row in rows}
    assert figures.keys() >= {"reconstruction", "adversarial", "value", "d_real", "d_fake"}
    assert 0 < figures["d_real"] < 1
    assert figures["value"] < 0


def test_dry_run_keeps_nothing(recipe_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = set(recipe_file.parent.iterdir())
    assert main([str(recipe_file), "--dry-run", "--device", "cpu"]) == 0
    assert "Nothing was kept" in capsys.readouterr().out
    assert set(recipe_file.parent.iterdir()) == before


def test_a_second_start_does_not_overwrite(recipe_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = run(recipe_file, "run", "--steps", "2")
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu"]) == 1
    assert "--resume" in capsys.readouterr().err


def test_a_damaged_state_is_one_sentence(recipe_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = run(recipe_file, "run", "--steps", "2")
    (folder / "state.safetensors").write_bytes(b"nothing")
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu", "--resume"]) == 1
    assert "cannot be resumed" in capsys.readouterr().err


def test_missing_images_are_one_sentence(recipe_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(recipe_file), "--device", "cpu", "--dry-run", "--set", "images.train='nowhere'"]) == 1
    assert "nowhere holds no radiographs" in capsys.readouterr().err
