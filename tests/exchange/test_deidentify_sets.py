"""Sets and studies made of radiographs that name their patients."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image

from cxr_studio.audit.audit import Audit
from cxr_studio.audit.auditing import Wish, audited
from cxr_studio.cli.main import main
from cxr_studio.datasets.entries import Manifest
from cxr_studio.events import Progress
from tests.conftest import draw_phantom
from tests.exchange.named_dicom import WORDS, named_dicom

PROTOCOL = """
[study]
name = "tiny"
paradigm = "2afc"
readers = 1
[images]
count = 3
reuse = true
[[conditions]]
generator = "telea"
hole = 24
[practice]
trials = 0
[order]
repeats = 0
break_every = 0
"""


@pytest.fixture
def named(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, patient in enumerate(("MRN-774411", "MRN-774411", "MRN-8")):
        stored = np.roll(draw_phantom(400, 380), 7 * number, axis=1)
        dataset = named_dicom(stored, PatientID=patient)
        dataset.save_as(folder / f"Featherstonehaugh{number}.dcm", enforce_file_format=True)
    (folder / "Quackenbush.dcm").write_bytes((folder / "Featherstonehaugh0.dcm").read_bytes()[:1500])
    return folder


def found_in(folder: Path) -> list[tuple[str, str]]:
    """Words in names and contents of files."""
    return [
        (path.name, word)
        for path in folder.rglob("*")
        if path.is_file()
        for word in (*WORDS, "MRN-8")
        if word.lower().encode() in path.read_bytes().lower() or word.lower() in path.name.lower()
    ]


def test_an_augmented_set_names_nobody(named: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, table = tmp_path / "out", tmp_path / "owner.csv"
    words = ["augment", str(named), "--out", str(out), "--count", "4", "--diameter", "uniform:10,20px"]
    words += ["--image", "dcm", "--format", "coco,csv", "--deidentify", "--pseudonyms", str(table)]
    assert main(words) == 1
    told = capsys.readouterr()
    assert "name their patients" not in told.out
    assert "holds no image" in told.err
    assert found_in(out) == []
    assert [word for word in WORDS if word in told.err] == []
    records = [json.loads(path.read_text()) for path in sorted((out / "records").glob("*.json"))]
    assert len(records) == 3
    pseudonyms = {line.split(",")[1] for line in table.read_text().splitlines()[1:]}
    assert {record["patient"] for record in records} <= pseudonyms
    assert all(record["source"].startswith(record["patient"]) for record in records)
    made = pydicom.dcmread(out / "images" / records[0]["file"])
    assert (made.PatientID, made.SyntheticData) == (records[0]["patient"], "YES")
    assert json.loads(made.DerivationDescription)["provenance"]["generator"] == "ct-superposition"
    assert main(words) == 1  # resumes: the plan is the same
    assert "0 made in this run" in capsys.readouterr().out


def test_that_a_set_will_name_patients_is_said(named: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["augment", str(named), "--out", str(tmp_path / "out"), "--count", "1", "--diameter", "no size"]
    assert main(words) == 1
    assert "name their patients, and so will the results" in capsys.readouterr().out


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """Pictures of five patients whose names stand in a table beside them."""
    folder = tmp_path / "several"
    folder.mkdir()
    for number in range(10):
        stored = np.roll(draw_phantom(300, 280), 5 * number, axis=1)
        Image.fromarray(stored).save(folder / f"Featherstonehaugh{number}.png")
    rows = [f"Featherstonehaugh{number}.png,MRN-774411-{number // 2}\n" for number in range(10)]
    (folder / "patients.csv").write_text("image,patient\n" + "".join(rows))
    return folder


def test_a_set_without_patients_is_audited_against_what_it_was_drawn_into(
    several: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[Manifest] = []

    def quickly(manifest: Manifest, wish: Wish, *, progress: Progress) -> Audit:
        seen.append(manifest)
        return audited(manifest, replace(wish, quick=True), progress=progress)

    monkeypatch.setattr("cxr_studio.audit.auditing.audited", quickly)
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    out, table = tmp_path / "out", tmp_path / "owner.csv"
    words = ["augment", str(several), "--out", str(out), "--count", "9", "--diameter", "uniform:10,20px"]
    assert main([*words, "--deidentify", "--pseudonyms", str(table)]) == 0
    assert "The same command with --audit asks that." in capsys.readouterr().out
    assert main([*words, "--deidentify", "--pseudonyms", str(table), "--audit"]) == 0
    pseudonyms = {line.split(",")[1] for line in table.read_text().splitlines()[1:]}
    drawn = [entry for entry in seen[0].entries if entry.findings]
    real = [entry for entry in seen[0].entries if not entry.findings]
    assert (len(drawn), len(real), len(pseudonyms)) == (9, 9, 5)
    assert {entry.patient for entry in drawn} == {entry.patient for entry in real} == pseudonyms
    assert (out / "audit.html").is_file()
    assert found_in(out) == []
    assert not list((tmp_path / "scratch").glob("cxr-audit-*")), "what was compared does not stay"


def test_a_study_names_nobody(named: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    protocol, out, table = tmp_path / "study.toml", tmp_path / "out", tmp_path / "owner.csv"
    protocol.write_text(PROTOCOL)
    words = ["study", "new", str(protocol), "--images", str(named), "--out", str(out)]
    assert main([*words, "--deidentify", "--pseudonyms", str(table)]) == 0
    assert "name their patients" not in capsys.readouterr().out
    assert found_in(out) == []
    cases = json.loads((out / "key.json").read_text())["cases"]
    assert all(case["source"].startswith(case["patient"]) for case in cases)
    assert main([*words[:-1], str(tmp_path / "named")]) == 0
    assert "so will the key and reports" in capsys.readouterr().out
    assert found_in(tmp_path / "named" / "bundle") == []  # a bundle never has them
    assert "MRN-774411" in (tmp_path / "named" / "key.json").read_text()
