"""A gallery of missed nodules, the largest first: each with its surroundings and the boxes that lie there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.datasets.entries import Rectangle
from cxr_studio.detection.by_size import Outcome
from cxr_studio.detection.matching import Matching
from cxr_studio.files import replaced
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph

TILE = 192
"""Side of a picture in the gallery, pixels."""

COLUMNS = 6
MOST = 48
"""Pictures in a gallery."""

AROUND = 4.0
"""Side of a picture over the nodule's size, at least ``LEAST`` pixels of the radiograph."""

LEAST = 96
TRUE_COLOUR, FOUND_COLOUR = (0, 200, 0), (0, 200, 255)
"""Of the nodule's box and of detections, in blue, green, red."""

LINE = 14
"""Height of the line of text below a picture, pixels."""


def write_gallery(path: Path, matching: Matching, missed: Sequence[Outcome]) -> int:
    """Write the missed nodules as one PNG, atomically; returns how many it shows.

    The nodule's box is green; boxes of detections, at any score, are yellow.

    Raises:
        ReadError: a radiograph cannot be read.
        WriteError: the PNG cannot be written.
    """
    import cv2

    chosen = sorted(missed, key=lambda one: -one.finding.size_px)[:MOST]
    tiles = [_tile(one, matching) for one in chosen]
    rows = [tiles[k : k + COLUMNS] for k in range(0, len(tiles), COLUMNS)] or [[]]
    blank = np.zeros((TILE + LINE, TILE, 3), np.uint8)
    wide = min(COLUMNS, max(1, len(tiles)))
    whole = np.vstack([np.hstack([*row, *[blank] * (wide - len(row))]) for row in rows])
    with replaced(path) as beside:
        beside.write_bytes(cv2.imencode(".png", whole)[1].tobytes())
    return len(chosen)


def _tile(one: Outcome, matching: Matching) -> NDArray[np.uint8]:
    import cv2

    radiograph = read_radiograph(matching.truth.path(one.entry))
    y0, x0, y1, x1 = one.finding.box
    half = max(LEAST, AROUND * one.finding.size_px) / 2
    corner, scale = ((y0 + y1) / 2 - half, (x0 + x1) / 2 - half), TILE / (2 * half)
    grey = _cut(radiograph, corner, scale)
    tile = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    image = matching.truth.entries.index(one.entry)
    near = [box for box, k in zip(matching.boxes, matching.matched.image, strict=True) if k == image]
    for box, colour in (*((box, FOUND_COLOUR) for box in near), (one.finding.box, TRUE_COLOUR)):
        start, end = _ends(box, corner, scale)
        cv2.rectangle(tile, start, end, colour, 1)
    line = np.zeros((LINE, TILE, 3), np.uint8)
    size = "" if one.finding.diameter_mm is None else f" {one.finding.diameter_mm:.0f} mm"
    words = f"{Path(one.entry.file).stem}{size}"
    cv2.putText(line, words, (2, LINE - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.35, (255, 255, 255), 1, cv2.LINE_AA)
    return np.vstack([tile, line])


def _cut(radiograph: Radiograph, corner: tuple[float, float], scale: float) -> NDArray[np.uint8]:
    """``uint8 [TILE, TILE]`` from a corner on, black beyond the image."""
    import cv2

    grey = radiograph.unit_bytes()
    move = np.array([[scale, 0, -corner[1] * scale], [0, scale, -corner[0] * scale]])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.warpAffine(grey, move, (TILE, TILE), flags=method), np.uint8)


def _ends(box: Rectangle, corner: tuple[float, float], scale: float) -> tuple[tuple[int, int], tuple[int, int]]:
    y0, x0, y1, x1 = (round((v - corner[k % 2]) * scale) for k, v in enumerate(box))
    return (x0, y0), (x1, y1)
