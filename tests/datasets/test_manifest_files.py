"""The manifest's own files, CSV and COCO: what is written is read back, and faults are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pycocotools.coco import COCO

from cxr_studio.datasets.entries import Entry, Finding, Manifest, Names, joined
from cxr_studio.datasets.manifest_coco import read_coco, write_coco
from cxr_studio.datasets.manifest_csv import COLUMNS, read_manifest, write_manifest
from cxr_studio.datasets.opening import open_manifest
from cxr_studio.errors import ReadError

DRAWN = Finding("nodule", (10, 20, 30, 45.5), 22.5, 8.4, True, "ct-superposition", 0.8, "smooth", "solid", 4, 2.61)
REAL = Finding("mass", (1, 2, 3, 5))
ENTRIES = (
    Entry("images/a.png", "A", "train", "NODE21", "ab" * 32, 100, 90, (DRAWN, REAL), 1),
    Entry("images/b.png", "B", "val", number=2),
)


def test_a_csv_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_manifest(Manifest(tmp_path, ENTRIES), tmp_path / "m.csv")
    assert open_manifest(tmp_path / "m.csv").numbered() == Manifest(tmp_path, ENTRIES)


def test_coco_is_read_as_it_was_written_also_by_pycocotools(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_coco(Manifest(tmp_path, ENTRIES), tmp_path / "coco.json")
    assert open_manifest(tmp_path) == Manifest(tmp_path, ENTRIES)
    other = COCO(str(tmp_path / "coco.json"))
    capsys.readouterr()
    assert [one["bbox"] for one in other.loadAnns(other.getAnnIds(1))] == [[20, 10, 25.5, 20], [2, 1, 3, 2]]
    assert other.getAnnIds(2) == []


def test_crowds_are_left_out_and_foreign_ids_kept(tmp_path: Path) -> None:
    image = {"id": 70, "file_name": "00000007_001.png"}
    box = {"id": 1, "image_id": 70, "category_id": 9, "bbox": [1, 2, 3, 4]}
    content = {"images": [image], "categories": [{"id": 9, "name": "Nodule"}]}
    content["annotations"] = [box, box | {"iscrowd": 1, "segmentation": {}}]
    (tmp_path / "c.json").write_text(json.dumps(content))
    (entry,) = read_coco(tmp_path / "c.json").numbered().entries
    assert (entry.number, entry.patient) == (70, "00000007")
    assert entry.findings == (Finding("nodule", (2, 1, 6, 4)),)


def test_a_subtlety_of_older_manifests_was_the_contrast(tmp_path: Path) -> None:
    head = "file,patient,finding,x0,y0,x1,y1,synthetic,subtlety\n"
    (tmp_path / "m.csv").write_text(head + "a.png,A,nodule,1,2,3,4,1,0.8\nb.png,B,nodule,1,2,3,4,0,2\n")
    drawn, real = (entry.findings[0] for entry in read_manifest(tmp_path / "m.csv").entries)
    assert (drawn.contrast, drawn.subtlety) == (0.8, None)
    assert (real.contrast, real.subtlety) == (None, 2)
    (tmp_path / "m.csv").write_text(head + "b.png,B,nodule,1,2,3,4,0,2.5\n")
    with pytest.raises(ReadError, match="not a grade from 1 to 5"):
        read_manifest(tmp_path / "m.csv")


LINE = "a.png,A,nodule,1,2,3,4\n"
HEAD = "file,patient,finding,x0,y0,x1,y1\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("file,patient,x0,y0,x1,y1\n", "no column finding"),
        (HEAD + LINE + LINE.replace("3", "1"), "line 3 .* empty box"),
        (HEAD + LINE.replace("4", "inf"), "line 2"),
        (HEAD + LINE.replace("A", ""), "lacks a file or a patient"),
        (HEAD + LINE + LINE.replace("A", "B"), "two patients, A and B"),
        (HEAD.strip() + ",synthetic\n" + LINE.strip() + ",maybe\n", "neither 0 nor 1"),
    ],
)
def test_faults_of_a_csv_are_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "m.csv").write_text(text)
    with pytest.raises(ReadError, match=fault):
        read_manifest(tmp_path / "m.csv")


def test_a_damaged_coco_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text('{"images": [{"id": 1}], "categories": []}')
    with pytest.raises(ReadError, match="COCO file cannot be read"):
        open_manifest(tmp_path / "c.json")


def test_columns_are_those_of_the_guide() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS) == 21


def test_radiographs_are_found_by_path_name_and_stem() -> None:
    names = Names(["one/a.png", "two/a.png", "two/b.png"])
    assert names.find("one/a.png") == "one/a.png"
    assert names.find("else/b.png") == names.find("b") == names.find("..\\b.mha") == "two/b.png"
    assert names.find("a.png") is None
    assert names.find("c.png") is None


def test_two_sets_are_joined_from_one_folder(tmp_path: Path) -> None:
    first = Manifest(tmp_path / "one", ENTRIES)
    second = Manifest(tmp_path / "one" / "images", (Entry("a.png", "Z"), Entry("/else/c.png", "C")))
    both = joined(first, second, tmp_path)
    assert [(e.file, e.patient) for e in both.entries] == [
        ("one/images/a.png", "A"),
        ("one/images/b.png", "B"),
        ("/else/c.png", "C"),
    ]
    assert [e.number for e in both.entries] == [1, 2, 3]


def test_labels_are_chosen_and_sizes_fall_back_on_the_box() -> None:
    only = Manifest(Path(), ENTRIES).of_label("Nodule")
    assert only.findings == 1
    assert len(only.entries) == 2
    assert (DRAWN.size_px, REAL.size_px) == (22.5, 2.5)
