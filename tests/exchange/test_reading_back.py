"""Segmentations and reports wherever masks, detections and boxes are read: commands, folders, manifests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.uid import generate_uid

from cxr_studio.cli.main import main
from cxr_studio.datasets.listing import radiographs_in
from cxr_studio.datasets.opening import open_manifest
from cxr_studio.datasets.structured_report import read_report
from cxr_studio.detection.detections import read_answers, read_detections
from cxr_studio.errors import ReadError
from cxr_studio.exchange.key_objects import write_key_objects
from cxr_studio.exchange.observers import Observer
from cxr_studio.exchange.regions import Region
from cxr_studio.exchange.reporting import Reported, write_report
from cxr_studio.exchange.segmentation import write_segmentation
from cxr_studio.exchange.subject import subject_of
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.restore.mask_folder import masks_of
from tests.conftest import draw_phantom
from tests.exchange.conftest import blob, write_radiograph_file

SHAPE = (131, 203)


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A folder with a.dcm and b.dcm, of two patients."""
    stored = (draw_phantom(*SHAPE) >> 4).astype(np.uint16)
    (tmp_path / "images").mkdir()
    for name in "ab":
        write_radiograph_file(tmp_path / "images" / f"{name}.dcm", stored, bits=12, PatientID=name.upper())
    return tmp_path / "images"


def segmentation(folder: Path, name: str, out: Path, seed: int = 3) -> Path:
    return write_segmentation(out, subject_of(read_radiograph(folder / name)), [Region("M", blob(SHAPE, seed))])


def report(folder: Path, name: str, out: Path, *found: Reported) -> Path:
    return write_report(out, subject_of(read_radiograph(folder / name)), found, observer=Observer())


def test_objects_beside_radiographs_are_no_radiographs(two: Path) -> None:
    segmentation(two, "a.dcm", two / "a-seg.dcm")
    report(two, "a.dcm", two / "1.2.3.4", Reported((1, 2, 9, 9)))
    regions = [Region("M", blob(SHAPE))]
    write_key_objects(two / "ko.dicom", subject_of(read_radiograph(two / "a.dcm")), regions, observer=Observer())
    assert [path.name for path in radiographs_in(two)] == ["a.dcm", "b.dcm"]


def test_a_folder_of_masks_may_hold_segmentations_called_by_name_or_by_anything(two: Path, tmp_path: Path) -> None:
    masks = tmp_path / "masks"
    masks.mkdir()
    segmentation(two, "a.dcm", masks / "a.dcm", seed=5)
    segmentation(two, "b.dcm", masks / "1.2.840.7.dcm")
    (masks / "c.dcm").write_bytes((two / "a.dcm").read_bytes())
    images = [two / "a.dcm", two / "b.dcm"]
    assert masks_of(masks, images) == {"a": masks / "a.dcm", "b": masks / "1.2.840.7.dcm"}
    segmentation(two, "b.dcm", masks / "again.dcm")
    with pytest.raises(ReadError, match=r"masks of the same radiograph: 1.2.840.7.dcm and again.dcm"):
        masks_of(masks, images)


def test_radiographs_among_masks_are_no_masks(two: Path) -> None:
    images = [two / "a.dcm", two / "b.dcm"]
    (two / "a.png").write_bytes(b"looked at later")
    assert masks_of(two, images) == {"a": two / "a.png"}


