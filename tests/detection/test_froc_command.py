"""``cxr-studio froc``: what it prints and writes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from openpyxl import load_workbook

from cxr_studio.cli.main import main
from cxr_studio.datasets.entries import Manifest
from cxr_studio.datasets.manifest_csv import write_manifest
from cxr_studio.detection.detections import write_csv
from tests.conftest import draw_phantom
from tests.detection.sets import by_hand


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    truth, answers = by_hand()
    entries = tuple(replace(entry, split="test") for entry in truth.entries)
    write_manifest(Manifest(tmp_path, entries), tmp_path / "manifest.csv")
    for entry in entries:
        cv2.imwrite(str(tmp_path / entry.file), draw_phantom(200, 180))
    write_csv(answers, tmp_path / "first.csv")
    write_csv([replace(one, score=1 - one.score) for one in answers], tmp_path / "second.csv")
    return tmp_path


def froc(folder: Path, *words: str) -> int:
    more = [word for word in words[:1] if word.endswith("csv")]
    options = ["--truth", str(folder / "manifest.csv"), "--resamples", "100", *words[len(more) :]]
    return main(["froc", str(folder / "first.csv"), *more, *options])


def test_the_table_and_every_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "out"
    words = [str(folder / "second.csv"), "--json", str(out / "f.json"), "--plot", str(out / "f.png")]
    words += ["--misses", str(out / "m.png"), "--outcomes", str(out / "o.csv"), "--jafroc", str(out / "j.xlsx")]
    assert froc(folder, *words, "--localisation") == 0
    printed = capsys.readouterr().out
    assert "3 radiographs of 3 patients, 2 with 3 nodules; a hit: IoU at least 0.2" in printed
    assert "second less first" in printed
    assert "CL@IoU 0.1" in printed
    assert "2 missed nodules" in printed
    figures = json.loads((out / "f.json").read_text())
    assert figures["detectors"]["first"]["figures"]["FROC area to 1"]["value"] == pytest.approx(5 / 9)
    assert figures["located"]["first"]["total"]["value"] == pytest.approx(2 / 3)
    plot, gallery = (cv2.imread(str(out / name)) for name in ("f.png", "m.png"))
    assert plot.std() > 10
    assert gallery.shape == (206, 2 * 192, 3)
    assert (gallery == (0, 200, 0)).all(axis=2).any()
    rows = (out / "o.csv").read_text().splitlines()
    assert [row.split(",")[2] for row in rows[1:]] == ["1", "0", "0"]
    book = load_workbook(out / "j.xlsx")
    rated = {tuple(row[1:]) for row in book["TP"].iter_rows(min_row=2, values_only=True)}
    assert {(case, lesion, round(rating, 6)) for _, case, lesion, rating in rated} == {
        (2, 1, 0.9),
        (3, 1, 0.7),
        (2, 1, 0.1),
        (3, 1, 0.3),
    }


def test_a_detector_of_nothing_has_nothing_to_export(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "first.csv").write_text("file,x0,y0,x1,y1,score\n")
    assert froc(folder) == 0
    assert "0.000" in capsys.readouterr().out
    assert froc(folder, "--jafroc", str(folder / "j.xlsx")) == 1
    assert "no marks to write" in capsys.readouterr().err


def test_several_findings_count_as_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "manifest.csv"
    path.write_text(path.read_text().replace("nodule", "mass", 1))
    assert froc(folder) == 0
    assert "2 with 2 nodules" in capsys.readouterr().out
    assert froc(folder, "--label", "nodule, Mass") == 0
    assert "2 with 3 nodules" in capsys.readouterr().out


def test_faults_are_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, fault in (
        (["--split", "val"], "no radiographs of the split val (its splits: test)"),
        (["--label", "mass"], "None of the radiographs has a finding"),
        (["--match", "near"], "not understood"),
        (["--plot", str(folder / "f.bmp")], "this format"),
        ([str(folder / "first.csv")], "is given twice"),
    ):
        assert froc(folder, *words) == 1
        assert fault in capsys.readouterr().err
