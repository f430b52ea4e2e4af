"""Lists of radiologists' boxes, as the NIH publishes its own and with named columns."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.errors import ReadError

COLUMNS = {
    "image": ("image", "image index", "file", "filename"),
    "finding": ("finding", "finding label", "label"),
    "x": ("x", "bbox [x"),
    "y": ("y",),
    "width": ("width", "w"),
    "height": ("height", "h", "h]"),
}
"""What is read → names of its column, small letters. ``BBox_List_2017.csv`` of the NIH writes ``Bbox [x,y,w,h]``, whose
commas split it into four names, and three empty names behind."""


PUBLISHED = "bbox [x"
"""A column by which the list that the NIH published is known."""


LEAST = 3
"""Of these columns a list of boxes has so many at least; what it lacks then is named."""


@dataclass(frozen=True)
class ListedBox:
    """One box of a list.

    Attributes:
        image: The radiograph's file name.
        finding: What the radiologist named.
        x: Left edge, pixels of the list's own images; fractions occur.
        y: Upper edge.
        width: Above 0.
        height: Above 0.
    """

    image: str
    finding: str
    x: float
    y: float
    width: float
    height: float


def lists_boxes(columns: Collection[str]) -> bool:
    """Whether a table with these columns (small letters) is a list of boxes, perhaps one that lacks a column."""
    return sum(any(name in columns for name in known) for known in COLUMNS.values()) >= LEAST


def read_box_list(path: Path) -> list[ListedBox]:
    """Read a CSV of boxes.

    Raises:
        ReadError: unreadable, a column is missing, a line is no box, or there is no box.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = list(csv.reader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise ReadError(f"the list of boxes cannot be read ({fault})", file=path, remedy="Check it") from fault
    places = _places(rows[0] if rows else [], path)
    found = [_box(row, places, path, number) for number, row in enumerate(rows[1:], 2) if any(map(str.strip, row))]
    if not found:
        raise ReadError("the list of boxes is empty", file=path, remedy="Give one line a box")
    return found


def _places(header: list[str], path: Path) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    found = {key: next((names.index(n) for n in known if n in names), -1) for key, known in COLUMNS.items()}
    missing = [key for key, place in found.items() if place < 0]
    if missing:
        remedy = f"Its columns are {', '.join(COLUMNS)}, or as in BBox_List_2017.csv of the NIH"
        raise ReadError(f"the list of boxes has no column {missing[0]}", file=path, remedy=remedy)
    return found


def _box(row: list[str], places: dict[str, int], path: Path, line: int) -> ListedBox:
    try:
        x, y, width, height = (float(row[places[key]]) for key in ("x", "y", "width", "height"))
        if not (width > 0 and height > 0):
            raise ValueError("an empty box")
        return ListedBox(row[places["image"]].strip(), row[places["finding"]].strip(), x, y, width, height)
    except (ValueError, IndexError) as fault:
        remedy = "Give image, finding and four numbers"
        raise ReadError(f"line {line} of the list is no box ({fault})", file=path, remedy=remedy) from fault
