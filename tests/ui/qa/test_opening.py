"""Opening the comparison from the command line and from the main window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cxr_studio.cli.main import main
from cxr_studio.quality.comparison.panel import write_panel
from cxr_studio.settings import Settings
from cxr_studio.ui.qa.install import compare_checkpoints
from cxr_studio.ui.qa.portrait import render_comparison
from cxr_studio.ui.studio import Studio

ROOT = Path(__file__).parents[3]

LOOKS = """
import sys
from PySide6.QtCore import QTimer
from cxr_studio.ui.qa import comparison_window as made
from cxr_studio.cli.main import main

class Window(made.ComparisonWindow):
    def show(self):
        super().show()
        self.ticks = 0
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.tick)
        self.timer.start(50)

    def tick(self):
        board = self.comparison.board
        shown = [board.picture(row, column) for row in range(3) for column in board.lineup.shown]
        self.ticks += 1
        whole = len(shown) == 9 and all(shown) and len(board.scores) == 3
        if whole or self.ticks > 400:
            self.timer.stop()
            print("shown" if whole else "gave up", board.header(board.lineup.shown[0]).words != "")
            self.close()

made.ComparisonWindow = Window
code = main(["qa", sys.argv[1], "--panel", sys.argv[2], "--cache", sys.argv[3], "--judge", "anna", "--device", "cpu"])
print("left with", code, "after", sorted({"torch", "skimage", "matplotlib"} & set(sys.modules)))
"""


def test_cells_made_before_are_shown_without_torch(desk, run, panel, kept, tmp_path) -> None:
    desk(run.folder).wait_cells()
    write_panel(panel, tmp_path / "panel.toml")
    words = [sys.executable, "-c", LOOKS, str(run.folder), str(tmp_path / "panel.toml"), str(kept)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.splitlines() == ["shown True", "left with 0 after []"], done.stderr


def test_without_a_display_it_says_so(run, capsys, monkeypatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux can lack a display")
    assert main(["qa", str(run.folder)]) == 1
    assert "--report" in capsys.readouterr().err


def test_the_main_window_opens_it_beside_itself(qtbot, run, monkeypatch) -> None:
    chosen: list[tuple[str, ...]] = [(), (str(run.folder),)]
    monkeypatch.setattr("cxr_studio.ui.qa.choosing.ask_columns", lambda _parent: chosen.pop(0))
    studio = Studio(Settings())
    window = studio.window
    qtbot.addWidget(window)
    assert compare_checkpoints(studio.desk) is None
    opened = compare_checkpoints(studio.desk)
    assert opened is not None
    qtbot.waitUntil(lambda: len(opened.comparison.lineup.shown) == 3, timeout=20_000)
    action = window.registry.action("file.compare")
    assert action in window.menus.menu("file").actions()
    with qtbot.waitSignal(opened.gone):
        opened.close()


def test_a_picture_without_a_run_is_left_as_it_is(tmp_path, capsys) -> None:
    assert render_comparison(None, tmp_path) == 0
    assert "--run" in capsys.readouterr().err
    assert not (tmp_path / "qa.png").exists()
