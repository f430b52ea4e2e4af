"""Archive → window → archive, with a real Orthanc: opened, filled, a nodule placed, sent with its objects, linked."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest

from cxr_studio.exchange.named import Named, encoded
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.radiographs.writing import write_radiograph
from cxr_studio.resources import cache_folder
from tests.exchange.conftest import faults_of
from tests.exchange.network.orthanc import MISSING, PASSWORD, Orthanc

PATIENCE = 60_000


@pytest.fixture(scope="module")
def orthanc() -> Iterator[Orthanc]:
    if MISSING:
        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="cxr-orthanc-"))
    server = Orthanc(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def source(picture: Path, tmp_path: Path) -> Path:
    """A DX of an invented patient, with pixel spacing."""
    path, image = tmp_path / "source.dcm", read_radiograph(picture)
    write_radiograph(path, image, image.stored)
    header = pydicom.dcmread(path)
    header.PatientName, header.PatientID, header.StudyDate = "Nobody^Anna", "CXR-1", "20260301"
    header.PatientBirthDate, header.PatientSex, header.Modality = "19500101", "F", "DX"
    header.PixelSpacing = [0.5, 0.5]
    header.StudyDescription = "Chest PA"
    del header.SeriesDescription, header.SyntheticData
    header.save_as(path)
    return path


@pytest.fixture(params=["dicom", "web"])
def desk_at(request, desk_maker, orthanc, source, monkeypatch):
    """A window that knows the archive, which has the radiograph."""
    orthanc.empty()
    orthanc.fill([source])
    settings = orthanc.dicom() if request.param == "dicom" else orthanc.web()
    monkeypatch.setattr("cxr_studio.ui.archive.secret_dialog.ask_secret", lambda *_asked: PASSWORD)
    return desk_maker(generator="biharmonic", archives=encoded([Named("Research", settings)]))


def held(orthanc: Orthanc, folder: Path) -> dict[str, Path]:
    """Everything that the archive has, as files, by modality."""
    found = {}
    for number, each in enumerate(orthanc.rest("GET", "/instances").json()):
        path = folder / f"held-{number}.dcm"
        path.write_bytes(orthanc.rest("GET", f"/instances/{each}/file").content)
        header = pydicom.dcmread(path)
        found[header.Modality if "SeriesDescription" in header else "source"] = path
    return found


def opened_from_the_archive(desk):
    dialog = desk.studio.archive.search()
    dialog.fields.patient_id.setText("CXR-1")
    dialog.search()
    desk.qtbot.waitUntil(lambda: not dialog.controller.job.running, timeout=PATIENCE)
    assert [each.name for each in dialog.controller.found] == ["Nobody^Anna"], dialog.words
    with desk.qtbot.waitSignal(desk.studio.workspace.opened, timeout=PATIENCE):
        dialog.table.chosen.emit(0)


def sent(desk):
    dialog = desk.studio.archive.send()
    dialog.send()
    desk.qtbot.waitUntil(lambda: not dialog.controller.job.running, timeout=PATIENCE)
    words, outcomes = dialog.words, dialog.parts.outcomes
    dialog.close()
    return words, outcomes


def placed(desk):
    """A nodule of 24 pixels in the right lung."""
    desk.do("tool.nodule")
    desk.studio.nodules.adjust(diameter=24.0)
    with desk.qtbot.waitSignal(desk.studio.workspace.edits_changed, timeout=PATIENCE):
        desk.drag((180.0, 200.0))


def referred(item: pydicom.Dataset) -> set[str]:
    """Every image that an object refers to."""
    return {str(each.value) for each in item.iterall() if each.keyword == "ReferencedSOPInstanceUID"}


def test_round_trip(desk_at, orthanc, source, tmp_path):
    desk = desk_at
    desk.start()
    opened_from_the_archive(desk)
    session = desk.studio.workspace.session
    cached = session.radiograph.source.path
    assert cached.is_relative_to(cache_folder())
    desk.stroke((120.0, 90.0), (140.0, 92.0))
    desk.do("inpaint.accept")
    placed(desk)
    words, outcomes = sent(desk)
    assert words == "The archive has all 5 objects.", outcomes
    assert set(outcomes.values()) == {"Sent"}
    files, first = held(orthanc, tmp_path), pydicom.dcmread(source)
    there = {kind: pydicom.dcmread(path) for kind, path in files.items()}
    assert set(there) == {"source", "DX", "SEG", "PR", "KO", "SR"}
    assert there["source"].PixelData == first.PixelData
    assert {each.StudyInstanceUID for each in there.values()} == {first.StudyInstanceUID}
    assert {str(each.PatientName) for each in there.values()} == {"Nobody^Anna"}
    image = there["DX"]
    assert image.SourceImageSequence[0].ReferencedSOPInstanceUID == first.SOPInstanceUID
    assert (image.pixel_array == session.composite).all()
    changed = image.pixel_array != session.radiograph.stored
    drawn = np.logical_or.reduce([edit.mask(session.radiograph.shape) for edit in session.edits])
    assert changed.any()
    assert not (changed & ~drawn).any()
    for kind in ("SEG", "PR", "KO", "SR"):
        assert image.SOPInstanceUID in referred(there[kind]), kind
    assert desk.studio.documents.save()
    assert [each.name for each in cached.parent.iterdir()] == [cached.name], "edits do not stay in a cache"
    faults = [f"{kind}: {fault}" for kind, path in files.items() for fault in faults_of(path)]
    assert faults == [], "dciodvfy finds something in what was sent"


def test_a_password_that_is_refused_is_said_and_asked_for_again(desk_maker, orthanc, monkeypatch):
    orthanc.empty()
    given = iter(["wrong", PASSWORD])
    monkeypatch.setattr("cxr_studio.ui.archive.secret_dialog.ask_secret", lambda *_asked: next(given))
    desk = desk_maker(generator="biharmonic", archives=encoded([Named("Research", orthanc.web())]))
    dialog = desk.studio.archive.search()
    for words in ("does not accept the password of reader (401). Enter it again.", "No series matches."):
        dialog.search()
        desk.qtbot.waitUntil(lambda: not dialog.controller.job.running, timeout=PATIENCE)
        assert words in dialog.words
    dialog.close()
