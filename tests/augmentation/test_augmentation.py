"""Augmentation: sizes, places, repeatable jobs that survive a kill, annotations that others read."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pydicom
import pytest
from PIL import Image

from cxr_studio.augmentation.exporters.coco import own_silhouette, run_lengths
from cxr_studio.augmentation.exporters.formats import read_formats, write_all
from cxr_studio.augmentation.job import run
from cxr_studio.augmentation.plan import Plan
from cxr_studio.augmentation.record import Nodule
from cxr_studio.cli.main import main
from cxr_studio.datasets.manifest import manifest_of
from cxr_studio.datasets.patients import patient_of
from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import GeneratorError, StudioError
from cxr_studio.jobs.running import Running
from cxr_studio.masks.lung_boxes import lung_boxes
from cxr_studio.masks.regions import regions
from cxr_studio.nodules import places as places_module
from cxr_studio.nodules.lungs import lung_mask
from cxr_studio.nodules.places import allowed_area, places
from cxr_studio.nodules.sizes import Diameters, read_diameters, read_range
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from tests.conftest import draw_phantom


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    for number in range(3):
        image = np.roll(draw_phantom(400, 380), 7 * number, axis=1)
        Image.fromarray(image).save(folder / f"0000000{number}_000.png")
    return folder


def plan_of(folder: Path, **changes: object) -> Plan:
    paths = manifest_of(sorted(folder.iterdir()))
    plan = Plan(paths, 6, (1, 3), Diameters("px", 10, 30), contrast=(0.6, 1.4), seed=3)
    return replace(plan, **changes)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_sizes_are_read_as_users_write_them(tmp_path):
    assert read_diameters("12mm") == Diameters("mm", 12, 12)
    assert read_diameters("uniform:10,60.5px") == Diameters("px", 10, 60.5)
    (tmp_path / "d.csv").write_text("name,diameter_mm\na,8\nb,12.5\n")
    assert read_diameters(f"file:{tmp_path / 'd.csv'}") == Diameters("mm", values=(8.0, 12.5))
    (tmp_path / "plain.csv").write_text("7\n9\n")
    assert read_diameters(f"file:{tmp_path / 'plain.csv'}").values == (7.0, 9.0)
    assert read_range("1-3", "x") == (1, 3)
    assert read_range("0.6,1.4", "x") == (0.6, 1.4)
    real = read_diameters("real")
    assert real.unit == "mm"
    assert len(real.values) > 50
    assert 3 < min(real.values) < np.median(real.values) < max(real.values) < 40
    drawn = [read_diameters("uniform:5,30mm").draw(np.random.default_rng(k)) for k in range(200)]
    assert 5 <= min(drawn) < 7
    assert 28 < max(drawn) <= 30


@pytest.mark.parametrize("text", ["", "12", "uniform:30,5mm", "0mm", "file:none.csv", "normal:3,4mm"])
def test_sizes_that_make_no_sense_are_refused(text):
    with pytest.raises(StudioError):
        read_diameters(text)


def test_places_lie_in_the_lungs_apart_from_each_other():
    radiograph = read_radiograph(resource("samples", "healthy-1.png"))
    area = allowed_area(radiograph)
    sizes = [40.0, 20.0, 30.0, 60.0]
    found = places(area, sizes, np.random.default_rng(1))
    lungs = lung_mask(radiograph)
    assert lungs.found
    for k, (y, x) in enumerate(found):
        assert lungs.mask[int(y), int(x)]
        for other in range(k):
            distance = np.hypot(y - found[other][0], x - found[other][1])
            assert distance >= (sizes[k] + sizes[other]) / 2
    with pytest.raises(GeneratorError, match="do not fit"):
        places(area, [400.0] * 6, np.random.default_rng(1))


def test_where_no_lung_is_found_ellipses_in_the_boxes_stand_in():
    flat = read_radiograph(resource("samples", "healthy-1.png"))
    blank = replace(flat, stored=np.full((400, 420), 90, np.uint8), source=replace(flat.source, sha256="blank"))
    area = allowed_area(blank)
    inside = np.zeros((400, 420), bool)
    for y0, x0, y1, x1 in lung_boxes((400, 420)):
        inside[y0:y1, x0:x1] = True
        assert area[y0:y1, x0:x1].mean() == pytest.approx(np.pi / 4, abs=0.02)
        assert area[(y0 + y1) // 2, x0]
        assert area[y0, (x0 + x1) // 2]
        assert not (area[y0, x0])
        assert not (area[y0, x1 - 1])
        assert not (area[y1 - 1, x0])
        assert not (area[y1 - 1, x1 - 1])
    assert not (area & ~inside).any()


def test_lungs_that_are_hardly_dark_are_taken_whole(monkeypatch):
    radiograph = read_radiograph(resource("samples", "healthy-1.png"))
    own = replace(radiograph, source=replace(radiograph.source, sha256="hardly dark"))
    monkeypatch.setattr(places_module, "LEAST_AREA", 0.99)
    assert (allowed_area(own) == lung_mask(radiograph).mask).all()


def test_patients_decide_the_split():
    assert patient_of(Path("00001280_004.png"), {}) == patient_of(Path("00001280_009.png"), {}) == "00001280"
    splits = [split_of(str(number)) for number in range(500)]
    assert 60 < splits.count("val") < 140


def test_a_job_is_the_same_with_one_or_two_workers_and_when_it_is_interrupted(sources, tmp_path):
    plan = plan_of(sources)
    whole = run(plan, tmp_path / "whole")
    write_all(whole.records, tmp_path / "whole", list(read_formats("coco,yolo,voc,node21")))
    assert (whole.made, whole.faults) == (6, ())
    assert {record.source for record in whole.records} == {item.path.name for item in plan.sources}
    again = run(plan, tmp_path / "again", Running(2))
    for name in ("records/000001.json", "images/000004.png", "masks/000005.png"):
        (tmp_path / "again" / name).unlink()
    again = run(plan, tmp_path / "again")
    assert again.made == 1
    (tmp_path / "again" / "records" / "000004.json").unlink()
    (tmp_path / "again" / "records" / "000005.json").unlink()
    again = run(plan, tmp_path / "again", Running(2))
    write_all(again.records, tmp_path / "again", list(read_formats("coco,yolo,voc,node21")))
    assert contents(tmp_path / "again") == contents(tmp_path / "whole")


def test_parts_joined_are_the_set_of_one_run(sources, tmp_path, capsys):
    words = ["augment", str(sources), "--count", "7", "--diameter", "uniform:10,30px", "--workers", "1", "--format"]
    parts = [str(tmp_path / f"part-{k}") for k in (1, 2, 3)]
    for number, part in enumerate(parts, 1):
        assert main([*words, "yolo", "--out", part, "--part", f"{number}/3"]) == 0
    assert f"Part 3 of 3: 3 images in {parts[2]}, 3 made in this run." in capsys.readouterr().out
    assert main(["merge", *parts, "--out", str(tmp_path / "joined")]) == 0
    printed = capsys.readouterr().out
    assert main([*words, "yolo", "--out", str(tmp_path / "whole")]) == 0
    assert "Annotations: manifest.csv, data.yaml" in printed
    assert contents(tmp_path / "joined") == contents(tmp_path / "whole")
    assert main(["merge", *parts[:2], "--out", str(tmp_path / "other")]) == 1
    assert capsys.readouterr().err == "Part 3 of 3 is missing. Give the folders of all parts.\n"


def test_a_killed_command_goes_on_to_the_same_set(sources, tmp_path):
    words = ["augment", str(sources), "--count", "8", "--diameter", "uniform:10,30px", "--per-image", "1-2"]
    words += ["--seed", "5", "--workers", "1", "--out"]
    program = [sys.executable, "-m", "cxr_studio.cli.main", *words, str(tmp_path / "killed")]
    child = subprocess.Popen(program, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    records = tmp_path / "killed" / "records"
    limit = time.monotonic() + 60
    while time.monotonic() < limit and not (records.exists() and any(records.iterdir())):
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    (records / ".000007-torn.json").write_text("{")
    assert main([*words, str(tmp_path / "killed")]) == 0
    assert main([*words, str(tmp_path / "calm")]) == 0
    assert contents(tmp_path / "killed") == contents(tmp_path / "calm")


def test_outside_the_nodules_the_image_is_the_source(sources, tmp_path):
    plan = plan_of(sources, count=2)
    for record in run(plan, tmp_path / "out").records:
        made = read_radiograph(tmp_path / "out" / "images" / record.file).stored
        source = read_radiograph(sources / record.source).stored
        far = np.ones(source.shape, bool)
        for nodule in record.nodules:
            x0, y0, x1, y1 = nodule.box
            far[max(0, y0 - 12) : y1 + 12, max(0, x0 - 12) : x1 + 12] = False
            assert abs(nodule.diameter_px - nodule.placement["diameter"]) < 0.5
        assert made.dtype == np.uint16
        assert (made[far] == source[far]).all()
        assert (made >= source).all()
        assert (made != source).any()


def test_a_bad_source_is_told_and_the_rest_is_made(sources, tmp_path, capsys):
    (sources / "bad.png").write_bytes(b"\x89PNG nothing")
    words = ["augment", str(sources), "--count", "4", "--diameter", "20px", "--workers", "1"]
    assert main([*words, "--out", str(tmp_path / "out")]) == 1
    printed = capsys.readouterr()
    assert "3 of 4 images" in printed.out
    assert printed.err.startswith("bad.png:")


def test_millimetres_need_a_spacing(sources, tmp_path, capsys):
    words = ["augment", str(sources), "--count", "2", "--diameter", "12mm", "--workers", "1"]
    assert main([*words, "--out", str(tmp_path / "no")]) == 1
    assert "millimetres" in capsys.readouterr().err
    assert main([*words, "--mm-per-pixel", "0.8", "--out", str(tmp_path / "yes")]) == 0
    with (tmp_path / "yes" / "manifest.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert all(abs(float(row["diameter_mm"]) - 12) < 0.4 for row in rows)
    assert all(row["patient"] == row["source"].split("_")[0] for row in rows)


def test_another_job_is_not_mixed_in(sources, tmp_path):
    run(plan_of(sources, count=1), tmp_path / "out")
    with pytest.raises(StudioError, match="another augmentation"):
        run(plan_of(sources, count=2), tmp_path / "out")


def test_a_silhouette_is_without_neighbours_in_its_box():
    long, small = np.zeros((40, 40), bool), np.zeros((40, 40), bool)
    np.fill_diagonal(long[2:32, 2:32], True)
    long[2:31, 3:32] |= long[2:31, 2:31]
    small[4:9, 22:28] = True
    whole = long | small
    parts = {region.box: region for region in regions(whole)}
    for mask, box in ((long, (2, 2, 32, 32)), (small, (22, 4, 28, 9))):
        nodule = Nodule(box, int(mask.sum()), 5.0, None, "", {})
        assert (own_silhouette(nodule, whole, parts) == mask).all()
    touching = Nodule((2, 2, 20, 20), 1, 5.0, None, "", {})
    assert (own_silhouette(touching, whole, parts)[2:20, 2:20] == whole[2:20, 2:20]).all()


def test_run_lengths_are_cocos():
    mask = np.zeros((3, 4), bool)
    mask[1:, 1] = True
    mask[0, 2] = True
    assert run_lengths(mask) == [4, 3, 5]
    assert run_lengths(np.zeros((2, 2), bool)) == [4]
    assert run_lengths(np.ones((2, 2), bool)) == [0, 4]


def test_annotations_agree_with_the_masks(sources, tmp_path):
    outcome = run(plan_of(sources), tmp_path)
    write_all(outcome.records, tmp_path, ["coco", "yolo", "voc", "node21"])
    coco = json.loads((tmp_path / "coco.json").read_text())
    by_image: dict[str, list[list[int]]] = {}
    names = {image["id"]: Path(image["file_name"]).name for image in coco["images"]}
    for found in coco["annotations"]:
        by_image.setdefault(names[found["image_id"]], []).append(found["bbox"])
        assert found["area"] == sum(found["segmentation"]["counts"][1::2])
    for record in outcome.records:
        boxes = by_image[record.file]
        with Image.open(tmp_path / "masks" / Path(record.file).with_suffix(".png")) as image:
            mask = np.asarray(image) > 0
        inside = np.zeros_like(mask)
        for x, y, w, h in boxes:
            inside[y : y + h, x : x + w] = True
            assert mask[y : y + h, x : x + w].any(axis=1).all()
        assert not (mask & ~inside).any()
        voc = ElementTree.parse(tmp_path / "Annotations" / Path(record.file).with_suffix(".xml"))
        corners = [[int(box.find(n).text) for n in ("xmin", "ymin", "xmax", "ymax")] for box in voc.iter("bndbox")]
        assert corners == [[x + 1, y + 1, x + w, y + h] for x, y, w, h in boxes]
        rows = [line.split() for line in (tmp_path / "labels" / f"{record.index:06d}.txt").read_text().splitlines()]
        assert [float(v) for v in rows[0][1:]] == pytest.approx(
            [(boxes[0][0] + boxes[0][2] / 2) / 380, (boxes[0][1] + boxes[0][3] / 2) / 400, boxes[0][2] / 380,
             boxes[0][3] / 400], abs=1e-6
        )  # fmt: skip
    with (tmp_path / "metadata.csv").open() as stream:
        table = list(csv.reader(stream))
    assert table[0] == ["", "height", "img_name", "label", "width", "x", "y"]
    assert len(table) - 1 == len(coco["annotations"])


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_coco_loads_in_pycocotools(sources, tmp_path, capsys):
    pytest.importorskip("pycocotools")
    from pycocotools.coco import COCO

    outcome = run(plan_of(sources, count=2), tmp_path)
    write_all(outcome.records, tmp_path, ["coco"])
    coco = COCO(str(tmp_path / "coco.json"))
    capsys.readouterr()
    for found in coco.loadAnns(coco.getAnnIds()):
        mask = coco.annToMask(found).astype(bool)
        y, x = np.nonzero(mask)
        box = [x.min(), y.min(), x.max() - x.min() + 1, y.max() - y.min() + 1]
        assert [int(v) for v in box] == found["bbox"]
        assert mask.sum() == found["area"]


def test_a_folder_that_cannot_be_written_is_a_sentence(sources, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    words = ["augment", str(sources), "--count", "2", "--diameter", "20px", "--workers", "1"]
    assert main([*words, "--out", str(tmp_path / "file" / "out")]) == 1
    printed = capsys.readouterr().err
    assert "Traceback" not in printed
    assert "unexpected" not in printed


def test_dicom_out_is_derived_and_the_same_every_time(tmp_path):
    folder = tmp_path / "dicom"
    folder.mkdir()
    (folder / "masses.dcm").write_bytes(resource("samples", "masses.dcm").read_bytes())
    Image.fromarray(draw_phantom(400, 380)).save(folder / "plain.png")
    plan = plan_of(folder, count=2, ending=".dcm", diameters=Diameters("px", 20, 30))
    for out in ("first", "second"):
        assert not run(plan, tmp_path / out).faults
    assert contents(tmp_path / "first") == contents(tmp_path / "second")
    made = [pydicom.dcmread(path) for path in sorted((tmp_path / "first" / "images").iterdir())]
    assert {header.SyntheticData for header in made} == {"YES"}
    assert len({header.SOPInstanceUID for header in made}) == 2
    assert all(header.SOPInstanceUID == header.file_meta.MediaStorageSOPInstanceUID for header in made)
