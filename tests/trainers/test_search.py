"""A search of a recipe's values: trials of a few steps, stored, resumed and reported."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cxr_studio.errors import RecipeError
from trainers.__main__ import main
from trainers.loop import Loop
from trainers.reading import read_recipe
from trainers.recipe import Searched

optuna = pytest.importorskip("optuna")

SECTION = """
[search]
score = "val_psnr_db"
steps = 2

[search.values."optimiser.rate"]
low = 1e-5
high = 1e-2
log = true

[search.values."run.batch"]
low = 2
high = 4

[search.values."loss.kind"]
choices = ["rms", "l2"]
"""


@pytest.fixture
def searched(recipe_file: Path) -> Path:
    recipe_file.write_text(recipe_file.read_text() + SECTION)
    return recipe_file


def search(recipe: Path, count: int, *words: str) -> int:
    command = [str(recipe), "--out", str(recipe.parent / "search"), "--device", "cpu", "--search", str(count), *words]
    return main(command)


def rows(recipe: Path) -> list[dict[str, str]]:
    with (recipe.parent / "search" / "trials.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_trials_are_stored_and_more_are_added_on_resuming(searched: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(searched, 2) == 0
    first = rows(searched)
    assert [row["state"] for row in first] == ["complete"] * 2
    assert (first[0]["optimiser.rate"], first[0]["run.batch"], first[0]["loss.kind"]) == ("0.0002", "2", '"l2"')
    assert first[0] != {**first[1], "trial": "0", "folder": "trial-0000"}
    assert 1e-5 <= float(first[1]["optimiser.rate"]) <= 1e-2
    assert first[1]["run.batch"] in "234"
    assert search(searched, 3) == 1
    assert "holds a search already" in capsys.readouterr().err
    assert search(searched, 3, "--resume") == 0
    assert rows(searched)[:2] == first
    assert len(rows(searched)) == 3
    best = max(rows(searched), key=lambda row: float(row["score"]))
    told = capsys.readouterr().out.splitlines()[-1]
    assert told.startswith("Best of 3 trials: val_psnr_db ")
    assert best["folder"] in told
    assert f"--set optimiser.rate={best['optimiser.rate']} " in told
    folder = searched.parent / "search" / best["folder"]
    assert (folder / "snapshots" / "step-0000002.safetensors").exists()
    assert f"# changed when started: run.batch={best['run.batch']}" in (folder / "recipe.toml").read_text()


def test_a_trial_that_a_signal_ended_goes_on_in_its_folder(
    searched: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = Loop._words

    def stopping(self: Loop, end: int) -> str:
        self._stop = self.step == 1
        return plain(self, end)

    monkeypatch.setattr(Loop, "_words", stopping)
    assert search(searched, 1) == 0
    assert "Stopped after 0 of 1 trials. Continue with --resume." in capsys.readouterr().out
    assert rows(searched) == []
    monkeypatch.setattr(Loop, "_words", plain)
    assert search(searched, 1, "--resume") == 0
    (row,) = rows(searched)
    assert (row["folder"], row["state"], row["trial"]) == ("trial-0000", "complete", "1")
    assert len(list((searched.parent / "search" / "trial-0000" / "snapshots").iterdir())) == 2


def test_trials_that_fail_are_kept_and_the_first_ones_end_the_search(
    searched: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search(searched, 9, "--set", "generator.input_side=33") == 1
    assert "No trial of 3 could be trained (" in capsys.readouterr().err
    assert [row["state"] for row in rows(searched)] == ["fail"] * 3
    assert all(row["fault"] for row in rows(searched))


def test_what_cannot_be_searched_is_one_sentence(
    recipe_file: Path, searched: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search(searched, 1, "--set", "search.values={speed={low=1, high=2}}") == 1
    assert "speed is not known here" in capsys.readouterr().err
    assert search(searched, 1, "--set", "search.score='val_ssim'") == 1
    assert "'val_ssim' of [search] is not measured" in capsys.readouterr().err
    assert search(searched, 1, "--resume") == 1
    assert "is of another recipe" in capsys.readouterr().err
    recipe_file.write_text(recipe_file.read_text().replace(SECTION, ""))
    assert search(recipe_file, 1) == 1
    assert "no [search] section" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "name low and high, or choices"),
        ({"low": 1.0, "high": 2.0, "choices": (1, 2)}, "name low and high, or choices"),
        ({"low": 2, "high": 1}, "smaller end first"),
        ({"low": 0, "high": 1, "log": True}, "begins above 0"),
    ],
)
def test_a_range_that_is_none_is_refused(values: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Searched(**values)


def test_a_training_does_not_look_at_the_search(searched: Path) -> None:
    folder = searched.parent / "run"
    words = [str(searched), "--out", str(folder), "--device", "cpu", "--steps", "1"]
    assert main(words) == 0
    assert main([*words, "--resume", "--set", "search.steps=7"]) == 0
    with pytest.raises(RecipeError, match=r"search\.steps"):
        read_recipe(searched, ("search.steps=0",))
