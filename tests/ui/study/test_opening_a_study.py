"""Opening a study from the command line and from the main window; without torch, scipy or a display."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cxr_studio.cli.main import main
from cxr_studio.settings import Settings
from cxr_studio.ui.studio import Studio
from cxr_studio.ui.study.install import take_study
from tests.studies.tiny_study import tiny_study

ROOT = Path(__file__).parents[3]

SITS = """
import sys
from PySide6.QtCore import QTimer, Qt
from cxr_studio.ui.study import study_controller as made
from cxr_studio.cli.main import main

begun = made.StudyController.show
def show(self):
    self.window.painted.connect(self.show_display, Qt.ConnectionType.QueuedConnection)
    self.window.painted.connect(lambda: self.window.display.unseen.click(), Qt.ConnectionType.QueuedConnection)
    self.window.painted.connect(lambda: self.sequence.trials.painted.connect(lambda _ns: self.leave()))
    begun(self)
made.StudyController.show = show
code = main(["study", "run", sys.argv[1], "--reader", "anna", "--windowed", "--copy-to", sys.argv[2]])
heavy = sorted({"torch", "scipy", "skimage", "pydicom", "SimpleITK", "pyqtgraph", "psycopg"} & set(sys.modules))
print("left with", code, "after", heavy)
"""


def test_a_trial_is_shown_without_torch_and_scipy(tmp_path):
    bundle, _ = tiny_study(tmp_path)
    words = [sys.executable, "-c", SITS, str(bundle.folder), str(tmp_path / "copy")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == "left with 0 after []", done.stderr
    assert (bundle.folder / "answers.sqlite").exists()


def test_no_study_is_told_in_a_sentence(tmp_path, capsys):
    assert main(["study", "run", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith(f"{tmp_path.name}: there is no study in this folder.")


def test_without_a_display_it_says_so(tmp_path, capsys, monkeypatch):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux can lack a display")
    assert main(["study", "run", str(tmp_path)]) == 1
    assert "No display" in capsys.readouterr().err


class Folder:
    """Dialogs that answer with a folder."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def folder_to_open(self, title: str) -> Path | None:
        return self.folder


@pytest.fixture
def studio(qtbot):
    studio = Studio(Settings(), dialogs=Folder(None))
    qtbot.addWidget(studio.window)
    return studio


def test_the_main_window_opens_a_study_in_a_window_of_its_own(qtbot, studio, tmp_path):
    bundle, _ = tiny_study(tmp_path)
    studio.desk.dialogs.folder = bundle.folder
    controller = take_study(studio.desk)
    assert controller is not None
    qtbot.waitSignal(controller.window.painted).wait()
    qtbot.waitUntil(lambda: not controller._background.busy)
    assert controller.window.isFullScreen()
    with qtbot.waitSignal(controller.gone):
        controller.window.close()
    action = studio.window.registry.action("file.study")
    assert action in studio.window.menus.menu("file").actions()


def test_the_main_window_says_where_there_is_no_study(studio, tmp_path):
    assert studio.desk.dialogs.folder is None
    assert take_study(studio.desk) is None
    studio.desk.dialogs.folder = tmp_path
    told = []
    studio.window.messages.warn = lambda text, *_: told.append(text)
    assert take_study(studio.desk) is None
    assert "there is no study" in told[0]
