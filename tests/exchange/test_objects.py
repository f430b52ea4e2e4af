"""The objects of a session: what they say, what they refer to, and that dciodvfy finds no fault."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.pixels import apply_modality_lut

from cxr_studio.datasets.structured_report import read_report
from cxr_studio.errors import ReadError, StudioError, WriteError
from cxr_studio.exchange.key_objects import write_key_objects
from cxr_studio.exchange.objects import EVERY, Kind, Wanted, kinds_from, objects_beside, write_objects
from cxr_studio.exchange.observers import Observer
from cxr_studio.exchange.presentation import write_presentation
from cxr_studio.exchange.regions import Region
from cxr_studio.exchange.reporting import Reported, write_report
from cxr_studio.exchange.segmentation import write_segmentation
from cxr_studio.exchange.subject import subject_of
from cxr_studio.generation.session import Session
from cxr_studio.masks.dicom_segmentation import read_segments
from cxr_studio.masks.files import load_mask
from cxr_studio.nodules.labels import labelled
from cxr_studio.radiographs.presets import percentile_window
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.window import VoiFunction, Window
from tests.exchange.conftest import blob, faults_of, grey_of_dcmtk

NAMES = [
    "chest-inpainted.dcm",
    "chest-inpainted-seg.dcm",
    "chest-inpainted-gsps.dcm",
    "chest-inpainted-ko.dcm",
    "chest-inpainted-sr.dcm",
    "chest-inpainted-mask.png",
]


@pytest.fixture(scope="module")
def files(edited: Session, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    wanted = Wanted(observer=Observer(reader="Ada Lovelace"), device="cpu")
    return write_objects(edited, tmp_path_factory.mktemp("objects"), wanted)


def test_every_object_is_valid_and_belongs_to_the_derived_radiograph(edited: Session, files: list[Path]) -> None:
    assert [path.name for path in files] == NAMES
    derived = read_radiograph(files[0])
    np.testing.assert_array_equal(derived.stored, edited.composite)
    own = pydicom.dcmread(files[0])
    for path in files[1:5]:
        made = pydicom.dcmread(path)
        assert made.StudyInstanceUID == own.StudyInstanceUID
        assert made.SeriesInstanceUID != own.SeriesInstanceUID
        assert (str(made.PatientName), made.AccessionNumber, made.SyntheticData) == ("山田^太郎", "A7", "YES")
        assert own.SOPInstanceUID in str(made)
        assert faults_of(path) == []
    assert len({pydicom.dcmread(path).SOPInstanceUID for path in files[:5]}) == 5


def test_the_segmentation_has_the_fill_and_the_silhouette(edited: Session, files: list[Path]) -> None:
    derived = read_radiograph(files[0])
    (nodule,) = labelled(edited, device="cpu")
    for radiograph in (derived, edited.radiograph):
        fill, drawn = read_segments(files[1].read_bytes(), files[1], radiograph.instances)
        np.testing.assert_array_equal(fill.mask, edited.edits[0].mask((320, 288)))
        np.testing.assert_array_equal(drawn.mask, nodule.silhouette)
    np.testing.assert_array_equal(load_mask(files[5], (320, 288)), fill.mask | drawn.mask)
    segments = pydicom.dcmread(files[1]).SegmentSequence
    assert [each.SegmentAlgorithmType for each in segments] == ["MANUAL", "AUTOMATIC"]
    assert segments[1].SegmentedPropertyTypeCodeSequence[0].CodeMeaning == "Nodule"


def test_the_report_has_the_nodule_in_millimetres_and_the_reader(edited: Session, files: list[Path]) -> None:
    (nodule,) = labelled(edited, device="cpu")
    report = read_report(files[4])
    assert report.by == ("Ada Lovelace", "CXR Studio")
    (box,) = report.boxes
    rows, columns = np.nonzero(nodule.silhouette)
    assert box.box == (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)
    assert box.diameter_mm == pytest.approx(nodule.placed.drawn.diameter * 0.2**0.5, abs=5e-4)
    assert (box.label, box.diameter_px, box.score) == ("nodule", None, 1.0)


def test_the_key_objects_list_the_edits(edited: Session, files: list[Path]) -> None:
    made = pydicom.dcmread(files[3])
    text = [each.TextValue for each in made.ContentSequence if each.ValueType == "TEXT"][-1]
    assert "2 accepted edits of CXR Studio" in text
    for edit in edited.edits:
        assert edit.title in text
    assert "drawn by ct-superposition" in text


def shown(file: pydicom.Dataset, state: pydicom.Dataset) -> np.ndarray:
    """The grey that a presentation state asks for, 0 to 1, by the rules of PS3.4 N.2: the image's own are ignored."""
    values = np.asarray(apply_modality_lut(file.pixel_array, state), np.float64)
    voi = state.SoftcopyVOILUTSequence[0]
    if "VOILUTSequence" in voi:
        table = voi.VOILUTSequence[0]
        first, bits = int(table.LUTDescriptor[1]), int(table.LUTDescriptor[2])
        entries = np.frombuffer(bytes(table["LUTData"].value), "<u2") if bits > 8 else np.asarray(table.LUTData)
        grey = entries[np.clip(values - first, 0, len(entries) - 1).astype(int)] / (2**bits - 1)
    else:
        function = VoiFunction(voi.get("VOILUTFunction", "LINEAR"))
        grey = Window(float(voi.WindowCenter), float(voi.WindowWidth), function).apply(values.astype(np.float32))
    return 1 - grey if state.PresentationLUTShape == "INVERSE" else grey


