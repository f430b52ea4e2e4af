"""Surroundings drawn around listed boxes: the box stays bit for bit, and is carried into every format."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.datasets.opening import open_manifest
from cxr_studio.generation.hashing import array_sha256
from cxr_studio.networks.card import Role
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import user_models
from tests.conftest import draw_phantom
from tests.generation.strangers import CARDS, SIDE, write

LIST = """Image Index,Finding Label,Bbox [x,y,w,h],,,
00000001_000.png,Nodule,100.5,200,60,50.2,,,
00000001_000.png,Cardiomegaly,420,500,400,300,,,
00000001_000.png,Mass,500,600,100,100,,,
00000002_000.png,Effusion,600,700,300,200,,,
00000003_000.png,Effusion,600,700,300,200,,,
"""
"""In pixels of 1024 as the NIH's: the mass lies in the heart's box, and radiograph 3 is not there."""

EVERY = ["--format", "coco,yolo,voc,csv,node21", "--workers", "1"]


@pytest.fixture(autouse=True)
def generator() -> None:
    user_models().mkdir(parents=True)
    write(user_models(), CARDS[Role.SURROUND])


def sources(folder: Path, side: int) -> Path:
    images = folder / f"of_{side}"
    images.mkdir()
    for number in (1, 2, 4):
        image = np.roll(draw_phantom(side, side), 5 * number, axis=1)
        Image.fromarray(image).save(images / f"0000000{number}_000.png")
    (folder / "BBox_List_2017.csv").write_text(LIST)
    return images


def augment(images: Path, out: Path, *more: str) -> int:
    boxes = str(images.parent / "BBox_List_2017.csv")
    words = ["augment", str(images), "--boxes", boxes, "--generator", "stranger-surround", "--seed", "4"]
    return main([*words, "--out", str(out), *EVERY, *more])


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def records(out: Path) -> list[dict]:
    return [json.loads(path.read_text()) for path in sorted((out / "records").iterdir())]


def at(image: np.ndarray, box: list[int]) -> np.ndarray:
    return image[box[1] : box[3], box[0] : box[2]]


@pytest.mark.parametrize("side", [SIDE, 200])
def test_boxes_stay_bit_for_bit_and_the_rest_is_drawn(tmp_path, capsys, side):
    """At the network's own size, and larger, where what is drawn is enlarged."""
    images = sources(tmp_path, side)
    assert augment(images, tmp_path / "out", "--variations", "2") == 0
    said = capsys.readouterr().out
    assert "4 boxes in 2 of 3 radiographs." in said
    assert ("in 8 images were drawn at 64 × 64 pixels and enlarged" in said) == (side != SIDE)
    made = records(tmp_path / "out")
    assert [(one["source"], one["kept"][0]["label"]) for one in made] == 2 * [
        ("00000001_000.png", "nodule"),
        ("00000001_000.png", "cardiomegaly"),
        ("00000001_000.png", "mass"),
        ("00000002_000.png", "effusion"),
    ]
    for one in made:
        image = read_radiograph(tmp_path / "out" / "images" / one["file"]).stored
        source = read_radiograph(images / one["source"]).stored
        assert image.shape == (side, side)
        for kept in one["kept"]:
            assert np.array_equal(at(image, kept["box"]), at(source, kept["box"]))
            assert kept["kept_sha256"] == array_sha256(np.ascontiguousarray(at(image, kept["box"])))
        assert np.mean(image != source) > 0.5
    factor = side / 1024
    assert made[0]["kept"][0]["listed"] == pytest.approx([x * factor for x in (100.5, 200, 160.5, 250.2)], abs=0.001)
    assert [kept["label"] for kept in made[1]["kept"]] == ["cardiomegaly", "mass"], "what lies in the box is there too"
    assert [kept["label"] for kept in made[2]["kept"]] == ["mass"]


def test_every_variation_has_a_seed_of_its_own_that_is_recorded(tmp_path):
    images = sources(tmp_path, SIDE)
    augment(images, tmp_path / "out", "--variations", "2")
    made = records(tmp_path / "out")
    seeds = [one["kept"][0]["placement"]["seed"] for one in made]
    assert len(set(seeds)) == 8
    drawn = [read_radiograph(tmp_path / "out" / "images" / made[k]["file"]).stored for k in (0, 4)]
    assert not np.array_equal(*drawn)
    with (tmp_path / "out" / "manifest.csv").open() as stream:
        row = next(csv.DictReader(stream))
    assert (row["seed"], json.loads(row["placement"])["generator"]) == (str(seeds[0]), "stranger-surround")
    assert len(row["checkpoint_sha256"]) == 64
    again = tmp_path / "again.png"
    box = ",".join(str(value) for value in made[0]["kept"][0]["box"])
    words = ["surround", str(images / made[0]["source"]), "--box", box, "--seed", str(seeds[0])]
    assert main([*words, "--generator", "stranger-surround", "--out", str(again)]) == 0
    assert np.array_equal(read_radiograph(again).stored, drawn[0]), "the same as of one image"


