"""An archive that falls silent: a cancel is noticed within a second, nothing half is left, and the rest can be had."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pynetdicom import evt

from cxr_studio.cli.main import main
from cxr_studio.errors import Cancelled
from cxr_studio.exchange.archive import Archive, DicomSettings, Found, Query, WebSettings
from cxr_studio.exchange.opening import open_archive
from cxr_studio.exchange.persistence import Patience
from tests.exchange.network.conftest import never, opened, quietly
from tests.exchange.network.drawn_dicom import body, radiograph, series_of, written
from tests.exchange.network.odd_servers import (
    MOVE,
    Silence,
    certificate,
    dicom_server,
    falling_silent,
    searching,
    web_server,
)
from tests.exchange.network.orthanc import PASSWORD, Orthanc, free_port

ON_ITS_WAY = "It was on its way: the archive may have it."
LONG = Patience(connection=60, association=60, answer=60, network=60, pauses=(60,))
SOON = 2.0
"""Seconds: a cancel is noticed after 0.1, and a connection that was shut ends within 0.6."""

KILOBYTES = 1000


def through(orthanc: Orthanc, way: str, silence: Silence) -> Archive:
    """The archive behind a way that falls silent."""
    if way == "web":
        here = orthanc.web().url.replace(str(orthanc.http_port), str(silence.port))
        return open_archive(replace(orthanc.web(), url=here), PASSWORD, patience=LONG)
    return open_archive(orthanc.dicom(port=silence.port, retrieval="get"), patience=LONG)


@pytest.mark.parametrize("way", ["dicom", "web"])
@pytest.mark.parametrize("search", [False, True])
def test_a_test_and_a_search(orthanc: Orthanc, way: str, search: bool, tmp_path: Path) -> None:
    orthanc.fill(series_of(1, tmp_path))
    port = orthanc.http_port if way == "web" else orthanc.dicom_port
    for after in (0, 400):  # before anything was answered; in the middle of the answers
        with falling_silent(port, after) as silence:
            archive = through(orthanc, way, silence)
            asked = partial(archive.find, Query()) if search else archive.echo
            with pytest.raises(Cancelled):
                asked(cancelled=silence.fallen.is_set)
            assert silence.seconds() < SOON


@pytest.mark.parametrize("way", ["dicom", "web"])
def test_a_retrieval(orthanc: Orthanc, way: str, tmp_path: Path) -> None:
    orthanc.fill([written(radiograph(study="1.2.3", series="1.2.4", side=200), tmp_path / "own") for _ in range(8)])
    (found,) = opened(orthanc, way).find(Query())
    port, back = orthanc.http_port if way == "web" else orthanc.dicom_port, tmp_path / "back"
    with falling_silent(port, 330 * KILOBYTES) as silence:
        with pytest.raises(Cancelled, match=r"Cancelled; [1-7] of 8 images have arrived"):
            through(orthanc, way, silence).get(found, back, progress=quietly, cancelled=silence.fallen.is_set)
        assert silence.seconds() < SOON
    here = list(back.iterdir())
    assert 0 < len(here) < 8
    assert all(body(path) == body(tmp_path / "own" / path.name) for path in here)
    assert len(opened(orthanc, way).get(found, back, progress=quietly, cancelled=never)) == 8


def test_a_retrieval_by_move_of_which_nothing_arrives(tmp_path: Path) -> None:
    asked, over = threading.Event(), threading.Event()

    def move(event):
        asked.set()
        over.wait(20)
        yield None, None

    study = Dataset()
    study.StudyInstanceUID = "1.2.3"
    with dicom_server({**searching([study]), MOVE: (evt.EVT_C_MOVE, move)}) as port:
        receiving = free_port()
        settings = DicomSettings("127.0.0.1", "ODD", port, receiver_port=receiving, receiver_host="127.0.0.1")
        archive, began = open_archive(settings, patience=LONG), time.monotonic()
        try:
            with pytest.raises(Cancelled, match="0 of 2 images have arrived"):
                archive.get(Found("1.2.3", "1.2.4"), tmp_path / "back", progress=quietly, cancelled=asked.is_set)
            assert time.monotonic() < began + 2 * SOON
            socket.create_server(("127.0.0.1", receiving)).close()
        finally:
            over.set()
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("way", ["dicom", "web"])
def test_sending_says_of_every_file_what_became_of_it(orthanc: Orthanc, way: str, tmp_path: Path) -> None:
    paths = [written(radiograph(study="1.2.3", series="1.2.4", side=1500), tmp_path / "own") for _ in range(4)]
    text = tmp_path / "notes.txt"
    text.write_text("No DICOM in here.")
    port = orthanc.http_port if way == "web" else orthanc.dicom_port
    with falling_silent(port, 7_000 * KILOBYTES) as silence:
        archive = through(orthanc, way, silence)
        sent = archive.send([text, *paths], progress=quietly, cancelled=silence.fallen.is_set)
        assert silence.seconds() < SOON
    assert [each.state for each in sent.outcomes] == ["failed", "sent", "left", "left", "left"]
    assert [each.words for each in sent.outcomes[1:]] == ["", ON_ITS_WAY, "", ""]
    assert sent.reason == ""
    assert orthanc.count() == 1
    again = opened(orthanc, way).send(paths, progress=quietly, cancelled=never)
    assert [each.state for each in again.outcomes] == ["present", "sent", "sent", "sent"]
    assert opened(orthanc, way).send(paths, progress=quietly, cancelled=never, again=True).count("sent") == 4
    assert orthanc.count() == 4


def test_an_archive_that_breaks_off_leaves_a_list_too(orthanc: Orthanc, tmp_path: Path) -> None:
    paths = [written(radiograph(study="1.2.3", series="1.2.4", side=1500), tmp_path / "own") for _ in range(3)]
    with falling_silent(orthanc.dicom_port, 7_000 * KILOBYTES) as silence:
        impatient = Patience(connection=1, association=1, answer=1, network=2, pauses=())
        archive = open_archive(orthanc.dicom(port=silence.port), patience=impatient)
        sent = archive.send(paths, progress=quietly, cancelled=never)
    assert [each.state for each in sent.outcomes] == ["sent", "left", "left"]
    assert [each.words for each in sent.outcomes] == ["", ON_ITS_WAY, ""]
    assert "did not answer as a DICOM archive does within 1 s" in sent.reason


def test_a_handshake_that_is_not_answered(tmp_path: Path) -> None:
    with (
        web_server(lambda path, headers: (200, "application/json", b"[]", 2), certificate(tmp_path)) as url,
        falling_silent(int(url.rsplit(":", 1)[1]), 0) as silence,
    ):
        settings = WebSettings(f"https://127.0.0.1:{silence.port}")
        with pytest.raises(Cancelled):
            open_archive(settings, patience=replace(LONG, connection=1.5)).echo(cancelled=silence.fallen.is_set)
        assert silence.seconds() < SOON


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a full queue refuses")
@pytest.mark.parametrize("web", [False, True])
def test_a_connection_that_is_never_made(web: bool) -> None:
    """A server whose queue is full answers no further connection, as one behind a firewall does."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, ExitStack() as waiting:
        port = full.getsockname()[1]
        for _ in range(4):
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        patience = replace(LONG, connection=2.0)
        settings = WebSettings(f"http://127.0.0.1:{port}") if web else DicomSettings("127.0.0.1", "PACS", port)
        began = time.monotonic()
        with pytest.raises(Cancelled):
            open_archive(settings, patience=patience).echo(cancelled=lambda: time.monotonic() > began + 0.2)
        assert time.monotonic() < began + 0.2 + 1.0


