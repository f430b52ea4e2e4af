"""The example of docs/training.md: a file in trainers/systems and a recipe are a system, with nothing else changed."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from trainers import systems
from trainers.__main__ import main
from trainers.finding import system_names

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example's file among the systems."""
    (tmp_path / "more").mkdir()
    shutil.copy(EXAMPLES / "sharpening.py", tmp_path / "more")
    monkeypatch.setattr(systems, "__path__", [*systems.__path__, str(tmp_path / "more")])
    yield
    sys.modules.pop("trainers.systems.sharpening", None)
    if hasattr(systems, "sharpening"):
        del systems.sharpening


def test_two_files_are_a_system_that_learns_resumes_and_ships(recipe_file: Path, added: None) -> None:
    assert "sharpening" in system_names()
    folder = recipe_file.parent
    command = [str(EXAMPLES / "sharpening.toml"), "--out", str(folder / "sharp"), "--device", "cpu"]
    for change in (
        f"images.train='{(folder / 'train').as_posix()}'",
        f"images.val='{(folder / 'val').as_posix()}'",
        "generator={architecture='pix2pix', input_side=32, parameters={width=4, depth=3}}",
        "judge.width=4",
        "run.batch=2",
        "run.sheet=2",
    ):
        command += ["--set", change]
    assert main([*command, "--steps", "20"]) == 0
    assert main([*command, "--resume"]) == 0
    card = read_checkpoint(folder / "sharp" / "snapshots" / "step-0000040.safetensors").card
    assert (card.role, card.name, card.input_side) == (Role.TRANSLATE, "sharpening", 32)
    assert card.scores["val_psnr_db"] > 5
    assert "judge_loss" in (folder / "sharp" / "journal.csv").read_text()
