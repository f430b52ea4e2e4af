"""Every command that runs as a batch: its parts, joined, are what one run makes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.cli.main import main
from tests.conftest import draw_phantom
from tests.jobs.squares import contents


@pytest.fixture
def radiographs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(3):
        Image.fromarray(np.roll(draw_phantom(96, 80), 5 * number, axis=1)).save(folder / f"{number:08d}_000.png")
    return folder


def in_parts(words: list[str], folder: Path, out: str) -> list[str]:
    """Run a command in two parts and join them; gives the folders of the parts."""
    parts = [str(folder / f"part-{k}") for k in (1, 2)]
    for number, part in enumerate(parts, 1):
        assert main([*words, "--part", f"{number}/2", "--out", part]) == 0
    assert main(["merge", *parts, "--out", str(folder / out)]) == 0
    return parts


def test_highlight(radiographs: Path, tmp_path: Path, capsys) -> None:
    (radiographs / "plan.png").write_bytes((radiographs / "00000000_000.png").read_bytes())
    words = ["highlight", str(radiographs), "--generator", "biharmonic", "--device", "cpu", "--whole-image"]
    in_parts(words, tmp_path, "joined")
    printed = capsys.readouterr().out
    assert "Part 1 of 2: 2 radiographs in" in printed
    assert main([*words, "--out", str(tmp_path / "whole"), "--workers", "2"]) == 0
    assert f"4 of 4 radiographs searched; results in {tmp_path / 'joined'}." in printed
    assert printed.splitlines()[-5:-1] == capsys.readouterr().out.splitlines()[:-1]
    assert contents(tmp_path / "joined") == contents(tmp_path / "whole")
    assert json.loads((tmp_path / "whole" / "plan.json").read_text())["provenance"]["generator"] == "biharmonic"
    (tmp_path / "whole" / "00000001_000.json").unlink()
    assert main([*words, "--out", str(tmp_path / "whole")]) == 0
    assert contents(tmp_path / "joined") == contents(tmp_path / "whole")
    assert main([*words, "--out", str(tmp_path / "whole"), "--kind", "signed"]) == 1
    assert "holds another search, with other options (wanted)" in capsys.readouterr().err


def test_detect(radiographs: Path, tmp_path: Path, capsys) -> None:
    words = ["detect", str(radiographs), "--device", "cpu", "--least", "0.0001"]
    in_parts(words, tmp_path, "joined.csv")
    assert "in 3 radiographs by" in capsys.readouterr().out
    assert main([*words, "--out", str(tmp_path / "whole.csv")]) == 0
    assert (tmp_path / "joined.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert (tmp_path / "whole.csv").read_text().count("\n") > 3
    assert not list(tmp_path.glob(".*"))


def test_a_radiograph_that_cannot_be_read_is_listed_and_the_others_are_searched(radiographs, tmp_path, capsys) -> None:
    (radiographs / "bad.png").write_bytes(b"\x89PNG nothing")
    words = ["detect", str(radiographs), "--device", "cpu", "--out", str(tmp_path / "found.json")]
    assert main(words) == 1
    told = capsys.readouterr()
    assert "in 3 radiographs by" in told.out
    assert told.err.startswith("bad.png: ")
    assert told.err.count("\n") == 1
    assert (tmp_path / "found.json").exists()


def test_evaluate(radiographs: Path, tmp_path: Path, capsys) -> None:
    words = ["evaluate", "--generators", "telea", "--images", str(radiographs), "--side", "80", "--hole", "16"]
    words += ["--device", "cpu", "--json"]
    in_parts([*words, str(tmp_path / "joined.json")], tmp_path, "joined")
    assert "Part 2 of 2: 2 radiographs in" in capsys.readouterr().out
    assert main([*words, str(tmp_path / "whole.json")]) == 0
    assert (tmp_path / "joined.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    assert main([*words, str(tmp_path / "kept.json"), "--out", str(tmp_path / "whole"), "--workers", "2"]) == 0
    assert contents(tmp_path / "joined") == contents(tmp_path / "whole")
    assert (tmp_path / "kept.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    assert main([*words, str(tmp_path / "a.json"), "--part", "1/2"]) == 1
    assert "a part needs a folder" in capsys.readouterr().err.lower()
    assert main(["evaluate", "--generator", "telea", "--images", str(radiographs), "--part", "1/2"]) == 1
    assert "only the table" in capsys.readouterr().err.lower()
