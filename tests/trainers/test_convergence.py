"""Rates drop where a held-out score no longer improves, and then the training ends, also when it was interrupted."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from cxr_studio.errors import RecipeError
from trainers.__main__ import main
from trainers.convergence import Watch
from trainers.recipe import Convergence
from trainers.systems.context_encoder import ContextEncoderTask
from trainers.task import Task


def watched(values: list[float], **changes) -> Watch:
    watch = Watch(Convergence(score="psnr", **{"patience": 2, **changes}))
    for value in values:
        watch.see({"psnr": value})
    return watch


def test_two_measurements_without_a_better_one_drop_the_rate_and_two_more_end_it() -> None:
    assert watched([1, 2, 2]).factor == 1
    assert watched([1, 2, 2, 1]).factor == pytest.approx(0.1)
    assert watched([1, 2, 2, 3, 2]).factor == 1
    assert not watched([1, 2, 2, 1, 2]).ended
    assert watched([1, 2, 2, 1, 2, 2]).ended
    assert not watched([1, 2, 2, 1, 2, 3, 1]).ended
    assert watched([1, 1, 1], drops=0).ended
    assert watched([3, 2, 1], best="min").factor == 1
    assert watched([1, 2, 3], best="min").factor == pytest.approx(0.1)


def test_a_watch_goes_on_from_what_was_noted() -> None:
    for values in ([], [2.0, 1.0], [2.0, 1.0, 1.0, 1.0]):
        watch = watched(values)
        assert Watch(watch.rule, **watch.noted()) == watch


def test_a_score_that_is_not_measured_is_one_sentence() -> None:
    with pytest.raises(RecipeError, match=r"'psnr' is not measured.*Choose one of dice"):
        watched([]).see({"dice": 1.0})


RULE = "convergence={score='val_psnr_db', every=0.25, patience=1, drops=1, factor=0.5}"


def rates(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seen: list[float] = []
    plain = ContextEncoderTask.step

    def step(self: ContextEncoderTask, batch, number: int):
        figures = plain(self, batch, number)
        seen.append(self.optimisers["generator"].param_groups[0]["lr"])
        return figures

    monkeypatch.setattr(ContextEncoderTask, "step", step)
    return seen


def trained(recipe_file: Path, out: str, *words: str) -> Path:
    folder = recipe_file.parent / out
    arguments = [str(recipe_file), "--out", str(folder), "--device", "cpu", "--set", RULE, *words]
    assert main(arguments) == 0
    return folder


def test_a_training_drops_its_rate_and_ends_and_resumes_the_same(
    recipe_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Measured every 2 of 32 steps: better at 2, not at 4 (the rate halves), not at 6 (the end)."""
    monkeypatch.setattr(Task, "scores", _falling)
    seen = rates(monkeypatch)
    whole = trained(recipe_file, "whole")
    assert seen == pytest.approx([2e-4] * 4 + [1e-4] * 2)
    with (whole / "journal.csv").open() as stream:
        assert max(int(row["step"]) for row in csv.DictReader(stream)) == 6
    seen.clear()
    for words in (("--steps", "3"), ("--resume", "--steps", "1"), ("--resume",), ("--resume",)):
        halves = trained(recipe_file, "halves", *words)
    assert seen == pytest.approx([2e-4] * 4 + [1e-4] * 2)
    one, two = (load_file(folder / "state.safetensors") for folder in (whole, halves))
    assert all(torch.equal(one[key], two[key]) for key in one)


def _falling(task: Task) -> dict[str, float]:
    """A score by the steps that the network has taken: the fewer, the better."""
    state = task.optimisers["generator"].state_dict()["state"]
    return {"val_psnr_db": -float(state[0]["step"]) if state else 0.0}


def test_an_unknown_score_is_found_by_the_dry_run(recipe_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(recipe_file), "--dry-run", "--device", "cpu", "--set", RULE.replace("psnr_db", "ssim")]) == 1
    assert "convergence.score: 'val_ssim' is not measured" in capsys.readouterr().err
