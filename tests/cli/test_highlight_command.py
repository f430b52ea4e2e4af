"""``cxr-studio highlight``: what it writes, what it refuses, and that a folder goes on."""

import argparse
import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.cli.highlight_sources import learned_from
from cxr_studio.cli.main import main
from cxr_studio.nodules.lungs import Lungs
from cxr_studio.quality.highlighting import search
from cxr_studio.resources import user_models
from tests.restore.tiny_network import write_tiny

WHOLE = ["--generator", "biharmonic", "--device", "cpu", "--whole-image"]


@pytest.fixture
def radiographs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    rows, columns = np.mgrid[:160, :144]
    small = 20_000 + 60.0 * rows + 40.0 * columns
    small += 12_000 * np.exp(-((rows - 70) ** 2 + (columns - 50) ** 2) / 50)
    Image.fromarray(np.clip(small, 0, 65_535).astype(np.uint16)).save(folder / "a.png")
    (folder / "b.png").write_bytes(b"\x89PNG broken")
    return folder


def test_four_files_are_written_for_a_radiograph(radiographs: Path, tmp_path: Path, capsys) -> None:
    import SimpleITK as sitk

    out = tmp_path / "out"
    words = ["--kind", "signed", "--threshold", "0.02", "--picture", str(tmp_path / "pair.png")]
    assert main(["highlight", str(radiographs / "a.png"), "--out", str(out), *WHOLE, *words]) == 0
    assert "1 of 1 radiograph searched" in capsys.readouterr().out
    assert sorted(p.name for p in out.iterdir()) == ["a-map.mha", "a-overlay.png", "a-spots.csv", "a.json"]
    layer = sitk.GetArrayFromImage(sitk.ReadImage(str(out / "a-map.mha")))
    assert (layer.shape, layer.dtype) == ((160, 144), np.float32)
    y, x = np.unravel_index(layer.argmax(), layer.shape)
    assert np.hypot(y - 70, x - 50) < 6
    rows = list(csv.DictReader((out / "a-spots.csv").read_text().splitlines()))
    assert rows[0]["rank"] == "1"
    assert rows[0]["height_mm"] == ""
    record = json.loads((out / "a.json").read_text())
    assert record["map"] == "signed"
    assert record["threshold"] == 0.02
    assert record["provenance"]["generator"] == "biharmonic"
    assert len(record["spots"]) == len(rows)
    for path, width in ((out / "a-overlay.png", 144), (tmp_path / "pair.png", 2 * 144 + 2)):
        with Image.open(path) as picture:
            assert picture.size == (width, 160)


def test_a_folder_goes_on_and_tells_faults_at_the_end(radiographs: Path, tmp_path: Path, capsys) -> None:
    assert main(["highlight", str(radiographs), "--out", str(tmp_path / "out"), *WHOLE]) == 1
    told = capsys.readouterr()
    assert "1 of 2 radiographs searched" in told.out
    assert told.err.startswith("b.png:")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere.png", "--out", "out"], "no such file"),
        (["--out", "out"], "No input is given"),
        (["x.png"], "No output folder is given"),
        (["--learn", "{in}", "--picture", "x.png"], "No output folder is given"),
        (["--table"], "needs radiographs"),
        (["{in}", "--out", "out", "--generator", "lungs"], "of role segment"),
        (["{in}/a.png", "--out", "out", "--kind", "z", *WHOLE], "no z-map"),
        (["{in}/a.png", "--out", "{in}/a.png", *WHOLE], "a folder is needed"),
    ],
)
def test_bad_requests_get_one_sentence(radiographs, tmp_path, monkeypatch, capsys, words, told) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["highlight", *(word.replace("{in}", str(radiographs)) for word in words)]) == 1
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.fixture
def measured(tmp_path: Path, phantom: np.ndarray) -> Path:
    """Two healthy radiographs, and one with a box around a blob."""
    for name in ("healthy", "boxed"):
        (tmp_path / name).mkdir()
    rows, columns = np.mgrid[: phantom.shape[0], : phantom.shape[1]]
    blob = 12_000 * np.exp(-((rows - 150) ** 2 + (columns - 90) ** 2) / 300)
    Image.fromarray(phantom).save(tmp_path / "healthy" / "h1_0.png")
    Image.fromarray(phantom[:, ::-1]).save(tmp_path / "healthy" / "h2_0.png")
    Image.fromarray(np.clip(phantom + blob, 0, 65_535).astype(np.uint16)).save(tmp_path / "boxed" / "p1_0.png")
    (tmp_path / "boxed" / "boxes.csv").write_text(
        "image,finding,x,y,width,height\np1_0.png,Mass,70,130,40,40\n"
        "p1_0.png,Nodule,72,132,36,36\np1_0.png,Effusion,170,230,30,30\n"
    )
    return tmp_path


