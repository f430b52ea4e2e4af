"""Detections as CSV and COCO results: in, out, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cxr_studio.datasets.entries import Manifest
from cxr_studio.detection.detections import Detection, read_answers, read_detections, write_coco, write_csv
from cxr_studio.errors import ReadError
from tests.detection.sets import by_hand


def test_a_csv_is_read_as_it_was_written(tmp_path: Path) -> None:
    truth, answers = by_hand()
    write_csv(answers, tmp_path / "d.csv")
    assert read_detections(tmp_path / "d.csv", truth) == tuple(answers)


def test_coco_results_with_and_without_file_names(tmp_path: Path) -> None:
    truth, answers = by_hand()
    write_coco(answers, tmp_path / "d.json", {entry.file: entry.number for entry in truth.numbered().entries})
    assert read_detections(tmp_path / "d.json", truth) == tuple(answers)
    rows = [
        {k: v for k, v in row.items() if k not in ("file_name", "finding")}
        for row in json.loads((tmp_path / "d.json").read_text())
    ]
    (tmp_path / "plain.json").write_text(json.dumps(rows))
    assert read_detections(tmp_path / "plain.json", truth) == tuple(answers)


def test_categories_of_several_findings(tmp_path: Path) -> None:
    truth, answers = by_hand()
    first = truth.entries[0]
    several = replace(first, findings=(replace(first.findings[0], label="mass"), first.findings[1]))
    truth = Manifest(truth.folder, (several, *truth.entries[1:]))
    row = {"image_id": 1, "bbox": [1, 2, 3, 4], "score": 1}
    (tmp_path / "d.json").write_text(json.dumps([row | {"category_id": k} for k in (1, 2)]))
    assert [one.label for one in read_detections(tmp_path / "d.json", truth)] == ["mass", "nodule"]
    write_coco(answers, tmp_path / "own.json", {entry.file: entry.number for entry in truth.numbered().entries})
    assert {one.label for one in read_detections(tmp_path / "own.json", truth)} == {"nodule"}


def test_radiographs_are_found_by_their_stem(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("file,x0,y0,x1,y1,score\nelse/a.dcm,1,2,3,4,0.5\n")
    assert read_detections(tmp_path / "d.csv", by_hand()[0]) == (Detection("a.png", (2, 1, 4, 3), 0.5),)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("file,x0,y0,x1,y1,score\nz.png,1,2,3,4,0.5\n", "no radiograph z.png"),
        ("file,x0,y0,x1,y1,score\na.png,1,2,1,4,0.5\n", "line 2 .* empty box"),
        ("file,x0,y0,x1,y1,score\na.png,1,2,3,4,nan\n", "line 2 .* not a number"),
        ("file,x0,y0,x1,y1\na.png,1,2,3,4\n", "no column score"),
    ],
)
def test_faults_are_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "d.csv").write_text(text)
    with pytest.raises(ReadError, match=fault):
        read_detections(tmp_path / "d.csv", by_hand()[0])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[{"image_id": 9, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 1}]', "no radiograph with the id 9"),
        ('[{"image_id": 1, "bbox": [1, 2, 3], "score": 1}]', "cannot be read"),
        ("{", "cannot be read"),
    ],
)
def test_faults_of_coco_results_are_named(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "d.json").write_text(text)
    with pytest.raises(ReadError, match=fault):
        read_detections(tmp_path / "d.json", by_hand()[0])


def test_answers_to_one_radiograph_the_surest_first(tmp_path: Path) -> None:
    lines = ("file,x0,y0,x1,y1,score", "far/a.png,1,2,3,4,0.5", "b.png,1,2,3,4,0.9", "a,5,6,7,8,0.7")
    (tmp_path / "d.csv").write_text("\n".join(lines) + "\n")
    own = (Detection("a.dcm", (6, 5, 8, 7), 0.7), Detection("a.dcm", (2, 1, 4, 3), 0.5))
    assert read_answers(tmp_path / "d.csv", "a.dcm") == own
    truth, answers = by_hand()
    write_coco(answers, tmp_path / "d.json", {entry.file: entry.number for entry in truth.numbered().entries})
    assert [one.score for one in read_answers(tmp_path / "d.json", "a.png")] == [0.9, 0.6]


def test_coco_results_that_name_no_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(json.dumps([{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 1}]))
    with pytest.raises(ReadError, match="file_name"):
        read_answers(tmp_path / "d.json", "a.png")
