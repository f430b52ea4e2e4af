"""The picture of nodules by attribute, pixel for pixel: margins, densities and grades of subtlety beside each other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import cut
from cxr_studio.nodules.built_in import SUPERPOSITION
from cxr_studio.nodules.ct_library import Profile
from cxr_studio.nodules.drawing_again import add_findable
from cxr_studio.nodules.margin import Margin
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.subtlety import GRADES
from cxr_studio.quality.highlighting.picture import write_picture
from cxr_studio.radiographs.presets import default_window
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource

SAMPLE = "healthy-1.png"

PLACES = ((0.62, 0.24, 52.0), (0.42, 0.76, 46.0), (0.33, 0.72, 56.0))
"""Row and column as shares of the image, diameter in pixels; a row of the picture each."""

SIDE = 128
"""Of a tile, pixels of the radiograph and of the picture."""

GAP, HEAD = 2, 18
SEED = 100
SPARE = 3
"""Seeds for other draws of one nodule."""

Grey = NDArray[np.uint8]


def columns() -> dict[str, Placement]:
    """The looks that are shown, by the words above them; their places and sizes are those of the rows."""
    plain = Placement(0.0, 0.0, 30.0)
    looks = {str(margin): replace(plain, margin=margin) for margin in Margin}
    looks |= {str(profile): replace(plain, profile=profile, margin=Margin.SMOOTH) for profile in Profile}
    return looks | {f"subtlety {grade}": replace(plain, subtlety=grade, margin=Margin.SMOOTH) for grade in GRADES}


def render_attributes(path: Path, *, generator: str = SUPERPOSITION, places: int = len(PLACES)) -> None:
    """Write the picture: a column a look, a row a place.

    Args:
        path: A PNG.
        generator: Of role insert.
        places: Rows.

    Raises:
        GeneratorError: there is no such generator.
        WriteError: the file cannot be written.
    """
    radiograph = read_radiograph(resource("samples", SAMPLE))
    shown = []
    for title, look in columns().items():
        tiles = [_head(title)]
        for row, place in enumerate(PLACES[:places]):
            tiles.append(_tile(radiograph, replace(look, generator=generator, seed=SEED + row), place))
        shown.append(np.pad(np.vstack(tiles), ((0, 0), (0, GAP))))
    write_picture(path, np.repeat(np.hstack(shown)[..., None], 3, axis=2))


def _tile(radiograph: Radiograph, look: Placement, place: tuple[float, float, float]) -> Grey:
    """One nodule with its surroundings."""
    height, width = radiograph.shape
    y, x = place[0] * height, place[1] * width
    session = Session(radiograph)
    placed = replace(look, y=y, x=x, diameter=place[2])
    add_findable(session, placed, seeds=range(look.seed + 10, look.seed + 10 + SPARE))
    top, left = round(y) - SIDE // 2, round(x) - SIDE // 2
    part = session.composite[cut((top, left, top + SIDE, left + SIDE))]
    grey = radiograph.grey
    return np.pad(grey.display_table(default_window(radiograph))[grey.index(part)], ((0, GAP), (0, 0)))


def _head(title: str) -> Grey:
    """The words above a column."""
    head = np.zeros((HEAD, SIDE), np.uint8)
    font = cv2.FONT_HERSHEY_SIMPLEX
    (wide, _), _ = cv2.getTextSize(title, font, 0.42, 1)
    return np.asarray(
        cv2.putText(head, title, ((SIDE - wide) // 2, HEAD - 5), font, 0.42, 220, 1, cv2.LINE_AA), np.uint8
    )
