"""``cxr-studio study``: made, sat, watched, verified, exported from the command line."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.cli.study_progress import median_words
from cxr_studio.studies.integrity import Standing
from tests.studies.tiny_study import tiny_study


def study(*words: object) -> int:
    return main(["study", *map(str, words)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tiny_study(tmp_path)
    return tmp_path


def simulate(folder: Path, *words: object) -> int:
    return study(
        "simulate", folder / "bundle", "--key", folder / "key.json", "--reader", "anna", "--accuracy", 0.6, *words
    )


def test_from_radiographs_to_a_table(tmp_path, phantom, capsys):
    (tmp_path / "in").mkdir()
    for name in "abc":
        Image.fromarray((phantom // 257).astype(np.uint8) + ord(name) % 5).save(tmp_path / "in" / f"{name}.png")
    (tmp_path / "in" / "d.png").write_bytes(b"")
    protocol = tmp_path / "protocol.toml"
    protocol.write_text(
        '[study]\nname = "mine"\nparadigm = "2afc"\n[images]\ncount = 4\nsize = 128\n[practice]\ntrials = 1\n'
        '[[conditions]]\ngenerator = "telea"\nhole = 40\n',
        encoding="utf-8",
    )
    assert study("new", protocol, "--images", tmp_path / "in", "--out", tmp_path / "out") == 0
    told = capsys.readouterr()
    assert "4 cases, 1 for practice, 0 catches; schedules for 8 readers" in told.out
    assert "shown more than once" in told.out
    assert "d.png: the file is empty" in told.err
    assert simulate(tmp_path / "out") == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    out = tmp_path / "out"
    words = ("export", out / "bundle", "--key", out / "key.json", "--out", tmp_path / "x", "--format", "csv,bids")
    assert study(*words) == 0
    assert len((tmp_path / "x" / "answers.csv").read_text(encoding="utf-8").splitlines()) == 6
    assert (tmp_path / "x" / "bids" / "sub-anna").is_dir()


@pytest.mark.parametrize(("step", "warned"), [(16, True), (1, False)])
def test_images_of_few_grey_levels_are_told(tmp_path, phantom, capsys, step, warned):
    (tmp_path / "in").mkdir()
    for name in "abc":
        grey = (phantom // 257).astype(np.uint8) + ord(name) % 5
        Image.fromarray(grey // step * step).save(tmp_path / "in" / f"{name}.png")
    protocol = tmp_path / "protocol.toml"
    protocol.write_text(
        '[study]\nname = "mine"\nparadigm = "real-or-fake"\n[images]\ncount = 2\nsize = "native"\n'
        '[[conditions]]\ngenerator = "telea"\nhole = 40\n',
        encoding="utf-8",
    )
    assert study("new", protocol, "--images", tmp_path / "in", "--out", tmp_path / "out") == 0
    told = capsys.readouterr().out
    assert ("grey levels, and readers" in told) == warned
    assert bool(re.search(r"Warning: [abc]\.png has only \d+ grey levels", told)) == warned


def test_simulate_tells_a_line_an_answer_and_goes_on(folder, capsys):
    assert simulate(folder, "--limit", 7) == 0
    first = capsys.readouterr().out.splitlines()
    assert simulate(folder) == 0
    second = capsys.readouterr().out.splitlines()
    assert [int(line.split()[0]) for line in first + second] == list(range(20))
    assert all(re.fullmatch(r"\d+ [0-9a-f]{16} [0-9a-f]{64}", line) for line in first + second)
    connection = sqlite3.connect(folder / "bundle" / "answers.sqlite")
    assert connection.execute("SELECT DISTINCT origin FROM answer").fetchall() == [("simulated",)]
    connection.close()


def test_progress(folder, capsys):
    simulate(folder, "--limit", 7, "--side-bias", 1)
    capsys.readouterr()
    assert study("progress", folder / "bundle", "--json", folder / "p.json") == 0
    told = capsys.readouterr().out
    assert "1 of 4 planned readers" in told
    assert "anna (simulated)" in told
    assert "5 of 18" in told
    values = json.loads((folder / "p.json").read_text(encoding="utf-8"))
    assert values[0]["answered"] == 5
    assert not {"correct", "accuracy", "truth"} & set(values[0])


@pytest.mark.parametrize(
    ("origin", "median", "words"),
    [("machine", 0.01, "–"), ("simulated", 12.4, "12 ms"), ("person", 1480.0, "1.5 s"), ("person", None, "")],
)
def test_progress_tells_no_time_of_a_machine(origin, median, words):
    standing = Standing("a", origin, 1, 2, False, 1, "", median, None, (0, 0), 0, 0, 0, ())
    assert median_words(standing) == words


def test_verify_finds_what_was_done_to_the_answers(folder, capsys):
    assert study("verify", folder / "bundle", "--key", folder / "key.json") == 0
    assert "no answers yet" in capsys.readouterr().out
    simulate(folder, "--copy-to", folder / "copy")
    capsys.readouterr()
    words = ("verify", folder / "bundle", "--copy-to", folder / "copy")
    assert study(*words) == 0
    assert "ok     reader anna: 20 answers" in capsys.readouterr().out
    connection = sqlite3.connect(folder / "bundle" / "answers.sqlite")
    connection.execute("DROP TRIGGER answer_no_update")
    connection.execute("UPDATE answer SET rt_ms = 1 WHERE sequence = 4")
    connection.commit()
    connection.close()
    assert study(*words) == 1
    assert "fault  reader anna: 20 answers: answers: row 4 has been changed" in capsys.readouterr().out
    assert study("progress", folder / "bundle") == 1
    assert "study verify" in capsys.readouterr().err


def test_verify_finds_a_changed_image(folder, capsys):
    next((folder / "bundle" / "images").iterdir()).write_bytes(b"x")
    assert study("verify", folder / "bundle") == 1
    assert "an image of the study has been changed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("new", "none.toml", "--images", ".", "--out", "x"), "cannot be read"),
        (("new", "no-template", "--images", ".", "--out", "x"), "no-template"),
        (("progress", "nowhere"), "no study in this folder"),
        (("verify", "nowhere"), "no study in this folder"),
        (("simulate", "nowhere", "--key", "k", "--reader", "a", "--accuracy", "2"), "Accuracy"),
    ],
)
def test_what_is_wrong_is_one_sentence(words, told, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert study(*words) == 1
    said = capsys.readouterr()
    assert told in said.err
    assert len(said.err.splitlines()) == 1


def test_progress_before_anybody_has_begun(folder, capsys):
    assert study("progress", folder / "bundle") == 1
    assert "no answers yet" in capsys.readouterr().err
    assert not (folder / "bundle" / "answers.sqlite").exists()


def test_unknown_formats(folder, capsys):
    words = ("export", folder / "bundle", "--key", folder / "key.json", "--out", folder / "x", "--format", "csv,mat")
    assert study(*words) == 1
    assert "'mat'" in capsys.readouterr().err


def test_a_bundle_opens_for_its_first_trial_within_two_seconds(folder):
    code = (
        "import time\n"
        "from cxr_studio.studies.bundle import open_bundle\nfrom cxr_studio.studies.sitting import Sitting\n"
        f"s = Sitting(open_bundle({str(folder / 'bundle')!r}), 'anna'); s.current(); s.load_started(); s.shown()\n"
        "print(time.process_time()); s.close()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 2  # of the processor: the wall clock depends on what else runs
