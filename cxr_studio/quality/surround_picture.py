"""The picture of surroundings: one box of a bundled radiograph that was not learned from, and six draws around it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cxr_studio.networks.card import Role
from cxr_studio.quality.surround_evaluation import Boxed
from cxr_studio.quality.tiles import tile, write_tiles
from cxr_studio.quality.whole_drawing import WholeDrawer
from cxr_studio.quality.whole_images import unit_image
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from cxr_studio.roles import first_or

SAMPLE = "masses.dcm"

MASS = (0.5, 0.66, 0.71, 0.92)
"""``y0, x0, y1, x1`` around one of its masses, as shares of height and width; no generator has learned from it."""

SEEDS = range(1, 7)
COLUMNS = 4


def render_surroundings(path: Path, *, generator: str = "", case: Boxed | None = None) -> None:
    """Write the picture, in two rows: the original, what the network sees of it, and six seeds.

    Args:
        path: A PNG.
        generator: Of role surround; the first by default.
        case: Radiograph and box; one mass of the bundled radiograph with masses by default.

    Raises:
        GeneratorError: there is no such generator.
        WriteError: the file cannot be written.
    """
    case = case or _mass()
    drawer = WholeDrawer(first_or(generator, Role.SURROUND))
    original = unit_image(case.radiograph)
    images = [original, np.where(case.around, np.float32(0), original)]
    images += [unit_image(case.radiograph, drawer.surround(case, seed).stored) for seed in SEEDS]
    tiles = [tile(image, case.box if number == 0 else None) for number, image in enumerate(images)]
    write_tiles(path, tiles, columns=COLUMNS)


def _mass() -> Boxed:
    radiograph = read_radiograph(resource("samples", SAMPLE))
    y0, x0, y1, x1 = (round(share * side) for share, side in zip(MASS, 2 * radiograph.shape, strict=True))
    return Boxed(SAMPLE, radiograph, (y0, x0, y1, x1))
