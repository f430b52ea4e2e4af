"""What fails is said in one sentence: who, why, and what to do; and it is said soon."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cxr_studio.errors import ArchiveError, SecretRefused
from cxr_studio.exchange.archive import DicomSettings, Found, Query, WebSettings
from cxr_studio.exchange.opening import open_archive
from cxr_studio.exchange.persistence import Patience
from tests.exchange.network.conftest import SHORT, never, quietly
from tests.exchange.network.drawn_dicom import series_of
from tests.exchange.network.orthanc import PASSWORD, Orthanc, free_port

QUICK = Patience(connection=1, association=1, answer=1, network=2, pauses=())


def refusal(archive, doing=lambda archive: archive.echo()) -> str:
    with pytest.raises(ArchiveError) as fault:
        doing(archive)
    return str(fault.value)


def test_wrong_titles_are_named(orthanc: Orthanc, tmp_path: Path) -> None:
    called = refusal(open_archive(orthanc.dicom(called="PACS"), patience=SHORT))
    assert called.startswith(f"PACS at 127.0.0.1:{orthanc.dicom_port} rejected CXRSTUDIO: it is not called PACS.")
    orthanc.fill(series_of(1, tmp_path))
    calling = open_archive(orthanc.dicom(calling="STRANGER"), patience=SHORT)
    for doing in (lambda each: each.echo(), lambda each: each.find(Query())):
        assert "rejected STRANGER: it does not know the calling AE title STRANGER. Ask" in refusal(calling, doing)
    paths = series_of(1, tmp_path / "own")
    assert "STRANGER" in refusal(calling, lambda each: each.send(paths, progress=quietly, cancelled=never))


def test_a_closed_port_and_an_unknown_machine() -> None:
    port = free_port()
    closed = refusal(open_archive(DicomSettings("127.0.0.1", "PACS", port), patience=QUICK))
    where = f"Nothing answers at 127.0.0.1:{port} (the port is closed)."
    assert closed == f"{where} Check host and port, and whether the archive is running."
    web = refusal(open_archive(WebSettings(f"http://127.0.0.1:{port}/dicom-web"), patience=QUICK))
    assert web.startswith(f"Nothing answers at http://127.0.0.1:{port}/dicom-web (the port is closed).")
    assert "no machine called 'pacs.invalid' is known" in refusal(
        open_archive(DicomSettings("pacs.invalid", "PACS"), patience=QUICK)
    ).replace("No machine", "no machine")
    assert "is not known" in refusal(open_archive(WebSettings("http://pacs.invalid/dicom-web"), patience=QUICK))


@contextmanager
def silent_server() -> Iterator[int]:
    """Accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_peer_that_says_nothing_is_given_up() -> None:
    with silent_server() as port:
        dicom = refusal(open_archive(DicomSettings("127.0.0.1", "PACS", port), patience=QUICK))
        assert f"127.0.0.1:{port} is open, but did not answer as a DICOM archive does within 1 s" in dicom
        web = refusal(open_archive(WebSettings(f"http://127.0.0.1:{port}"), patience=QUICK))
        assert "did not answer in time when asked to answer a search" in web


def test_passwords_and_addresses_of_the_web(orthanc: Orthanc) -> None:
    with pytest.raises(SecretRefused, match=r"does not accept the password of reader \(401\). Enter it again"):
        open_archive(orthanc.web(), "wrong", patience=SHORT).echo()
    with pytest.raises(SecretRefused, match="does not accept the token"):
        open_archive(orthanc.web(authentication="bearer", user=""), "wrong", patience=SHORT).echo()
    assert "asks for a password or a token (401)" in refusal(
        open_archive(orthanc.web(authentication="none", user=""), patience=SHORT)
    )
    elsewhere = WebSettings(f"http://127.0.0.1:{orthanc.http_port}/nowhere", "basic", "reader")
    assert "(404)" in refusal(open_archive(elsewhere, PASSWORD, patience=SHORT))
    secure = WebSettings(f"https://127.0.0.1:{orthanc.http_port}/dicom-web", "basic", "reader")
    assert "does not speak https" in refusal(open_archive(secure, PASSWORD, patience=SHORT))
    page = WebSettings(f"http://127.0.0.1:{orthanc.http_port}/app/explorer.html?", "basic", "reader")
    assert "did not answer as a DICOMweb archive does" in refusal(open_archive(page, PASSWORD, patience=SHORT))


def test_a_series_that_is_gone(orthanc: Orthanc, tmp_path: Path) -> None:
    for archive in (
        open_archive(orthanc.dicom(), patience=SHORT),
        open_archive(orthanc.web(), PASSWORD, patience=SHORT),
    ):
        words = refusal(
            archive, lambda each: each.get(Found("1.2.3", "1.2.4"), tmp_path / "x", progress=quietly, cancelled=never)
        )
        assert "lists no images of this series" in words or "(404)" in words
        assert not (tmp_path / "x").exists()


def test_an_unknown_destination_and_a_port_in_use(orthanc: Orthanc, tmp_path: Path) -> None:
    orthanc.fill(series_of(1, tmp_path))

    def got(settings: DicomSettings) -> str:
        archive = open_archive(settings, patience=SHORT)
        (found,) = archive.find(Query())
        return refusal(archive, lambda each: each.get(found, tmp_path / "back", progress=quietly, cancelled=never))

    elsewhere = got(orthanc.dicom(retrieval="move", receiver_port=free_port()))
    assert "does not know where CXRSTUDIO is, or cannot reach it (0xC000). Ask its administrator to enter" in elsewhere
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = got(orthanc.dicom(retrieval="move", receiver_port=port))
        assert words.startswith(f"Images cannot be received on port {port} (Address already in use). Close the program")
    assert "there is no receiver for C-MOVE" in got(orthanc.dicom(retrieval="move", receiver_port=0))
    assert not (tmp_path / "back").exists()
