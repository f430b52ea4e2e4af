"""The command line: objects of a radiograph or session, beside results, and reports of a detector."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.datasets.structured_report import read_report
from cxr_studio.detection.detections import Detection, write_csv
from cxr_studio.generation.session import Session
from cxr_studio.generation.session_file import snapshot, write_snapshot
from cxr_studio.masks.files import load_mask, save_mask
from cxr_studio.radiographs.reading import read_radiograph
from tests.conftest import draw_phantom
from tests.exchange.conftest import blob, faults_of, write_radiograph_file

SHAPE = (320, 288)


@pytest.fixture
def chest(tmp_path: Path) -> Path:
    stored = (draw_phantom(*SHAPE) >> 4).astype(np.uint16)
    return write_radiograph_file(tmp_path / "chest.dcm", stored, bits=12, PixelSpacing=[0.4, 0.4])


def test_objects_of_a_radiograph_with_a_mask_and_boxes(
    chest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_mask(tmp_path / "mask.png", blob(SHAPE))
    write_csv(
        [Detection("chest.dcm", (-3, 5, 30, 40), 0.9), Detection("other.dcm", (0, 0, 9, 9), 1)], tmp_path / "d.csv"
    )
    words = ["--mask", str(tmp_path / "mask.png"), "--boxes", str(tmp_path / "d.csv"), "--detector", "RetinaNet"]
    out = tmp_path / "out"
    assert main(["objects", str(chest), "--out", str(out), *words, "--window", "2000,1500", "--reader", "Ada B."]) == 0
    names = ["chest-gsps.dcm", "chest-mask.png", "chest-seg.dcm", "chest-sr.dcm"]
    assert sorted(path.name for path in out.iterdir()) == names
    assert {Path(line).name for line in capsys.readouterr().out.splitlines()} == set(names)
    instances = read_radiograph(chest).instances
    np.testing.assert_array_equal(load_mask(out / "chest-seg.dcm", SHAPE, instances=instances), blob(SHAPE))
    report = read_report(out / "chest-sr.dcm")
    assert [(one.box, one.score) for one in report.boxes] == [((0, 5, 30, 40), 0.9)]
    assert report.by == ("Ada B.", "RetinaNet")
    voi = pydicom.dcmread(out / "chest-gsps.dcm").SoftcopyVOILUTSequence[0]
    assert (float(voi.WindowCenter), float(voi.WindowWidth)) == (2000, 1500)


def test_objects_of_a_session(edited: Session, tmp_path: Path) -> None:
    write_snapshot(tmp_path / "work.cxrs", snapshot(edited))
    words = ["--out", str(tmp_path / "out"), "--kinds", "ko,sr", "--device", "cpu"]
    assert main(["objects", str(tmp_path / "work.cxrs"), *words]) == 0
    names = ["chest-inpainted-ko.dcm", "chest-inpainted-mask.png", "chest-inpainted-sr.dcm", "chest-inpainted.dcm"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    assert len(read_report(tmp_path / "out" / "chest-inpainted-sr.dcm").boxes) == 1


def test_objects_beside_results(chest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_mask(tmp_path / "mask.png", blob(SHAPE))
    common = ["--device", "cpu", "--objects", "seg,ko"]
    filled = ["inpaint", str(chest), "--mask", str(tmp_path / "mask.png"), "--generator", "telea", *common]
    assert main([*filled, "--out", str(tmp_path / "out.dcm")]) == 0
    drawn = ["nodule", str(chest), "--at", "90,150", "--diameter", "12mm", *common]
    assert main([*drawn, "--out", str(tmp_path / "nodule.dcm")]) == 0
    for name in ("out", "nodule"):
        for kind in ("seg", "ko"):
            assert faults_of(tmp_path / f"{name}-{kind}.dcm") == []
        instances = read_radiograph(tmp_path / f"{name}.dcm").instances
        mask = load_mask(tmp_path / f"{name}-seg.dcm", SHAPE, instances=instances)
        np.testing.assert_array_equal(mask, load_mask(tmp_path / f"{name}-mask.png", SHAPE))
    capsys.readouterr()
    assert main([*filled, "--out", str(tmp_path / "no.png")]) == 1
    assert "no.png: DICOM objects refer to a DICOM result" in capsys.readouterr().err
    assert not (tmp_path / "no.png").exists()


def test_a_detector_reports_on_dicom(chest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sr.dcm"
    assert main(["detect", str(chest), "--out", str(out), "--device", "cpu"]) == 0
    assert main(["detect", str(chest), "--out", str(tmp_path / "d.csv"), "--device", "cpu"]) == 0
    report = read_report(out)
    assert report.by == ("Detector, compact",)
    rows = (tmp_path / "d.csv").read_text().splitlines()[1:]
    assert len(report.boxes) == len(rows)
    assert faults_of(out) == []
    (tmp_path / "more").mkdir()
    for name in ("a", "b"):
        stored = (draw_phantom(*SHAPE) >> 4).astype(np.uint16)
        write_radiograph_file(tmp_path / "more" / f"{name}.dcm", stored, bits=12)
    assert main(["detect", str(tmp_path / "more"), "--out", str(tmp_path / "srs"), "--device", "cpu"]) == 0
    assert sorted(path.name for path in (tmp_path / "srs").iterdir()) == ["a-sr.dcm", "b-sr.dcm"]
    capsys.readouterr()
    Image.fromarray(draw_phantom(*SHAPE)).save(tmp_path / "plain.png")
    for words, sentence in (
        ([str(tmp_path / "more"), "--out", str(tmp_path / "one.dcm")], "a DICOM report is about one radiograph"),
        ([str(tmp_path / "plain.png"), "--out", str(tmp_path / "one.dcm")], "is no DICOM image"),
        ([str(chest), "--out", str(tmp_path / "one.txt")], "written as .csv, .json or .dcm"),
    ):
        assert main(["detect", *words]) == 1
        assert sentence in capsys.readouterr().err
