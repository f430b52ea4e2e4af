"""A training's length in steps or in processor time instead of epochs."""

from __future__ import annotations

from pathlib import Path

import pytest
from safetensors import safe_open

from cxr_studio.errors import RecipeError
from trainers import budget
from trainers.__main__ import main
from trainers.reading import read_recipe
from trainers.systems.context_encoder import ContextEncoderTask


def test_steps_take_the_place_of_epochs_and_stages_keep_their_shares(recipe_file: Path) -> None:
    whole, short = (ContextEncoderTask(*read_recipe(recipe_file, words)) for words in ((), ("run.steps=12",)))
    assert (whole.total_steps, short.total_steps) == (32, 12)
    assert [short.stage(step) for step in range(12)] == [0] * 6 + [1] * 6


def test_a_stage_may_lower_every_rate(recipe_file: Path) -> None:
    stage = '[[stages]]\ntrain = ["generator"]\nepochs = 4\nadversarial = false\nfactor = 0.1\n'
    recipe_file.write_text(recipe_file.read_text().replace("[run]", f"{stage}[run]"))
    task = ContextEncoderTask(*read_recipe(recipe_file, ("optimiser.rate=0.01",)))
    rates = []
    for step in (31, 32):
        task.set_rates(step)
        rates.append(task.optimisers["generator"].param_groups[0]["lr"])
    assert rates == pytest.approx([0.01, 0.001])


def test_processor_time_ends_a_training_also_one_that_resumes(recipe_file: Path, monkeypatch) -> None:
    """Every look at the clock is a second later: a step is one, from begin to pause."""
    seconds = iter(range(10_000))
    monkeypatch.setattr(budget.time, "process_time", lambda: next(seconds))
    folder = recipe_file.parent / "run"
    words = [str(recipe_file), "--out", str(folder), "--device", "cpu", "--set", "run.minutes=0.1"]
    assert main([*words, "--steps", "2"]) == 0
    assert main([*words, "--resume"]) == 0
    with safe_open(folder / "state.safetensors", framework="pt") as archive:
        position = archive.metadata()["position"]
    assert '"step": 6' in position
    assert '"processor_seconds": 6.0' in position


def test_both_are_refused(recipe_file: Path) -> None:
    with pytest.raises(RecipeError, match="not both"):
        read_recipe(recipe_file, ("run.steps=3", "run.minutes=3"))
