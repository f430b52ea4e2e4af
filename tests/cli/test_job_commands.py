"""Every command that runs as a batch: its parts, joined, are what one run makes."""

from __future__ import annotations

import json
import shutil
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


PANEL = """
name = "Two"
[[case]]
name = "square"
image = "in/00000000_000.png"
box = [40, 20, 56, 36]
[[case]]
name = "disc"
image = "in/00000001_000.png"
circle = [44, 54, 7]
"""


def test_qa(radiographs: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "panel.toml").write_text(PANEL, encoding="utf-8")
    words = ["qa", "telea", "navier-stokes", "--panel", str(tmp_path / "panel.toml"), "--device", "cpu", "--report"]
    parts = in_parts([*words, str(tmp_path / "joined-report")], tmp_path, "joined")
    assert "Part 2 of 2: 2 cells in" in capsys.readouterr().out
    assert main([*words, str(tmp_path / "whole-report"), "--out", str(tmp_path / "whole"), "--workers", "2"]) == 0
    assert contents(tmp_path / "joined") == contents(tmp_path / "whole")
    assert contents(tmp_path / "joined-report") == contents(tmp_path / "whole-report")
    assert main([*words, str(tmp_path / "third"), "--workers", "2"]) == 0
    assert contents(tmp_path / "third") == contents(tmp_path / "whole-report")
    content = json.loads((tmp_path / "third" / "report.json").read_text(encoding="utf-8"))
    assert [column["means"]["milliseconds"] for column in content["columns"]] == [None, None]
    capsys.readouterr()
    assert main(["merge", parts[0], "--out", str(tmp_path / "half")]) == 1
    assert capsys.readouterr().err == "Part 2 of 2 is missing. Give the folders of all parts.\n"
    for more, sentence in (
        (["--part", "1/2"], "A part needs a folder of its own"),
        (["--workers", "2", "--cache", str(tmp_path)], "--cache is of the cells of one process"),
    ):
        assert main([*words, str(tmp_path / "r"), *more]) == 1
        assert capsys.readouterr().err.splitlines()[-1].startswith(sentence)
    assert main([*words[:-1], "--workers", "2"]) == 1
    assert "only a report is made in parts" in capsys.readouterr().err.lower()


PROTOCOL = """
[study]
name = "tiny"
paradigm = "2afc"
readers = 2
[images]
count = 5
[[conditions]]
generator = "telea"
hole = 16
[practice]
trials = 1
[order]
repeats = 0
break_every = 0
"""


def undated(folder: Path) -> dict[str, object]:
    """A key without its date."""
    values = json.loads((folder / "key.json").read_text(encoding="utf-8"))
    del values["made"], values["sha256"]
    return values


def test_study_new(radiographs: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda count: "5eed" * (count // 2))
    for number in range(3, 6):
        Image.fromarray(np.roll(draw_phantom(96, 80), 5 * number, axis=1)).save(radiographs / f"{number:08d}_000.png")
    for number in (6, 7):
        (radiographs / f"{number:08d}_000.png").write_bytes(b"\x89PNG nothing")
    protocol, secret = tmp_path / "protocol.toml", tmp_path / "secret.json"
    protocol.write_text(PROTOCOL, encoding="utf-8")
    words = ["study", "new", str(protocol), "--images", str(radiographs), "--device", "cpu"]
    own = [*words, "--secret", str(secret)]
    parts = in_parts(own, tmp_path, "joined")
    said = capsys.readouterr()
    assert "Part 2 of 2: 3 cases in" in said.out
    assert "Left out: 0000000" in said.err
    for part in map(Path, parts):
        assert {path.parent.name for path in part.rglob("*") if path.is_file()} == {part.name, "cases", "images"}
        assert secret.read_text(encoding="utf-8")[12:60] not in "".join(map(str, contents(part).values()))
    assert main([*own, "--out", str(tmp_path / "whole"), "--workers", "2"]) == 0
    assert sorted(path.name for path in (tmp_path / "joined").iterdir()) == ["bundle", "key.json"]
    assert contents(tmp_path / "joined" / "bundle") == contents(tmp_path / "whole" / "bundle")
    assert undated(tmp_path / "joined") == undated(tmp_path / "whole")
    capsys.readouterr()
    protocol.write_text(PROTOCOL.replace("count = 5", "count = 4"), encoding="utf-8")
    for more, sentence in (
        ([*words, "--part", "1/2"], "Parts of a study have one secret. Give all of them the same --secret FILE."),
        (own, "secret.json: it is the secret of a study with another protocol. Give every study"),
        ([*words, "--secret", str(tmp_path / "other" / "s.json")], "s.json: the secret would lie among the results"),
    ):
        assert main([*more, "--out", str(tmp_path / "other")]) == 1
        assert capsys.readouterr().err.splitlines()[-1].startswith(sentence)
    twin = Path(shutil.copytree(parts[0], tmp_path / "twin"))
    for given, sentence in (
        (parts[:1], "Part 2 of 2 is missing"),
        ([*parts, str(twin)], "twin: it is part 1 of 2, and so"),
    ):
        assert main(["merge", *given, "--out", str(tmp_path / "no")]) == 1
        assert sentence in capsys.readouterr().err
    assert not (tmp_path / "no").exists()
