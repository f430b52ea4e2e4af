"""A study packed by PyInstaller, started and sat by keys alone: here, on a server, and where there is no Python.

Takes minutes; ``.ci/pack`` installs what it needs and runs it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxr_studio.cli.main import main
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.verification import verify_answers
from tests.packed.hands import Hands
from tests.studies.postgres_server import MISSING, running_server
from tests.studies.tiny_study import tiny_study

SHORT = {"images": {"count": 2}, "order": {"break_every": 3, "repeats": 0}, "answer": {"blank_ms": 10}}
TRIALS = 6
"""Two of practice, four of the study in two blocks."""

LARGEST_MB = 250
BARE = Path(os.environ.get("CXR_STUDIO_BARE_ROOT", "/nowhere"))
"""A root folder with a C library and what every desktop has, without Python; ``.ci/pack`` makes it."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="Xvfb or xdotool is missing"),
]


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Bundle:
    return tiny_study(tmp_path_factory.mktemp("study"), **SHORT)[0]


@pytest.fixture(scope="module")
def made(study, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("packed") / "reading room"
    started = time.monotonic()
    assert main(["study", "pack", str(study.folder), "--out", str(out)]) == 0
    print(f"Packed in {time.monotonic() - started:.0f} s.")
    return out


@pytest.fixture
def pack(made, tmp_path) -> Path:
    """A copy, as on another computer."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    readable, writable = os.pipe()
    words = ["Xvfb", "-displayfd", str(writable), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    with subprocess.Popen(words, pass_fds=[writable], stderr=subprocess.DEVNULL) as server:
        with os.fdopen(readable) as told:
            number = told.readline().strip()
        os.close(writable)
        yield f":{number}"
        server.terminate()


def sat(pack: Path, study: Bundle, *, display: str, database: str | Path, root: Path | None = None) -> float:
    """Start the program, sit the study as anna, and look at what was saved; returns seconds to the window.

    Nothing of this process's environment is there: no Python, no path to one.
    """
    program, before = pack / "Start study", []
    if root is not None:
        program, before = Path("/") / program.relative_to(root), ["chroot", str(root)]
    environment = {"DISPLAY": display, "HOME": "/tmp", "PATH": "/usr/sbin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    hands = Hands(display, str(database), study.rules.title)
    started = time.monotonic()
    with subprocess.Popen([*before, str(program)], env=environment, cwd="/") as running:
        try:
            hands.await_window()
            seconds = time.monotonic() - started
            hands.sit("anna", TRIALS)
            assert running.wait(30) == 0
        finally:
            running.kill()
    log = AnswerLog(study, database, create=False)
    assert [(row.trial_uid, row.choice) for row in log.answers("anna")] == [
        (trial.uid, "left") for trial in study.schedules[0]
    ]
    assert [finding.fault for finding in verify_answers(study, log)] == ["", ""]
    log.close()
    return seconds


def test_the_folder_is_small_and_has_neither_torch_nor_links(made):
    paths = list(made.rglob("*"))
    assert sum(path.stat().st_size for path in paths if path.is_file()) < LARGEST_MB * 1e6
    assert not [path for path in paths if path.is_symlink()]
    names = {path.name.partition(".")[0] for path in paths}
    assert not names & {"torch", "cv2", "scipy", "skimage", "matplotlib", "SimpleITK", "pydicom", "QtNetwork"}
    plugins = {path.name for path in paths if path.parent.name == "platforms"}
    assert {"libqxcb.so", "libqwayland.so", "libqoffscreen.so"} <= plugins


def test_a_reader_sits_it_and_answers_lie_beside(pack, study, display):
    seconds = sat(pack, study, display=display, database=pack / "answers" / "answers.sqlite")
    print(f"The window is there after {seconds:.1f} s.")


@pytest.mark.skipif(not BARE.is_dir(), reason="there is no root folder without Python")
def test_a_reader_sits_it_on_a_machine_without_python(made, study, display):
    assert not [path for path in BARE.rglob("*python*") if path.is_file()]
    pack = Path(shutil.copytree(made, BARE / "reading room"))
    try:
        seconds = sat(pack, study, display=display, database=pack / "answers" / "answers.sqlite", root=BARE)
        print(f"Without Python the window is there after {seconds:.1f} s.")
    finally:
        shutil.rmtree(pack)


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_a_reader_sits_it_and_answers_go_to_a_server(pack, study, display):
    with running_server() as address:
        (pack / "settings.toml").write_text(f'database = "{address}"\n')
        sat(pack, study, display=display, database=address)
    assert not (pack / "answers").exists()