@pytest.mark.parametrize("interpretation", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("kind", ["linear", "exact", "sigmoid", "table"])
def test_a_presentation_state_shows_what_the_window_shows(
    odd: Callable[..., Path], tmp_path: Path, interpretation: str, kind: str
) -> None:
    radiograph = read_radiograph(
        odd(PhotometricInterpretation=interpretation, RescaleSlope=2, RescaleIntercept=-50, RescaleType="US")
    )
    low, high = percentile_window(radiograph, 5, 95).edges()
    windows = {
        "linear": Window(900.5, 700, VoiFunction.LINEAR, "Lung"),
        "exact": Window((low + high) / 2, high - low, VoiFunction.LINEAR_EXACT, "As drawn"),
        "sigmoid": Window(2000, 1500, VoiFunction.SIGMOID),
        "table": Window(0, 1, VoiFunction.TABLE, "Table", np.linspace(0, 1, 300, dtype=np.float32) ** 2, 1800),
    }
    out = write_presentation(tmp_path / "gsps.dcm", subject_of(radiograph), windows[kind])
    assert faults_of(out) == []
    file = pydicom.dcmread(radiograph.source.path)
    ours = radiograph.grey.display_table(windows[kind])[radiograph.grey.index(radiograph.stored)]
    np.testing.assert_allclose(255 * shown(file, pydicom.dcmread(out)), ours, atol=0.51)
    if kind != "sigmoid":  # which DCMTK does not know
        theirs = grey_of_dcmtk(radiograph.source.path, out)
        if theirs is not None:
            np.testing.assert_allclose(theirs, ours, atol=1)


def test_a_modality_table_is_part_of_the_presentation(odd: Callable[..., Path], tmp_path: Path) -> None:
    table = pydicom.Dataset()
    table.LUTDescriptor, table.ModalityLUTType = [4096, 0, 16], "US"
    table.LUTData = (65_535 * (np.arange(4096) / 4095) ** 2).astype("<u2").tobytes()
    radiograph = read_radiograph(odd(ModalityLUTSequence=[table]))
    window = percentile_window(radiograph, 5, 95)
    out = write_presentation(tmp_path / "gsps.dcm", subject_of(radiograph), window)
    assert faults_of(out) == []
    ours = radiograph.grey.display_table(window)[radiograph.grey.index(radiograph.stored)]
    np.testing.assert_allclose(255 * shown(pydicom.dcmread(radiograph.source.path), pydicom.dcmread(out)), ours, atol=1)


def test_outlines_run_around_the_mask(edited: Session, files: list[Path]) -> None:
    made = pydicom.dcmread(files[2])
    titles = [each.TextObjectSequence[0].UnformattedTextValue for each in made.GraphicAnnotationSequence]
    assert titles == [edit.title for edit in edited.edits]
    (nodule,) = labelled(edited, device="cpu")
    points = np.concatenate(
        [np.reshape(line.GraphicData, (-1, 2)) for line in made.GraphicAnnotationSequence[1].GraphicObjectSequence]
    )
    rows, columns = np.nonzero(nodule.silhouette)
    assert (points[:, 0].min(), points[:, 1].min()) == (columns.min() + 0.5, rows.min() + 0.5)
    assert (points[:, 0].max(), points[:, 1].max()) == (columns.max() + 0.5, rows.max() + 0.5)


def test_a_detectors_boxes_come_back_with_their_scores(odd: Callable[..., Path], tmp_path: Path) -> None:
    radiograph = read_radiograph(odd())
    found = [
        Reported((10.25, 20.5, 40, 61.125), score=0.8731),
        Reported((0, 0, 131, 203), "Pleural effusion", score=0.05, diameter_px=33.5),
        Reported((1, 2, 3, 4), "mass", score=17.5),
    ]
    out = write_report(tmp_path / "sr.dcm", subject_of(radiograph), found, observer=Observer(device="RetinaNet"))
    report = read_report(out)
    assert report.by == ("RetinaNet",)
    assert [each.box for each in report.boxes] == [each.box for each in found]
    assert [each.score for each in report.boxes] == pytest.approx([0.8731, 0.05, 17.5])
    assert [each.label for each in report.boxes] == ["nodule", "pleural effusion", "mass"]
    assert [each.diameter_px for each in report.boxes] == [None, 33.5, None]
    assert {each.instance for each in report.boxes} == {radiograph.instances[0]}
    assert faults_of(out) == []
    with pytest.raises(WriteError, match="a box lies outside"):
        write_report(out, subject_of(radiograph), [Reported((0, 0, 132, 9))], observer=Observer())


def test_a_report_without_findings_says_so(odd: Callable[..., Path], tmp_path: Path) -> None:
    radiograph = read_radiograph(odd())
    out = write_report(tmp_path / "sr.dcm", subject_of(radiograph), [], observer=Observer())
    assert read_report(out).boxes == ()
    assert faults_of(out) == []
    assert radiograph.instances[0] in str(pydicom.dcmread(out).ContentSequence)


@pytest.mark.parametrize(
    ("charset", "name"),
    [(None, "Doe^Jane"), ("ISO_IR 100", "Müller^Jürgen"), (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎")],
)
def test_texts_go_out_in_utf_8_whatever_the_radiograph_is_in(
    odd: Callable[..., Path], tmp_path: Path, charset: object, name: str
) -> None:
    session = Session(read_radiograph(odd(SpecificCharacterSet=charset, PatientName=name)))
    mask, reader = blob((131, 203)), Observer("Ödön Ő")
    subject, regions = subject_of(session.radiograph), (Region("Ödem, 3 × 4 px", mask), Region("結節", mask))
    paths = [
        write_segmentation(tmp_path / "seg.dcm", subject, regions),
        write_presentation(tmp_path / "gsps.dcm", subject, Window(900, 700), regions),
        write_key_objects(tmp_path / "ko.dcm", subject, regions, observer=reader),
        write_report(tmp_path / "sr.dcm", subject, (Reported((1, 2, 9, 9), title="結節 1"),), observer=reader),
    ]
    for path in paths:
        made = pydicom.dcmread(path)
        assert made.SpecificCharacterSet == "ISO_IR 192"
        assert str(made.PatientName) == name
        assert faults_of(path) == []
    assert [each.SegmentLabel for each in pydicom.dcmread(paths[0]).SegmentSequence] == ["Ödem, 3 × 4 px", "結節"]
    assert read_report(paths[3]).by == ("Ödön Ő", "CXR Studio")


def test_a_painted_mask_needs_no_edit(odd: Callable[..., Path], tmp_path: Path) -> None:
    session = Session(read_radiograph(odd()))
    session.apply_mask(blob((131, 203)), "Mask")
    paths = write_objects(session, tmp_path / "out")
    assert [path.name for path in paths] == ["chest-seg.dcm", "chest-gsps.dcm", "chest-mask.png"]
    assert "SyntheticData" not in pydicom.dcmread(paths[0])
    np.testing.assert_array_equal(load_mask(paths[0], (131, 203), instances=session.radiograph.instances), session.mask)
    with pytest.raises(WriteError, match="has nothing that these DICOM objects could hold"):
        write_objects(session, tmp_path / "out", Wanted(kinds=(Kind.KEY_OBJECTS,)))


def test_what_is_no_dicom_has_no_objects(phantom: np.ndarray, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="is no DICOM image"):
        write_objects(Session(memory_radiograph(phantom)), tmp_path)


def memory_radiograph(stored: np.ndarray) -> Radiograph:
    from cxr_studio.radiographs.greyscale import linear_greyscale

    return Radiograph(stored, linear_greyscale(stored.dtype, 16))


def test_a_missing_extra_is_one_sentence(
    odd: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(read_radiograph(odd()))
    session.apply_mask(blob((131, 203)), "Mask")
    monkeypatch.setitem(sys.modules, "highdicom", None)
    with pytest.raises(StudioError, match=r"DICOM objects need highdicom.*pip install 'cxr-studio\[dicom-net\]'"):
        objects_beside(session, tmp_path / "chest.dcm")
    assert list(tmp_path.glob("chest-*")) == []


def test_kinds_are_read_from_words() -> None:
    assert kinds_from("all") == EVERY
    assert kinds_from("sr, SEG") == (Kind.REPORT, Kind.SEGMENTATION)
    for text, words in (("seg,pdf", "'pdf' is no kind"), ("", "No kind")):
        with pytest.raises(StudioError, match=words):
            kinds_from(text)
