"""``cxr-studio hem``: more of what was missed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_studio.cli.main import main
from cxr_studio.datasets.entries import Entry, Manifest
from cxr_studio.datasets.manifest_csv import read_manifest, write_manifest
from cxr_studio.detection.by_size import Outcome, outcomes
from cxr_studio.detection.detections import write_csv
from cxr_studio.detection.hard_examples import mined
from cxr_studio.detection.matching import match
from cxr_studio.errors import StatisticsError
from cxr_studio.nodules.sizes import read_diameters
from tests.conftest import draw_phantom
from tests.detection.sets import by_hand


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    truth, answers = by_hand()
    entries = [replace(entry, split="train") for entry in truth.entries]
    entries.append(Entry("d.png", "D", "test"))
    write_manifest(Manifest(tmp_path, tuple(entries)), tmp_path / "manifest.csv")
    for k, entry in enumerate(entries):
        cv2.imwrite(str(tmp_path / entry.file), np.roll(draw_phantom(400, 380), 5 * k, axis=1))
    write_csv(answers, tmp_path / "found.csv")
    return tmp_path


def hem(folder: Path, *words: str) -> int:
    options = ["--truth", str(folder / "manifest.csv"), "--out", str(folder / "out"), "--count", "3", "--workers", "1"]
    return main(["hem", str(folder / "found.csv"), *options, "--mm-per-pixel", "0.8", *words])


def test_missed_diameters_are_drawn_into_healthy_radiographs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hem(folder, "--split", "train") == 0
    words = "Found 1 of 3 nodules, missed 2, at 0.25 false positives an image (scores from 0.9 on)."
    assert words in capsys.readouterr().out
    out = folder / "out"
    assert set(read_diameters(f"file:{out / 'diameters.csv'}").values) == {5, 8}
    assert cv2.imread(str(out / "diameters.png")).std() > 5
    rows = (out / "missed.csv").read_text().splitlines()
    assert [row.split(",")[:3] for row in rows[1:]] == [["a.png", "A", "0"], ["b.png", "B", "0"]]
    both = read_manifest(out / "manifest.csv")
    drawn = [entry for entry in both.entries if entry.file.startswith("synthetic/")]
    assert (len(both.entries), len(drawn)) == (6, 3)
    assert {(entry.patient, entry.source, entry.split) for entry in drawn} == {("C", "c.png", "train")}
    for entry in drawn:
        (finding,) = entry.findings
        assert finding.synthetic
        assert min(abs(finding.diameter_mm - wanted) for wanted in (5, 8)) < 0.5
        assert both.path(entry).is_file()
    assert {entry.file for entry in both.entries if not entry.file.startswith("synthetic/")} == {
        str(folder / name) for name in ("a.png", "b.png", "c.png")
    }


def test_it_resumes_and_the_control_is_another_set(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hem(folder, "--split", "train") == 0
    before = (folder / "out" / "manifest.csv").read_bytes()
    assert hem(folder, "--split", "train") == 0
    assert "3 of 3 images" in capsys.readouterr().out
    assert (folder / "out" / "manifest.csv").read_bytes() == before
    assert hem(folder, "--split", "train", "--among", "all") == 1
    assert "another augmentation" in capsys.readouterr().err


def test_another_attribute_is_mined_with_a_table_of_its_cells(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    truth = read_manifest(folder / "manifest.csv")
    margins = iter(("spiculated", "smooth", "spiculated"))
    named = truth.changed(
        lambda entry: replace(entry, findings=tuple(replace(f, margin=next(margins)) for f in entry.findings))
    )
    write_manifest(named, folder / "manifest.csv")
    assert hem(folder, "--split", "train", "--by", "margin") == 0
    said = capsys.readouterr().out
    out = folder / "out"
    table = [row.split(",")[:3] for row in (out / "by-margin.csv").read_text().splitlines()]
    assert table[0] == ["margin", "found", "missed"]
    assert sum(int(row[1]) for row in table[1:]) == 1
    assert sum(int(row[2]) for row in table[1:]) == 2
    missed = (out / "margin.csv").read_text().splitlines()[1:]
    assert sorted(missed) == sorted(row[0] for row in table[1:] for _ in range(int(row[2])))
    drawn = [entry for entry in read_manifest(out / "manifest.csv").entries if entry.file.startswith("synthetic/")]
    assert {finding.margin for entry in drawn for finding in entry.findings} <= set(missed)
    assert "nodules have it." in said
    assert len(read_diameters(f"file:{out / 'diameters.csv'}").values) == 3
    assert hem(folder, "--split", "train", "--by", "density") == 1
    assert "Of no missed nodule the density is known" in capsys.readouterr().err
    assert hem(folder, "--split", "train", "--by", "margin", "--margin", "smooth") == 1
    assert "contradict each other" in capsys.readouterr().err


def test_without_healthy_radiographs_it_says_what_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (folder / "manifest.csv").read_text().splitlines()
    (folder / "manifest.csv").write_text("\n".join(line for line in lines if line[:5] not in ("c.png", "d.png")))
    write_csv([one for one in by_hand()[1] if one.file != "c.png"], folder / "found.csv")
    assert hem(folder) == 1
    assert "--healthy" in capsys.readouterr().err


def test_all_found_leaves_nothing_to_mine() -> None:
    truth, answers = by_hand()
    results = outcomes(match(truth, answers), 0.0)
    assert mined(results).missed == (5,)
    found = [Outcome(one.entry, one.finding, 1.0, True) for one in results]
    assert sorted(mined(found).sizes("all")) == [4, 5, 8]
    with pytest.raises(StatisticsError, match="missed no nodule"):
        mined(found).sizes("missed")