@pytest.mark.parametrize(
    ("words", "after", "said"),
    [
        (["echo"], 0, "Cancelled.\n"),
        (["find"], 1_000, "Cancelled.\n"),
        (["get", "--id", "P1", "--out", "back"], 330 * KILOBYTES, "of 8 images have arrived.\n"),
        (
            ["send", "more"],
            7_000 * KILOBYTES,
            "The same command sends only what is missing; with --again it sends all.\n",
        ),
    ],
)
def test_ctrl_c_on_the_command_line(
    orthanc: Orthanc, tmp_path: Path, words: list[str], after: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    orthanc.fill([written(radiograph(study="1.2.3", series="1.2.4", side=200), tmp_path / "own") for _ in range(8)])
    for _ in range(3):
        written(radiograph(study="1.2.3", series="1.2.4", side=1500), tmp_path / "more")
    before = signal.getsignal(signal.SIGINT)
    with falling_silent(orthanc.dicom_port, after, then=lambda: os.kill(os.getpid(), signal.SIGINT)) as silence:
        where = ["--host", "127.0.0.1", "--port", str(silence.port), "--called", "ORTHANC"]
        assert main(["pacs", *words, *where]) == 130
        assert silence.seconds() < SOON
    told = capsys.readouterr()
    assert told.err.endswith(said)
    assert signal.getsignal(signal.SIGINT) is before
    if words[0] == "send":
        assert told.out == "1 of 3 files sent, 2 not sent\n"
        lines = told.err.splitlines()
        assert [line[:14].strip() for line in lines[:3]] == ["stored", "not sent", "not sent"]
        assert lines[1].endswith(f".dcm: {ON_ITS_WAY}")
        assert lines[2].endswith(".dcm")
    for path in tmp_path.glob("back/*"):
        assert body(path) == body(tmp_path / "own" / path.name)
