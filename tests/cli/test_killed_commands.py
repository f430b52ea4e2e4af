"""A process of a command is killed in the middle of an item: one sentence, and the same command resumes to the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.cli.main import main
from tests.cli.test_job_commands import PROTOCOL, undated
from tests.conftest import draw_phantom
from tests.jobs import killed_command
from tests.jobs.squares import contents

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not known there")

PANEL = """
name = "Holes"
[[case]]
name = "square"
image = "in/0.png"
box = [60, 40, 76, 56]
[[case]]
name = "disc"
image = "in/1.png"
circle = [70, 110, 9]
"""


@pytest.fixture
def radiographs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(6):
        Image.fromarray(np.roll(draw_phantom(176, 160), 3 * number, axis=1)).save(folder / f"{number}.png")
    (tmp_path / "panel.toml").write_text(PANEL, encoding="utf-8")
    (tmp_path / "protocol.toml").write_text(PROTOCOL, encoding="utf-8")
    return folder


def words_of(command: str, folder: Path) -> list[str]:
    radiographs = str(folder / "in")
    if command == "augment":
        return [command, radiographs, "--count", "8", "--diameter", "uniform:10,30px", "--seed", "5"]
    if command == "study":
        secret = ["--secret", str(folder / "secret.json")]
        return [command, "new", str(folder / "protocol.toml"), "--images", radiographs, *secret]
    panel = ["--panel", str(folder / "panel.toml")]
    return [command, "telea", "navier-stokes", "biharmonic", *panel, "--report", str(folder / "report")]


@pytest.mark.parametrize("command", ["augment", "qa", "study"])
def test_a_killed_process_is_one_sentence_and_the_command_resumes(command: str, radiographs: Path) -> None:
    folder = radiographs.parent
    words = [*words_of(command, folder), "--device", "cpu", "--workers"]
    script = [sys.executable, str(killed_command.__file__), *words, "2", "--out", str(folder / "killed")]
    stopped = subprocess.run(script, capture_output=True, text=True, check=False, timeout=250)
    assert stopped.returncode == 1
    assert stopped.stderr.splitlines()[-1].startswith("A process was killed")
    torn = [path for path in (folder / "killed").rglob(".*") if path.is_file()]
    assert torn, "it was in the middle of writing"
    assert main([*words, "1", "--out", str(folder / "killed")]) == 0
    assert main([*words, "1", "--out", str(folder / "whole")]) == 0
    if command == "study":
        assert contents(folder / "killed" / "bundle") == contents(folder / "whole" / "bundle")
        assert undated(folder / "killed") == undated(folder / "whole")
    else:
        assert contents(folder / "killed") == contents(folder / "whole")
