"""What a packed study's folder holds, where its answers go, and that it appears whole or not at all."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from cxr_studio.cli.main import main
from cxr_studio.errors import StudioError
from cxr_studio.studies.bundle import BundleError, open_bundle
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.pack import building, folder, packing
from cxr_studio.studies.pack.server import Server, reach, server_of
from tests.studies.postgres_server import MISSING, running_server
from tests.studies.tiny_study import SECRET, tiny_study

SERVER = "postgresql+psycopg://reader@server.example:5433/study"


@pytest.fixture
def study(tmp_path):
    return tiny_study(tmp_path / "study")


@pytest.fixture
def quick_build(monkeypatch):
    """A program in a moment."""

    def build(place: Path, progress) -> None:
        progress(0.5, "building")
        (place / folder.PROGRAM).mkdir()
        (place / folder.START).write_text("program")

    monkeypatch.setattr(packing, "build_program", build)


def files(place: Path) -> set[str]:
    return {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}


def test_the_folder_holds_program_bundle_settings_and_three_lines_and_nothing_else(study, tmp_path, quick_build):
    bundle, _ = study
    (bundle.folder / "answers.sqlite").write_text("another reader's")
    (bundle.folder / "key.json").write_text("left here by mistake")
    seen = []
    packing.pack(bundle.folder, tmp_path / "out", progress=lambda done, words: seen.append((done, words)))
    images = {f"bundle/images/{name}" for name in bundle.images}
    wanted = {"Start study", "README.txt", "settings.toml", "program/contents.json", "bundle/study.json", *images}
    assert files(tmp_path / "out") == wanted
    assert open_bundle(tmp_path / "out" / "bundle").sha256 == bundle.sha256
    lines = (tmp_path / "out" / "README.txt").read_text().splitlines()
    assert len(lines) == 3
    assert 'send the folder "answers" back' in lines[2]
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (1.0, "packed")
    everything = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert SECRET.encode() not in everything
    assert not list(tmp_path.glob(".*"))


def test_packing_again_replaces_a_pack_but_no_answers(study, tmp_path, quick_build):
    out = tmp_path / "out"
    for _ in range(2):
        packing.pack(study[0].folder, out)
    folder.answers_file(out).write_text("an answer")
    with pytest.raises(StudioError, match=r"holds files of something else \(answers/answers.sqlite\)"):
        packing.pack(study[0].folder, out)
    assert (out / "answers" / "answers.sqlite").read_text() == "an answer"


def test_a_damaged_image_is_found_before_anything_is_built(study, tmp_path, monkeypatch):
    name = next(iter(study[0].images))
    study[0].image(name).write_bytes(b"damaged")
    monkeypatch.setattr(packing, "build_program", lambda *_: pytest.fail("built"))
    with pytest.raises(BundleError, match="has been changed"):
        packing.pack(study[0].folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("ending", [KeyboardInterrupt, StudioError("x")])
def test_given_up_it_leaves_nothing_and_no_process(study, tmp_path, monkeypatch, ending):
    made = tmp_path / "made"
    made.mkdir()
    says = "open('pid', 'w').write(str(os.getpid())); print('Building PYZ', flush=True); time.sleep(60)"
    says = f"import os, time; {says}"
    monkeypatch.setattr(building, "_command", lambda _work: [sys.executable, "-c", says])
    monkeypatch.chdir(tmp_path)

    def give_up(_done: float, words: str) -> None:
        if words == "writing the program":
            raise ending

    with pytest.raises(type(ending) if isinstance(ending, StudioError) else ending):
        packing.pack(study[0].folder, made / "out", progress=give_up)
    assert not list(made.iterdir())
    with suppress(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
        pytest.fail("PyInstaller runs on")


def test_what_pyinstaller_says_last_is_the_sentence(study, tmp_path, monkeypatch):
    monkeypatch.setattr(building, "_command", lambda _work: [sys.executable, "-c", "print('ERROR: no disk'); exit(3)"])
    with pytest.raises(StudioError, match=r"could not build the program \(ERROR: no disk\)"):
        packing.pack(study[0].folder, tmp_path / "out")


def test_without_pyinstaller_it_is_one_sentence(study, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "PyInstaller", None)
    assert main(["study", "pack", str(study[0].folder), "--out", str(tmp_path / "out")]) == 1
    wanted = "Packed studies need PyInstaller, which is not installed. Run pip install 'cxr-studio[pack]'.\n"
    assert capsys.readouterr().err == wanted


def test_a_reader_needs_no_torch_and_what_is_left_out_is_everything_not_named():
    left_out = set(building.excluded())
    assert {"torch", "lightning", "matplotlib", "SimpleITK", "skimage", "cv2", "pynetdicom", "scipy"} <= left_out
    assert not left_out & set(building.KEPT)


@pytest.mark.parametrize("database", ["", "ask", SERVER])
def test_settings_say_where_answers_go(study, tmp_path, quick_build, database):
    packing.pack(study[0].folder, tmp_path / "out", database=database)
    assert folder.chosen_database(tmp_path / "out") == database
    assert ("on a server" in (tmp_path / "out" / "README.txt").read_text()) == bool(database)


@pytest.mark.parametrize(
    ("database", "words"),
    [
        ("postgresql://reader:secret@server/study", "could read the password"),
        ("answers.sqlite", "beside itself or on a server"),
        ("mysql://server/study", "SQLite or PostgreSQL only"),
    ],
)
def test_addresses_that_cannot_be_packed_are_refused(study, tmp_path, quick_build, database, words):
    with pytest.raises(StudioError, match=words):
        packing.pack(study[0].folder, tmp_path / "out", database=database)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ["database = [", "database = 3", "\xff"])
def test_settings_that_cannot_be_read_are_named(tmp_path, text):
    (tmp_path / "settings.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(StudioError, match=r"^settings\.toml: the (settings|database)"):
        folder.chosen_database(tmp_path)


def test_without_settings_answers_lie_in_the_folder(tmp_path):
    assert folder.chosen_database(tmp_path) == ""
    assert folder.answers_file(tmp_path) == tmp_path / "answers" / "answers.sqlite"


def test_a_folder_that_cannot_keep_answers_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "answers").write_text("in the way")
    with pytest.raises(StudioError, match=r"answers cannot be saved in this folder \(File exists\)\. Copy the folder"):
        folder.answers_file(tmp_path)
    monkeypatch.setattr(folder, "network_kind", lambda _place: "cifs")
    with pytest.raises(StudioError, match=r"lies on a network \(cifs\), where answers are not safe"):
        folder.answers_file(tmp_path)


def test_a_server_is_its_parts_and_its_address_again():
    assert server_of(SERVER) == Server("server.example", 5433, "study", "reader")
    assert server_of("ask") == Server()
    whole = Server("h", 5432, "d", "u", "p@ss/wörd")
    assert whole.complete
    assert server_of(whole.address) == whole
    assert not Server("h").complete
    assert "None" not in Server().address


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_a_server_that_is_reached_keeps_the_answers(study):
    with running_server() as address:
        reached = reach(study[0], server_of(address))
        log = AnswerLog(study[0], reached)
        assert log.claim("anna") == 0
        log.close()
