"""The localisation experiment on six patients, with a training of two steps, and a generator that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_studio.cli.main import main
from cxr_studio.datasets.entries import Entry, Finding, Manifest
from cxr_studio.datasets.folds import read_folds
from cxr_studio.datasets.splits import split_of
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.localisation import TOTAL, resampled_shares
from cxr_studio.experiments.experiment import Settings, opened
from cxr_studio.experiments.recipe import read_experiment
from cxr_studio.experiments.sets import HELD_OUT, held_out_share, localised
from cxr_studio.experiments.steps import run_steps
from cxr_studio.experiments.training import steps_done
from tests.experiments.tiny import here, made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = made(tmp_path_factory.mktemp("localisation"))
    own = opened(read_experiment(folder / "localisation.toml"), Settings(folder / "out", "cpu"), here)
    assert [step.key for step in own.steps()] == [
        f"original/{what}-{at}" for at in (1, 2) for what in ("train", "test")
    ]
    assert run_steps(own.steps(), folder / "out") == 4
    return folder


def test_a_training_continues_from_one_test_to_the_next(folder: Path) -> None:
    run = folder / "out/original/train-1"
    assert steps_done(run) == 2
    assert [path.stem for path in sorted((run / "snapshots").iterdir())] == ["step-0000001", "step-0000002"]


def test_the_table_says_what_was_not_trained(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["experiment", str(folder / "localisation.toml"), "--out", str(folder / "out")]
    assert main([*words, "--report", "--resamples", "100"]) == 0
    text = capsys.readouterr().out
    assert "12 boxes of nodule and mass in 6 radiographs; 8 to learn from and 4 of other patients to test on" in text
    assert "+ Pix2Pix: not trained. There is no generator 'no-such-generator'" in text
    line = next(line for line in text.splitlines() if line.startswith("total"))
    assert line.split()[3:] == ["not", "trained"] * 2
    assert "0.405" not in text  # no third step and no Pix2Pix-N to stand beside
    assert "0.301" in text


def test_patients_that_generators_hold_out_are_held_out_first(tmp_path: Path) -> None:
    experiment = read_experiment(made(tmp_path) / "localisation.toml")
    names = [f"000{k:05d}" for k in range(40)]
    unseen = [name for name in names if split_of(name) == "val"]
    entries = tuple(Entry(f"{name}.png", name, findings=(Finding("nodule", (0, 0, 1, 1)),)) for name in names)
    folds = held_out_share(experiment.real, Manifest(tmp_path, entries), 0.3, first=unseen)
    held = {name for name, fold in folds.items() if fold == HELD_OUT}
    assert len(held) == 12
    assert set(unseen) <= held
    assert read_folds(tmp_path / "halves.csv") == folds
    assert {e.patient for e in localised(experiment).test.entries} <= held


def test_a_difference_resamples_the_same_patients() -> None:
    entries = tuple(Entry(f"{k}.png", f"P{k}", findings=(Finding("mass", (0, 0, 10, 10)),)) for k in range(8))
    truth = Manifest(Path(), entries)
    hits = [Detection(f"{k}.png", (0, 0, 10, 10), 0.5, "mass") for k in range(5)]
    more = [*hits, Detection("6.png", (0, 0, 10, 11), 0.2, "mass")]
    less = resampled_shares(truth, more, resamples=200)[TOTAL] - resampled_shares(truth, hits, resamples=200)[TOTAL]
    assert less[0] == pytest.approx(1 / 8)
    assert (less >= 0).all()  # the second finds all that the first does, in every resample