def test_the_table_compares_with_the_same_holes_of_the_baseline(measured: Path, capsys) -> None:
    generator = str(write_tiny(measured))
    words = ["--healthy", str(measured / "healthy"), "--boxed", str(measured / "boxed"), "--device", "cpu"]
    words += ["--findings", "mass", "nodule"]
    assert main(["highlight", "--table", "--generator", generator, *words, "--json", str(measured / "t.json")]) == 0
    printed = capsys.readouterr().out
    assert "by patient" in printed
    figures = json.loads((measured / "t.json").read_text())
    rows = [row for row in figures["patches"] if row["metric"] == "psnr" and row["control"] == "healthy"]
    findings = ("all", "Mass", "Nodule")
    assert {(row["finding"], row["generator"], row["hole"]) for row in rows if "generator" in row} == {
        (finding, name, hole) for finding in findings for name in (generator, "biharmonic") for hole in (16, 32, 64)
    }
    assert sum("more_than_baseline" in row for row in rows) == 9
    assert {(row["finding"], row["boxes"]) for row in rows if "boxes" in row} == {
        ("all", 2),
        ("Mass", 1),
        ("Nodule", 1),
    }
    signed = [row for row in figures["boxes"] if row["map"] == "signed" and row.get("finding") == "all"]
    differences = {row["map"] for row in figures["boxes"] if "area_more_than_baseline" in row}
    assert differences == {"absolute", "signed"}
    assert [row["auc"]["value"] for row in signed if row["generator"] == "biharmonic"] == [1.0]
    (measured / "boxed" / "p1_0.png").unlink()
    assert main(["highlight", "--table", "--generator", generator, *words]) == 1
    assert "p1_0.png" in capsys.readouterr().err


def test_nothing_is_learned_of_patients_who_stand_in_another_folder(measured: Path, capsys) -> None:
    words = ["--learn", str(measured / "healthy"), "--out", str(measured / "a.safetensors")]
    assert main(["highlight", *words, "--without", str(measured / "healthy")]) == 1
    assert "every patient" in capsys.readouterr().err.lower()
    for name, number in (("h1_0.png", "00000011_000.png"), ("h2_0.png", "00000012_000.png")):
        (measured / "healthy" / name).rename(measured / "healthy" / number)
    options = argparse.Namespace(learn=measured / "healthy", without=measured / "boxed", count=1, patients=None)
    assert [path.name for path in learned_from(options)] == ["00000012_000.png"]
    (measured / "boxed" / "00000012_005.png").write_bytes(b"")
    assert [path.name for path in learned_from(options)] == ["00000011_000.png"]


def test_learned_figures_give_a_z_map(measured: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    mask = np.zeros((320, 288), bool)
    mask[40:260, 40:250] = True
    monkeypatch.setattr(search, "lung_mask", lambda radiograph, device: Lungs(mask, True, "Found.", 2))
    generator = ["--generator", str(write_tiny(measured)), "--device", "cpu"]
    learned = user_models() / "highlighting" / "tiny.safetensors"
    assert main(["highlight", "--learn", str(measured / "healthy"), "--out", str(learned), *generator]) == 0
    assert "in 2 radiographs" in capsys.readouterr().out
    out = measured / "out"
    assert main(["highlight", str(measured / "boxed" / "p1_0.png"), "--out", str(out), *generator]) == 0
    assert "in the focal map" in capsys.readouterr().out
    assert json.loads((out / "p1_0.json").read_text())["provenance"]["healthy"]["images"] == 2
