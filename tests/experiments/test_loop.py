"""The loop from start to tables on six patients, with trainings of two steps."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cxr_studio.cli.main import main
from cxr_studio.datasets.folds import read_folds
from cxr_studio.datasets.manifest_csv import read_manifest
from cxr_studio.errors import RecipeError
from cxr_studio.experiments.experiment import Settings, opened
from cxr_studio.experiments.hard_examples import rows_of
from cxr_studio.experiments.recipe import read_experiment
from cxr_studio.experiments.sets import sets_of
from cxr_studio.experiments.steps import run_steps, standings
from cxr_studio.nodules.sizes import read_diameters
from cxr_studio.resources import resource
from tests.experiments.tiny import here, made


def rows_in(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny loop, run to its end."""
    folder = made(tmp_path_factory.mktemp("loop"))
    loop = opened(read_experiment(folder / "loop.toml"), Settings(folder / "out", "cpu"), here)
    assert run_steps(loop.steps(), folder / "out") == len(loop.steps())
    return folder


def test_a_fold_learns_from_other_patients_than_it_is_tested_on(folder: Path) -> None:
    sets = sets_of(read_experiment(folder / "loop.toml"))
    folds = read_folds(folder / "folds.csv")
    assert set(folds.values()) == {0, 1}
    held = {entry.patient for entry in sets.held_out(0).entries}
    pool = {entry.patient for entry in sets.pool(0).entries}
    assert held
    assert pool
    assert not held & pool
    assert len(held | pool) == 8
    assert {item.path.stem for item in sets.sources} == {"healthy-0", "healthy-1"}


def test_what_is_drawn_has_the_diameters_that_were_missed(folder: Path) -> None:
    out = folder / "out" / "fold-1"
    missed = read_diameters(f"file:{out / 'mined/diameter-missed.csv'}")
    nodules = rows_in(out / "mined/nodules.csv")
    assert sorted(missed.values) == sorted(float(one["diameter_px"]) for one in nodules if one["found"] == "0")
    drawn = read_manifest(out / "hem-size/drawn/first-2.csv")
    assert len(drawn.entries) == 2
    assert len(read_manifest(out / "hem-size/drawn/first-1.csv").entries) == 1
    for entry in drawn.entries:
        assert entry.source.startswith("healthy-")
        assert min(abs(entry.findings[0].size_px - one) for one in missed.values) < 1.5
    assert (out / "mined/by-position.csv").read_text().startswith("position,found,missed")


def test_nothing_is_done_twice(folder: Path) -> None:
    loop = opened(read_experiment(folder / "loop.toml"), Settings(folder / "out", "cpu"), here)
    assert run_steps(loop.steps(), folder / "out") == 0
    other = opened(read_experiment(folder / "loop.toml", ("rate=1.0",)), Settings(folder / "out", "cpu"), here)
    again = {one.step.key for one in standings(other.steps(), folder / "out") if not one.done}
    assert "fold-1/mined" in again
    assert "fold-1/hem-size-2/train" in again
    assert not {key for key in again if "/start/" in key or "/none/" in key}


def test_the_tables_have_every_row_and_the_papers_beside(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["experiment", str(folder / "loop.toml"), "--out", str(folder / "out")]
    assert main([*words, "--report", "--resamples", "100"]) == 0
    text = capsys.readouterr().out
    assert "The paper had more." in text
    assert "6 real nodules in 6 radiographs of 6 patients, tested beside 2 healthy radiographs" in text
    for words_ in ("Table III", "Table IV", "HEM by position", "Syn&Select", "0.9385 ± 0.0143", "less HEM by size, 2"):
        assert words_ in text
    page = (folder / "out/report.html").read_text()
    assert page.count("data:image/png") == 1
    rows = rows_in(folder / "out/report.csv")
    names = {name for name, _ in rows_of(read_experiment(folder / "loop.toml"))}
    assert {row["row"] for row in rows if " less " not in row["row"]} == {"start", *names}
    less = {row["row"] for row in rows if row["row"].endswith(" less none")}
    assert less == {f"{name} less none" for name in (names | {"start"}) - {"none"}}
    figures = json.loads((folder / "out/report.json").read_text())
    assert len(figures["by_fold"]["none"]["CPM"]) == 2


def test_a_dry_run_lists_the_steps(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["experiment", str(folder / "loop.toml"), "--out", str(folder / "elsewhere"), "--dry-run"]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert "fold-2/hem-position-2/train" in text
    assert "0 steps are done" in text
    assert not (folder / "elsewhere").exists()


@pytest.mark.parametrize("path", sorted(resource("experiments").glob("*.toml")), ids=lambda path: path.stem)
def test_the_shipped_recipes_are_whole(path: Path) -> None:
    experiment = read_experiment(path)
    assert experiment.name == path.stem
    assert Path(experiment.training.recipe).is_file()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("kind='loop'", "'loop' is no experiment. Choose hard-examples or localisation"),
        ("folds=1", "folds: "),
        ("compared=7", "not every condition has the count 7"),
        ("start.detector='x'", "name a detector, or a training"),
        ("steps=", "is not section.key=value"),
        ("conditions=[{name='none', title='none'}, {name='none', title='again'}]", "two conditions have one name"),
    ],
)
def test_faults_of_a_recipe_are_named(folder: Path, change: str, words: str) -> None:
    with pytest.raises(RecipeError) as fault:
        read_experiment(folder / "loop.toml", (change,))
    assert words in str(fault.value)