def test_it_resumes_and_workers_make_no_difference(tmp_path):
    images = sources(tmp_path, SIDE)
    assert augment(images, tmp_path / "whole") == 0
    assert augment(images, tmp_path / "again", "--workers", "2") == 0
    for name in ("records/000001.json", "images/000002.png", "records/000002.json"):
        (tmp_path / "again" / name).unlink()
    assert augment(images, tmp_path / "again") == 0
    assert contents(tmp_path / "again") == contents(tmp_path / "whole")


def test_boxes_are_carried_into_every_format(tmp_path):
    images = sources(tmp_path, SIDE)
    augment(images, tmp_path / "out")
    out = tmp_path / "out"
    made = records(out)
    wanted = {
        one["file"]: [(k["label"], (k["box"][1], k["box"][0], k["box"][3], k["box"][2])) for k in one["kept"]]
        for one in made
    }
    for name in ("manifest.csv", "coco.json", "boxes.csv"):
        manifest = open_manifest(out / name)
        found = {Path(e.file).name: [(f.label, f.box) for f in e.findings] for e in manifest.entries}
        assert found == wanted, name
    coco = json.loads((out / "coco.json").read_text())
    assert [each["name"] for each in coco["categories"]] == ["cardiomegaly", "effusion", "mass", "nodule"]
    assert {each["synthetic"] for each in coco["annotations"]} == {False}
    for name in ("coco.json", "manifest.csv"):
        (out / name).unlink()
    (out / "boxes.csv").unlink()
    (out / "metadata.csv").rename(tmp_path / "metadata.csv")
    for reading in ("yolo", "voc"):
        entries = open_manifest(out).entries
        for entry in entries:
            for (label, box), finding in zip(wanted[Path(entry.file).name], entry.findings, strict=True):
                assert (finding.label, finding.box) == (label, pytest.approx(box, abs=0.01)), reading
        assert len(entries) == 4
        if reading == "yolo":
            (out / "data.yaml").unlink()
    with (tmp_path / "metadata.csv").open() as stream:
        assert [row["label"] for row in csv.DictReader(stream)] == ["1", "0", "0", "0"]


def test_only_some_findings_and_images(tmp_path):
    images = sources(tmp_path, SIDE)
    augment(images, tmp_path / "out", "--label", "Effusion, Mass", "--variations", "3", "--count", "5")
    assert [one["kept"][0]["label"] for one in records(tmp_path / "out")] == ["mass", "effusion"] * 2 + ["mass"]


def test_a_coco_file_of_larger_images_is_scaled(tmp_path):
    images = sources(tmp_path, SIDE)
    content = {
        "images": [{"id": 5, "file_name": "elsewhere/00000002_000.png", "width": 512, "height": 512}],
        "categories": [{"id": 1, "name": "mass"}],
        "annotations": [{"id": 1, "image_id": 5, "category_id": 1, "bbox": [80, 160, 240, 80]}],
    }
    (tmp_path / "coco.json").write_text(json.dumps(content))
    assert augment(images, tmp_path / "out", "--boxes", str(tmp_path / "coco.json")) == 0
    assert [one["kept"][0]["box"] for one in records(tmp_path / "out")] == [[10, 20, 40, 30]]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--label", "Hernia"], "no box of these radiographs with the finding Hernia"),
        (["--generator", "ct-superposition"], "one of role surround is needed"),
        (["--list-side", "256"], "a box reaches beyond the image, which has 64 × 64 pixels"),
    ],
)
def test_what_cannot_be_is_a_sentence(tmp_path, capsys, more, words):
    assert augment(sources(tmp_path, SIDE), tmp_path / "out", *more) == 1
    assert words in capsys.readouterr().err


def test_neither_nodules_nor_boxes_is_a_sentence(tmp_path, capsys):
    assert main(["augment", str(sources(tmp_path, SIDE)), "--out", str(tmp_path / "out")]) == 1
    assert "surroundings need --boxes" in capsys.readouterr().err
