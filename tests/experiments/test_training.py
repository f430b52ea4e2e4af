"""Trainings as steps, in a process of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cxr_studio.datasets.folds import write_folds
from cxr_studio.errors import Cancelled, RecipeError, StudioError
from cxr_studio.events import CancelToken, silent
from cxr_studio.experiments.parts import Training
from cxr_studio.experiments.steps import Doing
from cxr_studio.experiments.training import Order, facts_of, length_of, snapshot, steps_done, text, train
from tests.experiments.tiny import made


def order_in(folder: Path, **values: int) -> Order:
    write_folds(folder / "folds.csv", {f"0000000{k}": k % 2 for k in range(6)})
    files = {"truth": folder / "boxes.csv", "images": folder / "real", "folds": folder / "folds.csv"}
    settings = tuple(f"real.{name}={text(str(path))}" for name, path in files.items())
    return Order(Training(recipe=str(folder / "training.toml"), steps=3), settings, 3, device="cpu", **values)


def test_it_stops_at_a_step_and_resumes(tmp_path: Path) -> None:
    folder, out = made(tmp_path), tmp_path / "run"
    told: list[float] = []
    doing = Doing(out, lambda fraction, words: told.append(fraction), CancelToken())
    order = order_in(folder, until=3)
    train(order, doing)
    assert steps_done(out) == 3
    assert snapshot(out).stem == "step-0000003"
    log = (out / "log.txt").read_bytes()
    train(order, doing)  # nothing is left to do
    assert (out / "log.txt").read_bytes() == log
    with pytest.raises(StudioError, match="no snapshot"):
        snapshot(out, 2)


def test_a_training_that_fails_says_why_and_one_that_is_cancelled_stops(tmp_path: Path) -> None:
    folder = made(tmp_path)
    order = order_in(folder, until=3)
    doing = Doing(tmp_path / "run", silent, CancelToken())
    with pytest.raises(StudioError, match=r"did not come to its end \(.*network"):
        train(replace(order, settings=(*order.settings, "network.no=1")), doing)
    doing.cancel.cancel()
    with pytest.raises(Cancelled):
        train(order, doing)
    assert steps_done(tmp_path / "run") < 3


def test_what_decides_a_training(tmp_path: Path) -> None:
    recipe = made(tmp_path) / "training.toml"
    before = facts_of(Training(recipe=str(recipe)))
    recipe.write_text(recipe.read_text().replace("batch = 2", "batch = 3"))
    assert facts_of(Training(recipe=str(recipe))) != before
    assert length_of(Training(recipe=str(recipe), steps=5), 100) == 5
    assert length_of(Training(recipe=str(recipe), epochs=2), 100) == 66
    with pytest.raises(RecipeError, match="no such recipe"):
        facts_of(Training(recipe=str(tmp_path / "none.toml")))
