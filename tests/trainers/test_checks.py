"""What is refused before any work: ranges, patients, batches, networks, and a run folder of another training."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_studio.errors import RecipeError
from cxr_studio.processes import supervised
from tests.conftest import SHARED
from trainers.__main__ import main
from trainers.reading import read_recipe

CASES = SHARED.parent / "cases"


def refused(recipe_file: Path, capsys: pytest.CaptureFixture[str], *overrides: str) -> str:
    """The sentence of a dry run."""
    words = [word for override in overrides for word in ("--set", override)]
    assert main([str(recipe_file), "--dry-run", "--device", "cpu", *words]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    return told


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("images.zoom=[1.25, 0.8]", "images.zoom: the range must have its smaller end first, 0.8 to 1.25"),
        ("images.zoom=[0, 0]", "images.zoom: both ends of the range must be above 0"),
        ("images.zoom=[-1.0, 1.0]", "images.zoom"),
        ("images.zoom=[1.0, inf]", "images.zoom"),
        ("images.zoom=[1e-6, 1.0]", "images.zoom: a magnification lies between"),
        ("images.gamma=[1.2, 0.8]", "images.gamma"),
        ("images.gamma=[nan, 1.0]", "images.gamma"),
        ("optimiser.rate=inf", "optimiser.rate"),
        ("optimiser.betas=[0.5, 1.0]", "optimiser.betas"),
        ("generator.hole_side=32", "a hole_side of 32 leaves nothing of an input_side of 32"),
        ("run.batch=17", "run.batch: 17 is larger than an epoch of 16 samples"),
        ("images.keep_back=4", "images.keep_back: 4 of 4 radiographs leave none"),
        ("generator.parameters.widths=[4]", "generator: the network"),
        ("generator.input_side=33", "cannot be trained"),
        ("generator.parameters.depth=3", "generator: the network 'compact-context-encoder' cannot be built"),
        ("generator.architecture='unknown'", "unknown network 'unknown'"),
    ],
)
def test_a_recipe_that_cannot_be_trained_is_one_sentence(
    recipe_file: Path, capsys: pytest.CaptureFixture[str], override: str, words: str
) -> None:
    assert words in refused(recipe_file, capsys, override)


def test_train_and_val_are_other_patients(recipe_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = recipe_file.parent
    same = refused(recipe_file, capsys, f"images.val='{(folder / 'train').as_posix()}'")
    assert "images.train and images.val are not of other patients: a picture and 3 more in both" in same
    (folder / "train" / "0.png").rename(folder / "train" / "00000013_001.png")
    (folder / "val" / "0.png").rename(folder / "val" / "00000013_002.png")
    assert "patient 00000013 in both" in refused(recipe_file, capsys)
    (folder / "val" / "patients.csv").write_text("image,patient\n00000013_002.png,B\n")
    assert main([str(recipe_file), "--dry-run", "--device", "cpu"]) == 0


def test_all_faults_of_the_data_are_told_at_once(recipe_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = refused(recipe_file, capsys, "images.val='nowhere'", "run.batch=99")
    assert "2 faults" in told
    assert "nowhere holds no radiographs" in told
    assert "run.batch: 99" in told


@pytest.mark.parametrize("name", ["lungs-compact", "texture-compact", "shape-compact", "context-encoder-coarse"])
def test_reversed_ranges_are_told_in_every_system(name: str) -> None:
    from cxr_studio.resources import resource

    ranges = {
        "lungs-compact": ("augmentation.scale", "augmentation.gamma", "augmentation.contrast"),
        "texture-compact": ("pairs.diameters", "pairs.subtleties"),
        "context-encoder-coarse": ("images.zoom", "images.gamma"),
    }
    for key in ranges.get(name, ()):
        with pytest.raises(RecipeError, match=f"a fault: {key}: the range"):
            read_recipe(resource("recipes", f"{name}.toml"), (f"{key}=[1.5, 0.5]",))
    read_recipe(resource("recipes", f"{name}.toml"))


def begun(recipe_file: Path, *words: str) -> Path:
    folder = recipe_file.parent / "run"
    assert main([str(recipe_file), "--out", str(folder), "--device", "cpu", "--steps", "2", *words]) == 0
    return folder


def resumed(recipe_file: Path, folder: Path, *overrides: str) -> int:
    words = [word for override in overrides for word in ("--set", override)]
    return main([str(recipe_file), "--out", str(folder), "--device", "cpu", "--steps", "1", "--resume", *words])


def test_resuming_with_another_recipe_is_refused(recipe_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = begun(recipe_file, "--set", "optimiser.rate=0.001")
    kept = (folder / "recipe.toml").read_text()
    assert resumed(recipe_file, folder) == 1
    assert "run is another one: its optimiser.rate was 0.001, not 0.0002" in capsys.readouterr().err
    assert resumed(recipe_file, folder, "optimiser.rate=0.001", "run.batch=4", "seed=9") == 1
    assert "its run.batch was 2, not 4, and seed" in capsys.readouterr().err
    assert resumed(recipe_file, folder, "optimiser.rate=0.001") == 0
    assert not (folder / "resumes.csv").exists()
    assert (folder / "recipe.toml").read_text() == kept


def test_free_values_may_differ_and_are_noted(recipe_file: Path) -> None:
    folder = begun(recipe_file)
    kept = (folder / "recipe.toml").read_text()
    assert resumed(recipe_file, folder, "run.sheet=2", "title='Other'") == 0
    with (folder / "resumes.csv").open(newline="") as stream:
        rows = [(row["value"], row["before"], row["now"]) for row in csv.DictReader(stream)]
    assert rows == [("run.sheet", "3", "2"), ("title", '"Tiny"', '"Other"')]
    assert (folder / "recipe.toml").read_text() == kept


def test_resuming_on_other_pictures_of_the_same_names_is_refused(
    recipe_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, picture = begun(recipe_file), recipe_file.parent / "train" / "2.png"
    before = picture.read_bytes()
    cv2.imwrite(str(picture), np.full((160, 160), 90, np.uint8))
    assert resumed(recipe_file, folder) == 1
    assert "its images.train was other data (2.png with another content)" in capsys.readouterr().err
    picture.write_bytes(before)
    (recipe_file.parent / "train").rename(recipe_file.parent / "moved")
    recipe_file.write_text(recipe_file.read_text().replace("/train", "/moved"))
    assert resumed(recipe_file, folder) == 0  # the same pictures elsewhere


def test_a_run_from_before_hashes_were_noted_gets_them(recipe_file: Path) -> None:
    folder = begun(recipe_file)
    (folder / "data.json").unlink()
    assert resumed(recipe_file, folder) == 0
    assert (folder / "data.json").exists()


SLEEPER = """
import signal, sys, time
def stop(number, frame):
    print("saved", flush=True)
    sys.exit(7)
signal.signal(signal.SIGTERM, stop)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_sigterm_reaches_the_training() -> None:
    own = f"supervised([sys.executable, '-c', {SLEEPER!r}])"
    code = f"import sys; from cxr_studio.processes import supervised; sys.exit({own})"
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.stdout.read() == "saved\n"
    assert process.wait(20) == 7
    assert time.monotonic() - started < 20
    process.stdout.close()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_training_ended_by_a_signal_has_the_shells_code() -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert supervised([sys.executable, "-c", code]) == 128 + signal.SIGKILL
    assert supervised([sys.executable, "-c", "raise SystemExit(3)"]) == 3


@pytest.mark.shared
@pytest.mark.parametrize("name", ["zoom_reversed", "zoom_zero"])
def test_cases_19_are_one_sentence(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(CASES / "19" / f"{name}.toml"), "--dry-run"]) == 1
    assert "the recipe has a fault: images.zoom: " in capsys.readouterr().err
