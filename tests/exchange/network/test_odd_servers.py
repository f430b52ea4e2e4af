"""Character sets, archives without C-GET, broken transfers, TLS and tokens."""

from __future__ import annotations

import json
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian
from pynetdicom import build_context, evt

from cxr_studio.errors import ArchiveError
from cxr_studio.exchange.archive import DicomSettings, Found, Query, WebSettings
from cxr_studio.exchange.opening import open_archive
from tests.exchange.network.conftest import SHORT, never, quietly
from tests.exchange.network.drawn_dicom import body, radiograph, written
from tests.exchange.network.odd_servers import MOVE, certificate, dicom_server, searching, study_page, web_server
from tests.exchange.network.orthanc import free_port

FOUND = Found("1.2.3", "1.2.4")


@pytest.mark.parametrize(
    ("character_set", "name"),
    [
        ("ISO_IR 100", "Müller^Jörg"),
        (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
        ("ISO_IR 144", "Люкceмбypг"),
        ("ISO_IR 192", "Wang^XiaoDong=王^小东"),
    ],
)
def test_every_answer_is_read_in_its_own_character_set(character_set: str | list[str], name: str) -> None:
    other = Dataset()
    other.SpecificCharacterSet, other.PatientName, other.StudyInstanceUID = "ISO_IR 101", "Łódź", "1.2.2"
    study = Dataset()
    study.SpecificCharacterSet, study.PatientName, study.StudyInstanceUID = character_set, name, "1.2.3"
    asked = []
    services = searching([other, study])
    (sop_class, (event, answering)) = next(iter(services.items()))

    def noting(arrived):
        asked.append(arrived.identifier)
        yield from answering(arrived)

    with dicom_server({sop_class: (event, noting)}) as port:
        found = open_archive(DicomSettings("127.0.0.1", "ODD", port), patience=SHORT).find(Query(name=name, most=5))
    assert {each.name for each in found} == {name, "Łódź"}
    assert str(asked[0].PatientName) == f"{name}*"


def test_an_archive_without_get_is_asked_to_move(tmp_path: Path) -> None:
    receiving = free_port()
    files = []
    for number in range(2):
        made = radiograph()
        made.SOPInstanceUID = f"1.2.4.{number}"
        files.append(written(made, tmp_path / "own"))

    def move(event):
        contexts = [build_context(DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian)]
        yield "127.0.0.1", receiving, {"contexts": contexts}
        yield len(files)
        for path in files:
            yield 0xFF00, pydicom.dcmread(path)

    services = {**searching([Dataset()]), MOVE: (evt.EVT_C_MOVE, move)}
    with dicom_server(services) as port:
        settings = DicomSettings("127.0.0.1", "ODD", port, receiver_port=receiving, receiver_host="127.0.0.1")
        archive = open_archive(settings, patience=SHORT)
        assert "offers search, retrieve by C-MOVE." in archive.echo().words
        back = archive.get(FOUND, tmp_path / "back", progress=quietly, cancelled=never)
    assert [body(path) for path in back] == [body(path) for path in files]


def test_an_archive_that_offers_nothing(tmp_path: Path) -> None:
    with dicom_server(searching([Dataset()])) as port:
        archive = open_archive(DicomSettings("127.0.0.1", "ODD", port, receiver_port=free_port()), patience=SHORT)
        with pytest.raises(ArchiveError, match="accepted CXRSTUDIO, but offers it nothing of what is needed here"):
            archive.get(FOUND, tmp_path / "back", progress=quietly, cancelled=never)
        sent = archive.send([written(radiograph(), tmp_path)], progress=quietly, cancelled=never)
    assert sent.outcomes[0].words.startswith("ODD at 127.0.0.1")
    assert (
        "does not accept Digital X-Ray Image Storage - For Presentation as Explicit VR Little" in sent.outcomes[0].words
    )


@pytest.mark.parametrize("status", [0xA801, 0xC000])
def test_an_unknown_destination(tmp_path: Path, status: int) -> None:
    def move(event):
        yield None, None

    services = {**searching([Dataset()]), MOVE: (evt.EVT_C_MOVE, move)}
    with dicom_server(services) as port:
        settings = DicomSettings("127.0.0.1", "ODD", port, receiver_port=free_port(), receiver_host="127.0.0.1")
        with pytest.raises(ArchiveError, match=r"does not know where CXRSTUDIO is, or cannot reach it \(0xA801\)"):
            open_archive(settings, patience=SHORT).get(FOUND, tmp_path / "back", progress=quietly, cancelled=never)


def images(content: bytes, *, cut: int = 0, parts: bool = True, length: bool = True):
    """Answers of an archive with one image, whose transfer ends so many bytes too early."""

    def answer(path: str, headers: dict[str, str]):
        if "/instances?" in path or path.endswith("/instances"):
            page = json.dumps([{"00080018": {"vr": "UI", "Value": ["1.2.4.0"]}}] if "offset=0" in path else []).encode()
            return 200, "application/dicom+json", page, len(page)
        whole, kind = content, "application/dicom"
        if parts:
            whole = b"--B\r\nContent-Type: application/dicom\r\n\r\n" + content + b"\r\n--B--\r\n"
            kind = 'multipart/related; type="application/dicom"; boundary=B'
        return 200, kind, whole[: len(whole) - cut], len(whole) if length else -1

    return answer


@pytest.mark.parametrize("parts", [True, False])
@pytest.mark.parametrize("length", [True, False])
def test_half_a_transfer_leaves_nothing(tmp_path: Path, parts: bool, length: bool) -> None:
    made = radiograph()
    made.SOPInstanceUID = "1.2.4.0"
    own = written(made, tmp_path / "own")
    back = tmp_path / "back"
    with web_server(images(own.read_bytes(), cut=600, parts=parts, length=length)) as url:
        with pytest.raises(ArchiveError, match="broke off in the middle"):
            open_archive(WebSettings(url), patience=SHORT).get(FOUND, back, progress=quietly, cancelled=never)
        assert not back.exists() or not list(back.iterdir())
    with web_server(images(own.read_bytes(), parts=parts, length=length)) as url:
        (path,) = open_archive(WebSettings(url), patience=SHORT).get(FOUND, back, progress=quietly, cancelled=never)
    assert path.read_bytes() == own.read_bytes()


def test_an_image_that_is_another_one_is_not_taken(tmp_path: Path) -> None:
    own = written(radiograph(), tmp_path / "own")
    with web_server(images(own.read_bytes())) as url, pytest.raises(ArchiveError, match="sent another image than"):
        open_archive(WebSettings(url), patience=SHORT).get(FOUND, tmp_path / "back", progress=quietly, cancelled=never)
    assert not (tmp_path / "back").exists()


def test_identifiers_never_lead_out_of_the_folder(tmp_path: Path) -> None:
    def answer(path: str, headers: dict[str, str]):
        page = json.dumps([{"00080018": {"vr": "UI", "Value": ["../../gone"]}}]).encode()
        return 200, "application/dicom+json", page, len(page)

    with web_server(answer) as url, pytest.raises(ArchiveError, match=r"\.\./gone"):
        open_archive(WebSettings(url), patience=SHORT).get(FOUND, tmp_path / "back", progress=quietly, cancelled=never)
    assert list(tmp_path.iterdir()) == []


def test_a_token_and_a_chosen_authority(tmp_path: Path) -> None:
    def answer(path: str, headers: dict[str, str]):
        good = headers.get("Authorization") == "Bearer sésame".encode().decode("latin-1")
        page = study_page() if good else b""
        return (200 if good else 401), "application/dicom+json", page, len(page)

    pem = certificate(tmp_path)
    with web_server(answer, pem) as url:
        stranger = WebSettings(url, "bearer")
        with pytest.raises(ArchiveError, match=r"is not signed by a known authority. Choose the file of the authority"):
            open_archive(stranger, "sésame", patience=SHORT).echo()
        known = WebSettings(url, "bearer", ca_file=str(pem))
        words = open_archive(known, "sésame", patience=SHORT).echo().words
        assert words == f"The archive at {url} answers searches with the token."
        with pytest.raises(ArchiveError, match="does not accept the token"):
            open_archive(known, "guess", patience=SHORT).echo()
        with pytest.raises(ArchiveError, match="the authority's file is not there"):
            open_archive(WebSettings(url, ca_file=str(tmp_path / "none.pem")), patience=SHORT).echo()


@pytest.mark.parametrize(
    ("name", "days", "words"), [("127.0.0.1", -1, "has expired"), ("pacs.example", 2, "is made out to another name")]
)
def test_certificates_that_do_not_fit(tmp_path: Path, name: str, days: int, words: str) -> None:
    pem = certificate(tmp_path, name=name, days=days)
    with web_server(lambda path, headers: (200, "application/json", b"[]", 2), pem) as url:
        archive = open_archive(WebSettings(url, ca_file=str(pem)), patience=SHORT)
        with pytest.raises(ArchiveError, match=f"certificate of the archive at {url} {words}"):
            archive.echo()


def test_an_archive_that_is_busy_is_asked_again(tmp_path: Path) -> None:
    asked, own = [], written(radiograph(), tmp_path)

    def answer(path: str, headers: dict[str, str]):
        asked.append(path)
        return 503, "text/plain", b"", 0

    with web_server(answer) as url, pytest.raises(ArchiveError, match=r"HTTP 503"):
        open_archive(WebSettings(url), patience=SHORT).send([own], progress=quietly, cancelled=never)
    assert len(asked) == 1 + len(SHORT.pauses)
