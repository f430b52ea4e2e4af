"""Two processes learn what one does: the same losses at the same batch of both, and one of them writes."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from cxr_studio.errors import RecipeError
from tests.trainers.texture_recipe import write_texture_recipe
from trainers import processes
from trainers.__main__ import main
from trainers.reading import read_recipe

JUDGES = """
[judges.fine]
field = 16
width = 4
r1 = 0.1
r2 = 0.1
penalty_every = 2

[judges.wide]
field = 16
width = 4
r1 = 0.1
norm = "none"
"""
"""Judges beside the paper's own, with penalties and a region in which scores count."""

STEPS = ["step-0000020.safetensors", "step-0000040.safetensors"]

ROOT = Path(__file__).parents[2]


def trained(recipe: Path, out: str, *words: str) -> Path:
    """Train in this process; returns the run folder."""
    folder = recipe.parent / out
    assert main([str(recipe), "--out", str(folder), "--device", "cpu", *words]) == 0
    return folder


def trained_by_two(recipe: Path, out: str, *words: str) -> Path:
    """Train by two processes that torchrun starts; returns the run folder."""
    folder = recipe.parent / out
    start = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2", "-m", "trainers"]
    command = [*start, str(recipe), "--out", str(folder), "--device", "cpu", *words]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.count("Snapshots are in") == 1
    return folder


def figures(folder: Path) -> dict[tuple[int, str], float]:
    with (folder / "journal.csv").open(newline="") as stream:
        rows = [((int(row["step"]), row["name"]), float(row["value"])) for row in csv.DictReader(stream)]
    assert len(rows) == len(dict(rows))
    return dict(rows)


@pytest.mark.timeout(1000)
def test_two_processes_learn_what_one_does_also_where_they_go_on_for_one_and_one_for_them(tmp_path: Path) -> None:
    recipe = write_texture_recipe(tmp_path)
    recipe.write_text(recipe.read_text().replace("epochs = 6", "epochs = 14") + JUDGES)
    one = trained(recipe, "one")
    both = trained(recipe, "both", "--steps", "20")
    both = trained_by_two(recipe, "both", "--steps", "20", "--resume")
    assert [path.name for path in sorted((both / "snapshots").iterdir())] == STEPS
    both = trained(recipe, "both", "--resume")
    first, second = figures(one), figures(both)
    assert {name for step, name in first if step == 40} >= {"region", "fine_penalty", "wide_penalty", "fine_loss"}
    for place, value in first.items():
        assert second[place] == pytest.approx(value, rel=2e-3, abs=1e-4), place
    weights, same = load_file(one / "state.safetensors"), load_file(both / "state.safetensors")
    assert weights.keys() == same.keys()
    averages = [key for key in weights if key.startswith("module.average.")]
    assert averages
    for key in averages:
        torch.testing.assert_close(same[key], weights[key], rtol=0, atol=2e-3, msg=key)


def test_a_batch_that_cannot_be_shared_is_one_sentence(recipe_file: Path) -> None:
    recipe, _ = read_recipe(recipe_file, ("run.batch=3",))
    processes.check_shares(recipe, 1)
    with pytest.raises(RecipeError, match=r"3 samples of run\.batch cannot be shared equally by 2 processes"):
        processes.check_shares(recipe, 2)


def test_processes_are_counted_as_torchrun_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCAL_WORLD_SIZE", raising=False)
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert (processes.started_here(), processes.machines()) == (0, 1)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    assert (processes.started_here(), processes.machines()) == (2, 2)


def test_the_other_processes_have_streams_of_their_own() -> None:
    torch.manual_seed(5)
    wanted = torch.rand(1)
    torch.manual_seed(5)
    processes.own_stream(5, 0, 0)
    assert torch.equal(torch.rand(1), wanted)
    drawn = []
    for place in ((1, 0), (2, 0), (1, 7), (1, 0)):
        processes.own_stream(5, *place)
        drawn.append(torch.rand(1).item())
    assert drawn[0] == drawn[3]
    assert len(set(drawn)) == 3
