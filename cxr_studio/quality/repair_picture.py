"""The picture of blind repairs: bundled radiographs with a blanked square in the lungs, as a generator that is not told
of it gives them back, and as they were."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.networks.card import Role
from cxr_studio.quality.benchmark.places import SQUARE, MaskPlan, Places, Radiographs
from cxr_studio.quality.tiles import tile, write_tiles
from cxr_studio.quality.whole_drawing import WholeDrawer
from cxr_studio.quality.whole_images import unit_image
from cxr_studio.resources import resource
from cxr_studio.roles import first_or

SAMPLES = "healthy-1.png", "healthy-2.png"
COLUMNS = 3

HOLE = 40
"""Side of the blanked squares, of 256 pixels: 2.4 % of a square radiograph, as the masks of ipA-MedGAN's bank."""


def render_repairs(path: Path, *, generator: str = "") -> None:
    """Write the picture, a row a radiograph: what is given, what comes back, and the original.

    Args:
        path: A PNG.
        generator: Of role translate, without labels; the first by default.

    Raises:
        GeneratorError: there is no such generator.
        WriteError: the file cannot be written.
    """
    drawer = WholeDrawer(first_or(generator, Role.TRANSLATE))
    tiles = []
    for place in Places(Radiographs(tuple(resource("samples", name) for name in SAMPLES)), MaskPlan(SQUARE, hole=HOLE)):
        repaired = drawer.translate(place.radiograph, place.damaged, place.number).stored
        images = (place.damaged, repaired, place.radiograph.stored)
        tiles += [tile(unit_image(place.radiograph, image)) for image in images]
    write_tiles(path, tiles, columns=COLUMNS)
