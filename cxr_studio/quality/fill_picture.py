"""The README's picture of a mass that is painted over: the original and two fills of it, at 1:1."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cxr_studio.generation.request import view_of
from cxr_studio.masks.boxes import Mask, bounding_box, cut, padded
from cxr_studio.masks.brush import paint_disc
from cxr_studio.quality.highlighting.picture import Colours, write_picture
from cxr_studio.radiographs.presets import default_window
from cxr_studio.radiographs.radiograph import Radiograph, Stored
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions, FillRequest
from cxr_studio.settings import DEFAULT_GENERATOR

SAMPLE = "masses.dcm"

MASS = (0.604, 0.792, 0.066)
"""Middle and radius of one of its masses, as shares of height, width and longest side."""

SHOWN = ("context-encoder", DEFAULT_GENERATOR)
"""What fills it, beside the original."""

MARGIN = 130
GAP = 8


def render_fills(path: Path) -> None:
    """Write the picture: original, smooth fill, drawn fill.

    Raises:
        WriteError: the file cannot be written.
    """
    radiograph = read_radiograph(resource("samples") / SAMPLE)
    mask = _mass(radiograph)
    around = padded(bounding_box(mask) or (0, 0, 1, 1), MARGIN, radiograph.shape)
    images = [radiograph.stored, *(_filled(radiograph, mask, name) for name in SHOWN)]
    window = radiograph.grey.display_table(default_window(radiograph))
    panes = [window[radiograph.grey.index(image[cut(around)])] for image in images]
    gap = np.zeros((panes[0].shape[0], GAP), np.uint8)
    row = np.hstack([panes[0], gap, panes[1], gap, panes[2]])
    picture: Colours = np.repeat(row[..., None], 3, axis=2)
    write_picture(path, picture)


def _mass(radiograph: Radiograph) -> Mask:
    mask = np.zeros(radiograph.shape, bool)
    y, x, radius = MASS
    centre = y * radiograph.shape[0], x * radiograph.shape[1]
    paint_disc(mask, centre, radius=radius * max(radiograph.shape))
    return mask


def _filled(radiograph: Radiograph, mask: Mask, generator: str) -> Stored:
    options = FillOptions(generator)
    request = FillRequest(1, view_of(radiograph), options, mask)
    image = radiograph.stored.copy()
    for patch in fill(request).patches:
        image[cut(patch.box)] = patch.stored
    return image
