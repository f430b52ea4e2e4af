"""``cxr-studio qa`` without a window."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cxr_studio.cli.main import INTERRUPTED, main
from cxr_studio.resources import cache_folder, resource

ROOT = Path(__file__).parents[2]

PANEL = """
name = "Two"
[[case]]
name = "square"
image = "chest.png"
box = [400, 250, 424, 274]
[[case]]
name = "disc"
image = "chest.png"
circle = [420, 700, 12]
healthy = false
"""


@pytest.fixture
def panel(tmp_path):
    (tmp_path / "chest.png").write_bytes(resource("samples", "healthy-1.png").read_bytes())
    (tmp_path / "panel.toml").write_text(PANEL, encoding="utf-8")
    return tmp_path / "panel.toml"


def test_a_report_and_a_table_come_out(panel, tmp_path, capsys):
    arguments = ["qa", "telea", "biharmonic", "--panel", str(panel), "--report", str(tmp_path / "out")]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "Two: means over 1 healthy cases" in said
    assert "Telea (classical)" in said
    assert "report.html" in said
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"report.html", "report.json", "cells.csv", "verdicts.csv"}
    content = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert [column["key"] for column in content["columns"]] == ["telea", "biharmonic"]
    assert (cache_folder() / "cells").is_dir()


def test_cases_are_drawn_in_a_folder_and_cells_kept_where_asked(panel, tmp_path, capsys):
    rest = ["--report", str(tmp_path / "out"), "--cache", str(tmp_path / "cells-here")]
    assert main(["qa", "telea", "--images", str(panel.parent), "--cases", "2", *rest]) == 0
    assert "means over 2 healthy cases" in capsys.readouterr().out
    assert len(list((tmp_path / "cells-here").rglob("*.cell"))) == 4, "two cells and two originals"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nonsense"], "no generator"),
        (["telea", "--panel", "none.toml"], "cannot be read"),
        (["telea", "--images", "nowhere"], "no such file"),
        (["lungs"], "draws into no hole"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(arguments, words, tmp_path, capsys):
    assert main(["qa", *arguments, "--report", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert words in said.err
    assert said.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_run_without_snapshots_says_so(tmp_path, capsys):
    (tmp_path / "recipe.toml").write_text("", encoding="utf-8")
    assert main(["qa", str(tmp_path), "--report", str(tmp_path / "out")]) == 1
    assert "no snapshot yet" in capsys.readouterr().err


def test_a_checkpoint_that_cannot_be_measured_does_not_stop_the_others(panel, tmp_path, capsys):
    arguments = ["qa", "telea", "lungs", "--panel", str(panel), "--report", str(tmp_path / "out")]
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert "draws into no hole" in said.err
    assert "Telea (classical)" in said.out
    assert "could not be measured" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_read_does_not_stop_the_others(panel, tmp_path, capsys):
    (tmp_path / "bad.safetensors").write_bytes(b"nothing")
    names = ["telea", str(tmp_path / "bad.safetensors")]
    assert main(["qa", *names, "--panel", str(panel), "--report", str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert "bad.safetensors: the file is not a checkpoint" in said.err
    assert "Telea (classical)" in said.out
    assert (tmp_path / "out" / "report.html").exists()


SLOW = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in the background
from cxr_studio.cli.main import main
from cxr_studio.quality.comparison import cells
make = cells.CellMaker.make
def slowly(self, case, column, *, cancel=None):
    made = make(self, case, column, cancel=cancel)
    print("made", flush=True)
    time.sleep(1)
    return made
cells.CellMaker.make = slowly
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGINT")
def test_ctrl_c_keeps_the_cells_that_were_made(panel, tmp_path):
    arguments = [
        "qa",
        "telea",
        "--panel",
        str(panel),
        "--report",
        str(tmp_path / "out"),
        "--cache",
        str(tmp_path / "c"),
    ]
    child = subprocess.Popen(
        [sys.executable, "-c", SLOW, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout.readline() == "made\n"
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert child.returncode == INTERRUPTED
    assert err == "Stopped. Finished results are kept.\n"
    assert out == ""
    assert list((tmp_path / "c").rglob("*.cell"))
    assert not (tmp_path / "out").exists()
