"""Every operation against a real archive, by DICOM and by DICOMweb."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pydicom
import pytest
from pydicom.uid import JPEG2000Lossless, RLELossless

from cxr_studio.errors import Cancelled
from cxr_studio.exchange.archive import Archive, Query
from tests.exchange.network.conftest import never, opened, quietly
from tests.exchange.network.drawn_dicom import body, radiograph, series_of, written
from tests.exchange.network.orthanc import Orthanc


def names(archive: Archive, query: Query) -> list[str]:
    return [each.name for each in archive.find(query)]


def test_a_test_of_the_connection_says_who_answered(archive: Archive) -> None:
    answered = archive.echo()
    assert str(archive.settings)[1:] in answered.words  # type: ignore[attr-defined]
    assert any(words in answered.words for words in ("CXRSTUDIO and offers search, retrieve by C-GET", "as reader"))
    assert answered.seconds > 0


def test_series_are_found_by_what_is_asked_for(orthanc: Orthanc, archive: Archive, tmp_path: Path) -> None:
    orthanc.fill(series_of(3, tmp_path, name="Müller^Jörg", patient="P1", day="20260314"))
    orthanc.fill(series_of(1, tmp_path, name="Doe^Jane", patient="P2", day="20260401"))
    first = archive.find(Query())
    assert [(each.name, each.images, each.study_date) for each in first] == [
        ("Doe^Jane", 1, date(2026, 4, 1)),
        ("Müller^Jörg", 3, date(2026, 3, 14)),
    ]
    assert (first[1].study, first[1].series, first[1].modality) == ("Thorax", "Chest p.a.", "DX")
    assert names(archive, Query(name="Müll")) == ["Müller^Jörg"]
    assert names(archive, Query(name="Doe^Ja")) == ["Doe^Jane"]
    assert names(archive, Query(name="*Jane")) == ["Doe^Jane"]
    assert names(archive, Query(patient_id="P1")) == ["Müller^Jörg"]
    assert names(archive, Query(accession="AP2")) == ["Doe^Jane"]
    assert names(archive, Query(since=date(2026, 4, 1))) == ["Doe^Jane"]
    assert names(archive, Query(until=date(2026, 3, 31))) == ["Müller^Jörg"]
    assert names(archive, Query(since=date(2026, 3, 14), until=date(2026, 3, 14))) == ["Müller^Jörg"]
    assert names(archive, Query(modalities=("CR", "DX"), most=1)) == ["Doe^Jane"]
    assert names(archive, Query(modalities=("CT",))) == []
    assert names(archive, Query(study_uid=first[0].study_uid, series_uid=first[0].series_uid)) == ["Doe^Jane"]


def test_a_compressed_file_comes_back_byte_for_byte(orthanc: Orthanc, archive: Archive, tmp_path: Path) -> None:
    for syntax in (JPEG2000Lossless, RLELossless, None):
        made = radiograph()
        if syntax is not None:
            made.compress(syntax, generate_instance_uid=False)
        path = written(made, tmp_path / "own")
        assert archive.send([path], progress=quietly, cancelled=never).count("sent") == 1
        (found,) = archive.find(Query(study_uid=str(made.StudyInstanceUID)))
        (back,) = archive.get(found, tmp_path / "back", progress=quietly, cancelled=never)
        assert body(back) == body(path)
        assert pydicom.dcmread(back).file_meta.TransferSyntaxUID == made.file_meta.TransferSyntaxUID


@pytest.mark.parametrize("way", ["dicom", "web"])
def test_two_hundred_files_go_and_come_once_each(orthanc: Orthanc, way: str, tmp_path: Path) -> None:
    archive, paths, told = opened(orthanc, way), series_of(200, tmp_path / "own"), []
    sent = archive.send([*paths, paths[0]], progress=lambda done, words: told.append(done), cancelled=never)
    assert (sent.count("sent"), sent.unsent, orthanc.count()) == (200, (), 200)
    assert told == sorted(told)
    assert told[-1] == 1
    (found,) = archive.find(Query())
    back = archive.get(found, tmp_path / "back", progress=quietly, cancelled=never)
    assert {path.name for path in back} == {path.name for path in paths}
    assert all(body(path) == body(tmp_path / "own" / path.name) for path in back)
    assert sorted(path.name for path in (tmp_path / "back").iterdir()) == sorted(path.name for path in paths)


def test_what_is_there_is_neither_sent_nor_asked_for_again(orthanc: Orthanc, archive: Archive, tmp_path: Path) -> None:
    paths = series_of(4, tmp_path / "own")
    orthanc.fill(paths[:3])
    sent = archive.send(paths, progress=quietly, cancelled=never)
    assert [each.state for each in sent.outcomes] == ["present", "present", "present", "sent"]
    (found,) = archive.find(Query())
    first = archive.get(found, tmp_path / "back", progress=quietly, cancelled=never)
    times = {path: path.stat().st_mtime_ns for path in first}
    first[2].unlink()
    again = archive.get(found, tmp_path / "back", progress=quietly, cancelled=never)
    assert sorted(again) == sorted(first)
    assert [path for path in again if path.stat().st_mtime_ns != times[path]] == [first[2]]


def test_cancelled_between_files_what_arrived_stays_and_the_rest_can_be_had(
    orthanc: Orthanc, archive: Archive, tmp_path: Path
) -> None:
    orthanc.fill(series_of(12, tmp_path / "own"))
    (found,) = archive.find(Query())
    told = []
    with pytest.raises(Cancelled, match="of 12 images have arrived"):
        archive.get(
            found, tmp_path / "back", progress=lambda *words: told.append(words), cancelled=lambda: len(told) > 4
        )
    here = list((tmp_path / "back").iterdir())
    assert 0 < len(here) < 12
    assert all(body(path) == body(tmp_path / "own" / path.name) for path in here)
    assert len(archive.get(found, tmp_path / "back", progress=quietly, cancelled=never)) == 12


def test_sending_is_cancelled_between_files(orthanc: Orthanc, archive: Archive, tmp_path: Path) -> None:
    paths, told = series_of(6, tmp_path / "own"), []
    sent = archive.send(paths, progress=lambda *words: told.append(words), cancelled=lambda: len(told) > 2)
    assert [each.state for each in sent.outcomes] == ["sent"] * 3 + ["left"] * 3
    assert {each.words for each in sent.outcomes} == {sent.reason} == {""}
    assert orthanc.count() == sent.count("sent")
    assert len(sent.unsent) == sent.count("left")
    assert archive.send(sent.unsent, progress=quietly, cancelled=never).unsent == ()
    assert orthanc.count() == 6


def test_a_file_that_is_no_image_stops_no_other(orthanc: Orthanc, archive: Archive, tmp_path: Path) -> None:
    (good,) = series_of(1, tmp_path)
    text = tmp_path / "notes.txt"
    text.write_text("No DICOM in here.")
    sent = archive.send([text, good, tmp_path / "gone.dcm"], progress=quietly, cancelled=never)
    assert [each.state for each in sent.outcomes] == ["failed", "sent", "failed"]
    assert sent.outcomes[0].words.startswith("notes.txt: it is not a DICOM file")
    assert orthanc.count() == 1
