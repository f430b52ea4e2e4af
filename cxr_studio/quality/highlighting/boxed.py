"""Radiologists' boxes, and places in one radiograph's lungs brought to another's."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from cxr_studio.errors import ReadError
from cxr_studio.masks.boxes import Box, Mask, bounding_box, clip, is_empty

COLUMNS = ("image", "finding", "x", "y", "width", "height")

FILE = "boxes.csv"


@dataclass(frozen=True)
class FindingBox:
    """One box.

    Attributes:
        image: The radiograph's file name.
        finding: What the radiologist named.
        box: ``y0, x0, y1, x1`` in pixels of the radiograph.
    """

    image: str
    finding: str
    box: Box


def read_boxes(folder: Path) -> list[FindingBox]:
    """Read ``boxes.csv`` of a folder: image, finding, x, y, width, height in pixels.

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


def _box(row: dict[str, str], path: Path, line: int) -> FindingBox:
    try:
        x, y, width, height = (float(row[name]) for name in COLUMNS[2:])
        box = round(y), round(x), round(y + height), round(x + width)
        if is_empty(box):
            raise ValueError("an empty box")
        return FindingBox(row["image"], row["finding"], box)
    except (KeyError, ValueError, TypeError, OverflowError) as fault:
        raise ReadError(
            f"line {line} of the table is no box ({fault})", file=path, remedy=f"Its columns are {', '.join(COLUMNS)}"
        ) from fault


def lung_frame(lungs: Mask) -> Box:
    """The box around both lungs; the whole image where the mask is empty."""
    return bounding_box(lungs) or (0, 0, lungs.shape[0], lungs.shape[1])


def carried(box: Box, frame: Box, other: Box, *, mirrored: bool = False) -> Box:
    """Bring a box from one pair of lungs to another: the same share of the way across and down.

    Args:
        box: In the first radiograph.
        frame: Around the first radiograph's lungs.
        other: Around the second's.
        mirrored: Exchange left and right.
    """
    spans = []
    for axis in (0, 1):
        length, reach = frame[axis + 2] - frame[axis], other[axis + 2] - other[axis]
        shares = [(box[axis + 2 * end] - frame[axis]) / length for end in (0, 1)]
        if mirrored and axis == 1:
            shares = [1 - shares[1], 1 - shares[0]]
        spans.append([round(other[axis] + share * reach) for share in shares])
    return spans[0][0], spans[1][0], spans[0][1], spans[1][1]


def overlap(first: Box, second: Box) -> float:
    """Share of the smaller box that lies in the other."""
    height = min(first[2], second[2]) - max(first[0], second[0])
    width = min(first[3], second[3]) - max(first[1], second[1])
    if height <= 0 or width <= 0:
        return 0.0
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (first, second)]
    return height * width / max(min(areas), 1)


def covered(box: Box, lungs: Mask) -> float:
    """Share of a box that is lung; what lies outside the image counts as none."""
    y0, x0, y1, x1 = clip(box, lungs.shape)
    area = (box[2] - box[0]) * (box[3] - box[1])
    return float(lungs[y0:y1, x0:x1].sum()) / area if area > 0 else 0.0
