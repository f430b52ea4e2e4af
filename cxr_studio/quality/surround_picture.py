"""The picture of surroundings: one box of a bundled radiograph that was not learned from, and six draws around it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Box
from cxr_studio.networks.card import Role
from cxr_studio.quality.highlighting.picture import write_picture
from cxr_studio.quality.surround_evaluation import Boxed
from cxr_studio.quality.whole_drawing import WholeDrawer
from cxr_studio.quality.whole_images import unit_image
from cxr_studio.radiographs.reading import read_radiograph
from cxr_studio.resources import resource
from cxr_studio.roles import first_or

SAMPLE = "masses.dcm"

MASS = (0.5, 0.66, 0.71, 0.92)
"""``y0, x0, y1, x1`` around one of its masses, as shares of height and width; no generator has learned from it."""

SIDE = 320
"""Of a radiograph in the picture, pixels."""

SEEDS = range(1, 7)
COLUMNS = 4
GAP = 4

Grey = NDArray[np.uint8]


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
    tiles = [_tile(image, case.box if number == 0 else None) for number, image in enumerate(images)]
    rows = [_row(tiles[start : start + COLUMNS]) for start in range(0, len(tiles), COLUMNS)]
    gap = np.zeros((GAP, rows[0].shape[1]), np.uint8)
    whole = np.vstack([rows[0], gap, *rows[1:]])
    write_picture(path, np.repeat(whole[..., None], 3, axis=2))


def _mass() -> Boxed:
    radiograph = read_radiograph(resource("samples", SAMPLE))
    y0, x0, y1, x1 = (round(share * side) for share, side in zip(MASS, 2 * radiograph.shape, strict=True))
    return Boxed(SAMPLE, radiograph, (y0, x0, y1, x1))


def _tile(image: NDArray[np.floating], box: Box | None) -> Grey:
    """A radiograph shrunk to a square, with a frame around its box."""
    grey = np.clip(255 * image, 0, 255).astype(np.uint8)
    if box is not None:
        thick = max(1, round(max(grey.shape) / SIDE))
        cv2.rectangle(grey, (box[1], box[0]), (box[3] - 1, box[2] - 1), 255, thick)
    scale = SIDE / max(grey.shape)
    size = round(grey.shape[1] * scale), round(grey.shape[0] * scale)
    square = np.zeros((SIDE, SIDE), np.uint8)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return square


def _row(tiles: list[Grey]) -> Grey:
    gap = np.zeros((SIDE, GAP), np.uint8)
    return np.hstack([part for tile in tiles for part in (tile, gap)][:-1])