def test_inpaint_takes_a_segmentation_and_refuses_anothers(
    two: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mask = segmentation(two, "a.dcm", tmp_path / "seg.dcm")
    words = ["--mask", str(mask), "--generator", "telea", "--device", "cpu", "--out", str(tmp_path / "out.dcm")]
    assert main(["inpaint", str(two / "a.dcm"), *words]) == 0
    changed = read_radiograph(tmp_path / "out.dcm").stored != read_radiograph(two / "a.dcm").stored
    assert changed.any()
    assert not changed[~blob(SHAPE)].any()
    assert main(["inpaint", str(two / "b.dcm"), *words]) == 1
    assert "the segmentation was drawn on another radiograph" in capsys.readouterr().err


def test_detections_come_from_a_report_or_a_folder_of_them(two: Path, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    boxes = Reported((1, 2, 9, 9), score=0.5), Reported((3, 4, 9, 9), score=0.75)
    first = report(two, "a.dcm", reports / "1.dcm", *boxes)
    report(two, "b.dcm", reports / "2.dcm", Reported((5, 6, 20, 20), score=0.25, diameter_px=12))
    truth = open_manifest(reports, two)
    assert [(entry.file, entry.patient, len(entry.findings)) for entry in truth.entries] == [
        ("a.dcm", "A", 2),
        ("b.dcm", "B", 1),
    ]
    assert truth.entries[1].findings[0].diameter_px == 12
    found = read_detections(reports, truth)
    assert [(one.file, one.box, one.score) for one in found] == [
        ("a.dcm", (1, 2, 9, 9), 0.5),
        ("a.dcm", (3, 4, 9, 9), 0.75),
        ("b.dcm", (5, 6, 20, 20), 0.25),
    ]
    instances = read_radiograph(two / "a.dcm").instances
    assert [one.score for one in read_answers(first, "a.dcm", instances=instances)] == [0.75, 0.5]
    assert read_answers(first, "b.dcm", instances=read_radiograph(two / "b.dcm").instances) == ()


def test_a_report_on_other_images_is_one_sentence(two: Path, tmp_path: Path) -> None:
    out = report(two, "a.dcm", tmp_path / "sr.dcm", Reported((1, 2, 9, 9)))
    truth = open_manifest(out, two)
    (two / "a.dcm").unlink()
    with pytest.raises(ReadError, match="about none of the radiographs in images"):
        open_manifest(out, two)
    with pytest.raises(ReadError, match="about an image that the manifest does not have"):
        read_detections(out, truth)
    with pytest.raises(ReadError, match="holds no structured reports"):
        read_detections(two, truth)
    with pytest.raises(ReadError, match="is no structured report"):
        read_detections(two / "b.dcm", truth)


def item(kind: str, concept: str, *children: pydicom.Dataset, **tags: object) -> pydicom.Dataset:
    """A content item as another program writes it."""
    made = pydicom.Dataset()
    made.ValueType, made.ConceptNameCodeSequence = kind, [coded(concept)]
    for name, value in tags.items():
        setattr(made, name, value)
    if children:
        made.ContentSequence = list(children)
    return made


def coded(value: str, meaning: str = "Something") -> pydicom.Dataset:
    made = pydicom.Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value, "DCM", meaning
    return made


def measured(value: float, unit: str) -> list[pydicom.Dataset]:
    made = pydicom.Dataset()
    made.NumericValue, made.MeasurementUnitsCodeSequence = value, [coded(unit)]
    return [made]


def image_of(uid: str) -> pydicom.Dataset:
    reference = pydicom.Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1.1", uid
    return item("IMAGE", "0", ReferencedSOPSequence=[reference])


def drawn(uid: str, kind: str, *points: float) -> pydicom.Dataset:
    return item("SCOORD", "111030", image_of(uid), GraphicType=kind, GraphicData=list(points))


def test_reports_of_other_programs_are_read(tmp_path: Path) -> None:
    """A viewer's two crossed lines under one measurement group, and a CAD's finding with centre and ellipse."""
    uid = generate_uid()
    lines = item(
        "CONTAINER",
        "125007",
        item("CODE", "121071", ConceptCodeSequence=[coded("4147007", "Mass")]),
        item("NUM", "103339001", drawn(uid, "POLYLINE", 10, 20, 40, 24), MeasuredValueSequence=measured(5, "mm")),
        item("NUM", "103340004", drawn(uid, "POLYLINE", 25, 12, 22, 33), MeasuredValueSequence=measured(3, "mm")),
    )
    found = item(
        "CODE",
        "111059",
        drawn(uid, "POINT", 100, 50),
        drawn(uid, "ELLIPSE", 90, 50, 110, 50, 100, 45, 100, 55),
        item("NUM", "111012", MeasuredValueSequence=measured(80, "%")),
        item("NUM", "M-02550", MeasuredValueSequence=measured(1.5, "cm")),
        ConceptCodeSequence=[coded("M-03010", "Nodule")],
    )
    root = item("CONTAINER", "126000", lines, item("CONTAINER", "111017", found))
    root.file_meta = pydicom.dataset.FileMetaDataset()
    root.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    root.SOPClassUID, root.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.88.65", generate_uid()
    root.save_as(tmp_path / "theirs.dcm", enforce_file_format=True)
    mass, nodule = read_report(tmp_path / "theirs.dcm").boxes
    assert (mass.label, mass.box, mass.score) == ("mass", (12, 10, 33, 40), 1)
    assert (nodule.label, nodule.box, nodule.score) == ("nodule", (45, 90, 55, 110), 0.8)
    assert nodule.diameter_mm == 15
