"""Several recipes one after another, for as long each."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from safetensors import safe_open

from cxr_studio.networks.checkpoint import read_checkpoint
from trainers import budget
from trainers.__main__ import main
from trainers.loop import Loop


@pytest.fixture
def recipes(recipe_file: Path) -> list[str]:
    """A recipe, one whose images are missing, and another."""
    text = recipe_file.read_text().replace("epochs = 2", "epochs = 1")
    found = []
    for name, change in (("first", ("", "")), ("none", ("/train", "/nowhere")), ("second", ("", ""))):
        path = recipe_file.with_name(f"{name}.toml")
        path.write_text(text.replace('"tiny"', f'"{name}"').replace(*change))
        found.append(str(path))
    return found


def step_of(folder: Path) -> int:
    with safe_open(folder / "state.safetensors", framework="pt") as archive:
        return int(json.loads(archive.metadata()["position"])["step"])


def test_each_has_its_own_folder_and_one_that_fails_stops_no_other(recipes, tmp_path, capsys) -> None:
    out = tmp_path / "runs"
    assert main([*recipes, "--out", str(out), "--device", "cpu", "--steps", "2"]) == 1
    assert [step_of(out / name) for name in ("first", "second")] == [2, 2]
    assert "nowhere" in capsys.readouterr().err
    assert main([recipes[0], recipes[2], "--out", str(out), "--device", "cpu"]) == 1
    assert capsys.readouterr().err.count("holds a training already") == 2


def test_resuming_begins_goes_on_and_leaves_alone_what_has_ended(recipes, tmp_path, monkeypatch) -> None:
    """Every look at the clock is a second later: a step is one, from begin to pause."""
    seconds = iter(range(10_000))
    monkeypatch.setattr(budget.time, "process_time", lambda: next(seconds))
    out, names = tmp_path / "runs", ("first", "second")
    words = ["--out", str(out), "--device", "cpu", "--set", "run.minutes=0.1", "--resume"]
    assert main([recipes[0], "--out", str(out / "first"), *words[2:-1], "--steps", "2"]) == 0
    for _ in range(2):
        assert main([recipes[0], recipes[2], *words]) == 0
        assert [step_of(out / name) for name in names] == [6, 6]
    cards = [read_checkpoint(sorted((out / name / "snapshots").iterdir())[-1]).card for name in names]
    assert [card.seconds for card in cards] == [6.0, 6.0]


def test_a_signal_ends_the_series(recipes, tmp_path, monkeypatch) -> None:
    run = Loop._spent
    monkeypatch.setattr(Loop, "_spent", lambda loop: (os.kill(os.getpid(), signal.SIGTERM), run(loop))[1])
    assert main([recipes[0], recipes[2], "--out", str(tmp_path / "runs"), "--device", "cpu"]) == 1
    assert step_of(tmp_path / "runs" / "first") == 1
    assert not (tmp_path / "runs" / "second").exists()
