"""``cxr-studio pacs``: what is printed, what is written, which exit code comes back, and where secrets come from."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as Fail

from cxr_studio.cli.main import main
from cxr_studio.exchange.named import Named, encoded
from cxr_studio.settings import Settings, save_settings
from tests.exchange.network.drawn_dicom import body, radiograph, series_of, written
from tests.exchange.network.orthanc import PASSWORD, Orthanc

Words = list[str]


@pytest.fixture
def dicom(orthanc: Orthanc) -> Words:
    return ["--host", "127.0.0.1", "--port", str(orthanc.dicom_port), "--called", "ORTHANC"]


@pytest.fixture
def web(orthanc: Orthanc, monkeypatch: pytest.MonkeyPatch) -> Words:
    monkeypatch.setenv("PACS_PASSWORD", PASSWORD)
    url = f"http://127.0.0.1:{orthanc.http_port}/dicom-web"
    return ["--web", url, "--user", "reader", "--password-env", "PACS_PASSWORD"]


class Memory(KeyringBackend):
    """A keyring that forgets with the test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


def test_there_and_back(dicom: Words, web: Words, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = series_of(2, tmp_path / "own", name="Müller^Jörg")
    (tmp_path / "own/notes.txt").write_text("No DICOM in here.")
    assert main(["pacs", "echo", *dicom]) == 0
    assert "accepts CXRSTUDIO and offers search" in capsys.readouterr().out
    assert main(["pacs", "send", str(tmp_path / "own"), *dicom]) == 0
    assert capsys.readouterr().out == "2 of 2 files sent\n"
    assert main(["pacs", "send", str(tmp_path / "own"), str(tmp_path / "own/notes.txt"), *web]) == 1
    said = capsys.readouterr()
    assert said.out == "0 of 3 files sent, 2 were there already, 1 failed\n"
    lines = said.err.splitlines()
    assert [line[:14].strip() for line in lines[:-1]] == ["there already", "there already", "failed"]
    assert lines[2].endswith("own/notes.txt: it is not a DICOM file. Export it as DICOM and send that file.")
    assert lines[-1] == "The same command sends only what is missing; with --again it sends all."
    assert main(["pacs", "get", *web, "--name", "Müll", "--out", str(tmp_path / "back")]) == 0
    assert capsys.readouterr().err == f"2 images of 1 series in {tmp_path / 'back'}\n"
    assert all(body(tmp_path / "back" / path.name) == body(path) for path in paths)


def test_series_as_table_csv_and_json(
    orthanc: Orthanc, dicom: Words, web: Words, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = radiograph(name="Müller^Jörg")
    orthanc.fill([written(made, tmp_path)])
    assert main(["pacs", "find", *dicom]) == 0
    table = capsys.readouterr().out
    assert "2026-03-14  Müller^Jörg  P1  DX         1  Thorax, Chest p.a." in table
    assert str(made.StudyInstanceUID) in table
    assert main(["pacs", "find", *web, "--csv"]) == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["series_uid"], row["name"], row["images"]) == (str(made.SeriesInstanceUID), "Müller^Jörg", "1")
    assert main(["pacs", "find", *web, "--json", "--modality", "dx,cr", "--most", "1"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)[0]["study_date"] == "2026-03-14"
    assert "Only the newest 1 series are shown" in said.err
    assert main(["pacs", "find", *web, "--json", "--id", "nobody"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_without_a_folder_files_lie_in_the_cache(
    orthanc: Orthanc, dicom: Words, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path,) = series_of(1, tmp_path)
    orthanc.fill([path])
    assert main(["pacs", "get", *dicom, "--id", "P1"]) == 0
    back = Path(capsys.readouterr().out.strip())
    assert back.parents[2].name == "archive"
    assert body(back) == body(path)
    assert main(["pacs", "get", *dicom, "--id", "nobody"]) == 1
    assert capsys.readouterr().err == "No series fits.\n"
    assert main(["pacs", "get", *dicom]) == 1
    assert "Nothing says what to retrieve" in capsys.readouterr().err


def test_a_configured_archive_and_its_secret_in_the_keyring(
    orthanc: Orthanc, capsys: pytest.CaptureFixture[str]
) -> None:
    save_settings(Settings(archives=encoded([Named("Home", orthanc.web(), kept=True)])))
    before, memory = keyring.get_keyring(), Memory()
    keyring.set_keyring(memory)
    try:
        memory.set_password("cxr-studio", "Home", PASSWORD)
        assert main(["pacs", "echo", "--archive", "Home"]) == 0
        assert "as reader. The connection is not encrypted" in capsys.readouterr().out
        memory.held.clear()
        assert main(["pacs", "echo", "--archive", "Home"]) == 1
        assert "is missing. Use --password-stdin or --password-env NAME." in capsys.readouterr().err
    finally:
        keyring.set_keyring(before)
    assert main(["pacs", "echo", "--archive", "Away"]) == 1
    assert "No archive is called 'Away' (configured: Home)." in capsys.readouterr().err


def test_without_a_keyring_the_secret_is_asked_for(
    orthanc: Orthanc, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    save_settings(Settings(archives=encoded([Named("Home", orthanc.web(), kept=True)])))
    before = keyring.get_keyring()
    keyring.set_keyring(Fail())
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda asked: PASSWORD)
    try:
        assert main(["pacs", "echo", "--archive", "Home"]) == 0
    finally:
        keyring.set_keyring(before)
    assert capsys.readouterr().err == "This computer has no keyring that keeps passwords.\n"


def test_a_secret_from_standard_input(
    orthanc: Orthanc, web: Words, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["pacs", "echo", *web[:-2], "--password-stdin"]
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert main(words) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("wrong\n"))
    assert main(words) == 1
    assert "does not accept the password of reader (401)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--host", "pacs"], "The archive's AE title is missing. Give it with --called."),
        (["--host", "pacs", "--called", "A" * 17], "is not valid. Enter 1 to 16 letters or digits."),
        (["--web", "pacs.example"], "'pacs.example' is no web address."),
        (["--web", "https://anna:secret@pacs.example"], "The web address contains a user name."),
        (["--web", "https://pacs.example", "--user", "a", "--password-env", "NOT_SET"], "NOT_SET is not set."),
    ],
)
def test_settings_that_make_no_sense(words: Words, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pacs", "echo", *words]) == 1
    assert said in capsys.readouterr().err


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("cxr_studio.exchange.opening.find_spec", lambda name: None)
    assert main(["pacs", "echo", "--host", "pacs", "--called", "PACS"]) == 1
    assert capsys.readouterr().err.endswith("Install it with: pip install 'cxr-studio[dicom-net]'.\n")
