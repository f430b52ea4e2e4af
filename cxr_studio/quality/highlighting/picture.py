"""An abnormality map painted over its radiograph, hot spots numbered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cxr_studio.files import replaced
from cxr_studio.quality.highlighting.map import AbnormalityMap, HotSpot, Kind
from cxr_studio.quality.highlighting.options import default_threshold
from cxr_studio.quality.highlighting.overlay import painted
from cxr_studio.radiographs.presets import default_window

if TYPE_CHECKING:
    from cxr_studio.radiographs.radiograph import Radiograph

OPACITY = 0.6

LONGEST = 1600
"""Longest side in pixels of the README's picture."""

NUMBERED = 9
"""Most hot spots that get a number; the rest would only hide the picture."""

LETTER = 0.022
"""Height of a number, share of the picture's longest side."""

Colours = NDArray[np.uint8]


def grey_picture(radiograph: Radiograph) -> Colours:
    """The radiograph through its default window, ``uint8 [H, W, 3]``."""
    table = radiograph.grey.display_table(default_window(radiograph))
    return np.repeat(table[radiograph.grey.index(radiograph.stored)][..., None], 3, axis=2)


def overlaid(
    radiograph: Radiograph, found: AbnormalityMap, *, kind: Kind, threshold: float, spots: tuple[HotSpot, ...]
) -> Colours:
    """The radiograph with the map's colours and the spots' numbers, ``uint8 [H, W, 3]``."""
    layer = painted(found.layer(kind), kind=kind, threshold=threshold, opacity=OPACITY)
    alpha = layer[..., 3:].astype(np.float32) / 255
    mixed = grey_picture(radiograph) * (1 - alpha) + layer[..., :3] * alpha
    return _numbered(np.round(mixed).astype(np.uint8), spots[:NUMBERED])


def write_picture(path: Path, picture: Colours, *, longest: int | None = None) -> None:
    """Write a PNG, shrunk to a longest side where one is given.

    Raises:
        WriteError: the file cannot be written.
    """
    from PIL import Image

    image = Image.fromarray(picture)
    if longest is not None:
        image.thumbnail((longest, longest))
    with replaced(path) as beside:
        image.save(beside, format="PNG", optimize=longest is not None)


def render_highlight(path: Path) -> None:
    """Write the README's picture: the bundled radiograph with masses, and its map beside it.

    Raises:
        WriteError: the file cannot be written.
    """
    from cxr_studio.quality.highlighting.highlight import highlight
    from cxr_studio.radiographs.reading import read_radiograph
    from cxr_studio.resources import resource

    radiograph = read_radiograph(resource("samples", "masses.dcm"))
    found = highlight(radiograph)
    threshold = default_threshold(found.main_kind)
    overlay = overlaid(radiograph, found, kind=found.main_kind, threshold=threshold, spots=found.spots)
    write_picture(path, side_by_side(grey_picture(radiograph), overlay), longest=LONGEST)


def side_by_side(left: Colours, right: Colours) -> Colours:
    """Two pictures of one height, a dark strip between them."""
    gap = np.full((left.shape[0], max(2, left.shape[1] // 100), 3), 14, np.uint8)
    return np.hstack([left, gap, right])


def _numbered(picture: Colours, spots: tuple[HotSpot, ...]) -> Colours:
    """Write each spot's rank beside its box, white with a dark rim."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.fromarray(picture)
    pen = ImageDraw.Draw(image)
    size = max(12, round(LETTER * max(picture.shape)))
    letters = ImageFont.load_default(size)
    rim = max(1, size // 9)
    for spot in spots:
        place = spot.x, spot.y
        pen.text(place, str(spot.rank), "white", letters, anchor="mm", stroke_width=rim, stroke_fill="#101214")
    return np.asarray(image)
