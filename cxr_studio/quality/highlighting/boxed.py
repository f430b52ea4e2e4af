"""Radiologists' boxes: read, and those that can be judged chosen."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.errors import ReadError
from cxr_studio.masks.boxes import Box, is_empty
from cxr_studio.quality.highlighting.places import overlap

COLUMNS = ("image", "finding", "x", "y", "width", "height")

FILE = "boxes.csv"

SEEN = "seen"
"""Column with how well the finding is seen: "clear", "faint", "doubtful", or nothing."""

DOUBTFUL = "doubtful"

SAME = 0.5
"""Boxes of one finding of which the smaller lies in the other by more than this share are the same finding."""


@dataclass(frozen=True)
class FindingBox:
    """One box.

    Attributes:
        image: The radiograph's file name.
        finding: What the radiologist named.
        box: ``y0, x0, y1, x1`` in pixels of the radiograph.
        seen: How well it is seen, where the table says so: "clear", "faint", "doubtful", or "".
    """

    image: str
    finding: str
    box: Box
    seen: str = ""


def read_boxes(folder: Path) -> list[FindingBox]:
    """Read ``boxes.csv`` of a folder: image, finding, x, y, width, height in pixels; ``seen`` where there is one.

    Raises:
        ReadError: there is none, or a row of it makes no sense.
    """
    path = folder / FILE
    if not path.is_file():
        raise ReadError("there is no table of boxes", file=path, remedy=f"Its columns are {', '.join(COLUMNS)}")
    with path.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    found = [_box(row, path, number) for number, row in enumerate(rows, start=2)]
    if not found:
        raise ReadError("the table of boxes is empty", file=path, remedy="Give one row a box")
    return found


def judged_boxes(boxes: Sequence[FindingBox], findings: Sequence[str] = ()) -> list[FindingBox]:
    """Choose the boxes to measure on: none that is doubtful, and each finding of a radiograph once.

    Two sources may box the same nodule; the smaller box, which is the tighter one, stays.

    Args:
        boxes: All of a table.
        findings: Which findings, whatever their case; all by default.

    Returns:
        In the table's order.

    Raises:
        ReadError: there are none.
    """
    wanted = {name.casefold() for name in findings}
    there = [b for b in boxes if b.seen != DOUBTFUL and (not wanted or b.finding.casefold() in wanted)]
    if not there:
        names = ", ".join(sorted({b.finding for b in boxes}))
        raise ReadError("no box is left to measure on", remedy=f"The table's findings are {names}")
    return [b for b in there if not any(_tighter(other, b) for other in there)]


def _tighter(other: FindingBox, box: FindingBox) -> bool:
    """Whether another box shows the same finding of the same radiograph more tightly."""
    same = other is not box and (other.image, other.finding) == (box.image, box.finding)
    return same and overlap(other.box, box.box) > SAME and _area(other.box) < _area(box.box)


def _area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])


def _box(row: dict[str, str], path: Path, line: int) -> FindingBox:
    try:
        x, y, width, height = (float(row[name]) for name in COLUMNS[2:])
        box = round(y), round(x), round(y + height), round(x + width)
        if is_empty(box):
            raise ValueError("an empty box")
        return FindingBox(row["image"], row["finding"], box, (row.get(SEEN) or "").strip())
    except (KeyError, ValueError, TypeError, OverflowError) as fault:
        raise ReadError(
            f"line {line} of the table is no box ({fault})", file=path, remedy=f"Its columns are {', '.join(COLUMNS)}"
        ) from fault
