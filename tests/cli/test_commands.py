"""The command line: what is printed, what is written, which exit code comes back."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.cli.main import COMMANDS, main
from cxr_studio.generation.session import Session
from cxr_studio.masks.brush import paint_disc
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions


@pytest.fixture
def mask(phantom: np.ndarray) -> np.ndarray:
    mask = np.zeros(phantom.shape, bool)
    paint_disc(mask, (130, 90), radius=15)
    return mask


@pytest.fixture
def folder(tmp_path: Path, phantom: np.ndarray, mask: np.ndarray) -> Path:
    """Three radiographs, of which the last has no mask and the second is broken."""
    (tmp_path / "in").mkdir()
    (tmp_path / "masks").mkdir()
    for name in ("a", "b", "c"):
        Image.fromarray(phantom).save(tmp_path / "in" / f"{name}.png")
    (tmp_path / "in" / "b.png").write_bytes(b"\x89PNG broken")
    for name in ("a", "b"):
        Image.fromarray(mask.astype(np.uint8) * 255).save(tmp_path / "masks" / f"{name}.png")
    return tmp_path


def inpaint(source: Path, mask: Path, out: Path, *words: str) -> int:
    return main(["inpaint", str(source), "--mask", str(mask), "--generator", "biharmonic", "--out", str(out), *words])


def test_a_file_is_inpainted_as_the_window_would(folder, mask, capsys):
    assert inpaint(folder / "in" / "a.png", folder / "masks" / "a.png", folder / "out.png", "--seed", "5") == 0
    assert "1 of 1 radiograph written" in capsys.readouterr().out
    session = Session(read_radiograph(folder / "in" / "a.png"))
    session.apply_mask(mask, "Mask")
    session.accept(fill(session.request(FillOptions("biharmonic", seed=5), session.mask)), "Biharmonic")
    out = read_radiograph(folder / "out.png")
    assert (out.stored == session.composite).all()
    assert (out.stored[~mask] == session.radiograph.stored[~mask]).all()


def test_grain_off_and_another_seed_give_other_pixels(folder, capsys):
    results = []
    for number, words in enumerate((["--seed", "0"], ["--seed", "1"], ["--grain", "off"])):
        out = folder / f"{number}.png"
        assert inpaint(folder / "in" / "a.png", folder / "masks" / "a.png", out, *words) == 0
        results.append(read_radiograph(out).stored)
    assert (results[0] != results[1]).any()
    assert (results[0] != results[2]).any()
    capsys.readouterr()


def test_a_folder_goes_on_after_failures_and_tells_them_at_the_end(folder, capsys):
    assert inpaint(folder / "in", folder / "masks", folder / "out") == 1
    printed = capsys.readouterr()
    assert "1 of 3 radiographs written" in printed.out
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["a.png"]
    lines = printed.err.strip().splitlines()
    assert len(lines) == 2
    assert any(line.startswith("b.png:") for line in lines)
    assert any(line.startswith("c.png: there is no mask") for line in lines)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["inpaint", "nowhere.png", "--mask", "m.png", "--generator", "biharmonic", "--out", "o.png"], "nowhere.png"),
        (["inpaint", "x", "--mask", "m", "--generator", "nothing", "--out", "o"], "there is no generator 'nothing'"),
        (["evaluate", "--generator", "biharmonic", "--images", "nowhere"], "nowhere"),
        (["models", "nothing"], "there is no generator 'nothing'"),
        (["promote", "nowhere.safetensors", "--images", "nowhere"], "nowhere"),
    ],
)
def test_mistakes_are_one_sentence_and_exit_code_1(words, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(words) == 1
    printed = capsys.readouterr().err
    assert said.lower() in printed.lower()
    assert "Traceback" not in printed
    assert len(printed.strip().splitlines()) == 1


def test_the_original_is_not_overwritten(folder, capsys):
    before = (folder / "in" / "a.png").read_bytes()
    assert inpaint(folder / "in" / "a.png", folder / "masks" / "a.png", folder / "in" / "a.png") == 1
    assert "cannot be overwritten" in capsys.readouterr().err
    assert (folder / "in" / "a.png").read_bytes() == before


def test_models_lists_every_generator_and_prints_cards(capsys):
    assert main(["models"]) == 0
    table = capsys.readouterr().out
    assert all(name in table for name in ("context-encoder", "biharmonic", "telea", "navier-stokes"))
    assert main(["models", "context-encoder"]) == 0
    card = capsys.readouterr().out
    assert "NIH Clinical Center" in card
    assert "PSNR, grain off" in card
    assert main(["models", "--json"]) == 0
    cards = {each["name"]: each["card"] for each in json.loads(capsys.readouterr().out)}
    assert cards["biharmonic"] is None
    assert cards["context-encoder"]["gflop"] <= 4


def test_every_shipped_checkpoint_is_checked(capsys, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "cxr_studio.quality.checking.check.check", lambda facts, *_limits, device: asked.append(facts.name) or []
    )
    assert main(["check"]) == 0
    assert "All checks passed." in capsys.readouterr().out
    assert {path.stem for path in resource("checkpoints").glob("*.safetensors")} < set(asked)


def test_a_checkpoint_that_cannot_be_read_does_not_stop_the_check_of_others(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("cxr_studio.quality.checking.check.check", lambda facts, *_limits, device: [])
    (tmp_path / "bad.safetensors").write_bytes(b"nothing")
    assert main(["check", str(tmp_path / "bad.safetensors"), "nothing", "telea"]) == 1
    said = capsys.readouterr()
    assert "Telea" in said.out
    assert "2 checks failed." in said.out
    assert "bad.safetensors: the file is not a checkpoint" in said.err
    assert "there is no generator 'nothing'" in said.err.lower()


def test_evaluate_prints_a_table_and_writes_json_and_a_sheet(tmp_path, capsys):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "one.png").write_bytes(resource("samples", "healthy-1.png").read_bytes())
    words = ["--generator", "biharmonic", "--images", str(tmp_path / "images"), "--holes", "2"]
    figures, sheet = tmp_path / "f.json", tmp_path / "s.png"
    assert main(["evaluate", *words, "--json", str(figures), "--sheet", str(sheet)]) == 0
    printed = capsys.readouterr().out
    assert "Navier" in printed or "navier-stokes" in printed
    rows = {(row["generator"], row["grain"]): row for row in json.loads(figures.read_text())}
    assert set(rows) == {("telea", "off"), ("navier-stokes", "off"), ("biharmonic", "off"), ("biharmonic", "match")}
    assert rows["biharmonic", "match"]["mean"]["grain"] > 2 * rows["biharmonic", "off"]["mean"]["grain"]
    assert read_radiograph(sheet).shape[1] > 128


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in COMMANDS)


def test_without_a_display_open_says_so(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert main(["open"]) == 1
    assert "No display" in capsys.readouterr().err


def test_the_demo_writes_the_window_with_an_inpainting_in_it(tmp_path):
    picture = tmp_path / "demo.png"
    command = [sys.executable, "-m", "cxr_studio.cli.main", "demo", "--picture", str(picture)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    with Image.open(picture) as image:
        assert image.size[0] >= 1500


def test_train_hands_its_arguments_to_the_trainers(tmp_path):
    command = [sys.executable, "-m", "cxr_studio.cli.main", "train", str(tmp_path / "none.toml"), "--dry-run"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.startswith("none.toml:")


def test_a_nodule_of_the_wanted_diameter_is_drawn(tmp_path, capsys):
    source, out, mask = resource("samples", "healthy-1.png"), tmp_path / "out.png", tmp_path / "mask.png"
    words = ["nodule", str(source), "--at", "250,420", "--diameter", "30px", "--out", str(out), "--mask", str(mask)]
    assert main([*words, "--seed", "4"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["diameter_px"] == pytest.approx(30, abs=0.5)
    assert told["diameter_mm"] is None
    before, after = read_radiograph(source).stored, read_radiograph(out).stored
    with Image.open(mask) as image:
        shape = np.asarray(image) > 0
    x0, y0, x1, y1 = told["box"]
    assert shape[y0:y1, x0:x1].sum() == shape.sum() > 500
    assert (after[shape] >= before[shape]).all()
    far = np.ones(shape.shape, bool)
    far[y0 - 8 : y1 + 8, x0 - 8 : x1 + 8] = False
    assert (after[far] == before[far]).all()
    assert main([*words[:5], "12mm", *words[6:]]) == 1
    assert "millimetres" in capsys.readouterr().err
