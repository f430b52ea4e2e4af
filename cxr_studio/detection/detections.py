"""What a detector answered: boxes with scores, from CSV, COCO results and DICOM structured reports."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any

from cxr_studio.datasets.entries import NODULE, Manifest, Names, Rectangle
from cxr_studio.datasets.structured_report import ReportedBox
from cxr_studio.datasets.tables import Row, read_rows, rectangle, refused
from cxr_studio.detection.reported import files_by_instance, is_reported, reported
from cxr_studio.errors import ReadError
from cxr_studio.files import replaced, write_json

COLUMNS = ("file", "x0", "y0", "x1", "y1", "score", "finding")
"""Of the CSV: half-open boxes in pixels of the radiograph; ``finding`` may be missing and is then a nodule."""

WHAT = "the table of detections"


@dataclass(frozen=True)
class Detection:
    """One box that a detector drew.

    Attributes:
        file: The radiograph, as the manifest names it.
        box: Its extent.
        score: Higher is surer; of any scale.
        label: What was found, small letters.
    """

    file: str
    box: Rectangle
    score: float
    label: str = NODULE


def read_detections(path: Path, truth: Manifest) -> tuple[Detection, ...]:
    """Read a detector's answers to the radiographs of a manifest: COCO results (.json), a CSV, or DICOM reports.

    Of COCO results ``image_id`` is that of the manifest's COCO file, or the place in the manifest from 1; a
    ``file_name`` and a ``finding`` are used where there are such keys. Categories are else those of the manifest's
    findings in order of their names, from 1, or all one where the manifest has one. Of reports (one, or a folder of
    them) the SOP Instance UID says which radiograph is meant.

    Raises:
        ReadError: unreadable, a line is wrong, or it names a radiograph that the manifest does not have.
    """
    if is_reported(path):
        boxes = list(reported(path))
        files = files_by_instance(boxes, truth, path)
        return tuple(Detection(files[box.instance], *_answer(box)) for box in boxes)
    found = _from_coco(path, truth) if path.suffix.lower() == ".json" else _from_csv(path)
    names = Names(entry.file for entry in truth.entries)
    kept = []
    for one in found:
        file = names.find(one.file)
        if file is None:
            remedy = "Detect in the manifest's radiographs, or give the manifest of these"
            raise ReadError(f"the manifest has no radiograph {one.file}", file=path, remedy=remedy)
        kept.append(Detection(file, one.box, one.score, one.label))
    return tuple(kept)


def read_answers(path: Path, file: str, *, instances: Collection[str] = ()) -> tuple[Detection, ...]:
    """What a file of detections says of one radiograph, whichever others it has; the surest first.

    Args:
        path: CSV, COCO results whose every row has a ``file_name``, or a DICOM structured report.
        file: The radiograph; found by its name, or its name without ending.
        instances: The radiograph's ``instances``, by which a report names it.

    Raises:
        ReadError: unreadable, a line is wrong, or it does not name the radiographs.
    """
    if is_reported(path):
        boxes = [box for box in reported(path) if box.instance in instances]
        return tuple(sorted((Detection(file, *_answer(box)) for box in boxes), key=lambda one: -one.score))
    found = _from_coco(path, None) if path.suffix.lower() == ".json" else _from_csv(path)
    names = Names([file])
    own = [replace(one, file=file) for one in found if names.find(one.file) is not None]
    return tuple(sorted(own, key=lambda one: -one.score))


def write_csv(detections: Iterable[Detection], path: Path) -> None:
    """Write ``COLUMNS``, atomically."""
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for one in detections:
            y0, x0, y1, x1 = (round(value, 3) for value in one.box)
            writer.writerow((one.file, x0, y0, x1, y1, f"{one.score:.6g}", one.label))


def write_coco(detections: Iterable[Detection], path: Path, numbers: Mapping[str, int]) -> None:
    """Write COCO results, atomically; one category.

    Args:
        detections: What is written.
        path: The file.
        numbers: Image id by file.
    """
    rows = []
    for one in detections:
        y0, x0, y1, x1 = (round(value, 3) for value in one.box)
        box = [x0, y0, round(x1 - x0, 3), round(y1 - y0, 3)]
        row = {"image_id": numbers[one.file], "category_id": 1, "bbox": box, "score": round(one.score, 6)}
        rows.append({**row, "file_name": one.file, "finding": one.label})
    write_json(path, rows)


def _answer(box: ReportedBox) -> tuple[Rectangle, float, str]:
    return box.box, box.score, box.label


def _from_csv(path: Path) -> list[Detection]:
    found = []
    for line, row in read_rows(path, COLUMNS[:-1], what=WHAT):
        try:
            found.append(_detection(row))
        except ValueError as fault:
            raise refused(path, line, fault, what=WHAT) from fault
    return found


def _detection(row: Row) -> Detection:
    x0, y0, x1, y1, score = (float(row[name]) for name in COLUMNS[1:6])
    return Detection(row["file"], rectangle(y0, x0, y1, x1), _finite(score), (row.get("finding") or NODULE).lower())


def _from_coco(path: Path, truth: Manifest | None) -> list[Detection]:
    """Read COCO results; without a manifest every row says its file's name."""
    entries = () if truth is None else truth.numbered().entries
    files = {entry.number: entry.file for entry in entries}
    labels = sorted({finding.label for entry in entries for finding in entry.findings} or {NODULE})
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [_result(row, files if truth is not None else None, labels) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, IndexError) as fault:
        why = f"{type(fault).__name__}: {fault}"
        named = "" if truth is not None else "file_name, "
        remedy = f"Give a list of {named}image_id, category_id, bbox and score"
        raise ReadError(f"the COCO results cannot be read ({why})", file=path, remedy=remedy) from fault


def _result(row: Mapping[str, Any], files: Mapping[int, str] | None, labels: Sequence[str]) -> Detection:
    x, y, width, height = (float(value) for value in row["bbox"])
    if files is None or "file_name" in row:
        file = str(row["file_name"])
    else:
        number = int(row["image_id"])
        file = files.get(number, f"with the id {number}")
    if "finding" in row:
        label = str(row["finding"]).lower()
    else:
        label = labels[0] if len(labels) == 1 else labels[int(row["category_id"]) - 1]
    return Detection(file, rectangle(y, x, y + height, x + width), _finite(float(row["score"])), label)


def _finite(score: float) -> float:
    if not isfinite(score):
        raise ValueError("the score is not a number")
    return score
