"""Radiographs with boxes in memory, and random changes of both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from cxr_studio.arrays import Plane
from cxr_studio.datasets.box_list import ListedBox, read_box_list
from cxr_studio.datasets.naming import stem_of
from cxr_studio.datasets.patients import known_patients
from cxr_studio.datasets.splits import split_of
from cxr_studio.errors import RecipeError
from cxr_studio.masks.lung_boxes import random_lung_point
from cxr_studio.networks.square import square
from trainers.image_store import Image, image_files, read_image
from trainers.ranges import Range
from trainers.recipe import Fraction, Part, Positive

Extent = tuple[float, float, float, float]
"""Centre y, x, height and width of a box in pixels of the square."""

WHOLE: Extent = (0.0, 0.0, 1.0, 1.0)
"""A box that nobody looks at."""

LEAST_SIDE = 4.0
"""Smallest side of a box in pixels of the square."""

FINDINGS = ("Atelectasis", "Cardiomegaly", "Effusion", "Infiltrate", "Pneumonia", "Pneumothorax")
"""The six of the paper; the published list writes Infiltrate for Infiltration."""


class Boxed(Part):
    """Radiographs with boxes; one patient in five is held out (``datasets.splits.split_of``).

    Attributes:
        images: Folder of the radiographs, at any size.
        boxes: CSV of their boxes, as published by the NIH or with named columns.
        listed_side: Longest side of the images that the list was made on, pixels.
        findings: Those that are learned from.
    """

    images: str
    boxes: str
    listed_side: Positive = 1024
    findings: tuple[str, ...] = FINDINGS


class Healthy(Part):
    """Radiographs without findings, with a random box each (Pix2Pix-N); none where the folders are left out.

    Attributes:
        train: Folder of training radiographs.
        val: Folder of held-out radiographs of other patients.
        share: Share of the samples.
    """

    train: str = ""
    val: str = ""
    share: Fraction = 0.0


class Augmentation(Part):
    """Random changes of a radiograph with its box.

    Attributes:
        turn: Largest rotation to either side, degrees.
        zoom: Range of the magnification before a random crop; 286 to 256 pixels is 1.117.
        flip: Mirror half of them.
        gamma: Range of a random exponent on grey 0 to 1.
    """

    turn: Annotated[float, Field(ge=0, le=45)] = 7.0
    zoom: Range = (1.117, 1.117)
    flip: bool = True
    gamma: Range = (1.0, 1.0)


@dataclass(frozen=True, eq=False)
class BoxedImage:
    """A radiograph shrunk to a square, and one box of it; None = a random one each time.

    Attributes:
        image: ``uint8 [S, S]``.
        extent: The box.
        finding: What it holds; "" for a healthy radiograph.
    """

    image: Image
    extent: Extent | None
    finding: str = ""


def load_boxed(boxed: Boxed, side: int) -> tuple[list[BoxedImage], list[BoxedImage]]:
    """Load every radiograph of which the list has a box; returns those to learn from and those held out by patient.

    Raises:
        RecipeError: no radiograph has a box.
        ReadError: a file cannot be read.
    """
    folder = Path(boxed.images)
    files = {stem_of(path): path for path in image_files(folder)}
    patients, squares = known_patients(folder), dict[str, Image]()
    found: dict[str, list[BoxedImage]] = {"train": [], "val": []}
    for box in read_box_list(Path(boxed.boxes)):
        stem = stem_of(Path(box.image))
        if box.finding not in boxed.findings or stem not in files:
            continue
        if stem not in squares:
            squares[stem] = square(read_image(files[stem]), side)
        one = BoxedImage(squares[stem], _extent(box, side / boxed.listed_side), box.finding)
        found[split_of(patients.of_file(files[stem]))].append(one)
    if not found["train"] or not found["val"]:
        what = (
            f"of the {len(files)} radiographs in {folder}, {len(squares)} have a box of {', '.join(boxed.findings)}; "
            "at least one to learn from and one of a held-out patient are needed"
        )
        raise RecipeError(what, file=boxed.boxes, remedy="Set boxed.images, boxed.boxes or boxed.findings")
    return found["train"], found["val"]


def load_healthy(folder: str, side: int) -> list[BoxedImage]:
    """Load a folder of healthy radiographs, none where it is "".

    Raises:
        RecipeError: no radiograph in the folder.
    """
    return [BoxedImage(square(read_image(path), side), None) for path in image_files(folder)] if folder else []


def random_extent(rng: np.random.Generator, extents: list[Extent], side: int) -> Extent:
    """Height and width of one of the boxes, centred at a random point in the lungs."""
    _, _, height, width = extents[int(rng.integers(len(extents)))]
    y, x = random_lung_point(rng, (side, side))
    return float(y), float(x), height, width


def changed(rng: np.random.Generator, image: Image, extent: Extent, changes: Augmentation) -> tuple[Plane, Plane]:
    """Turn, enlarge, crop, mirror and brighten a radiograph with its box.

    Returns:
        Grey -1 to 1, and the box, 1 inside; ``float32 [S, S]``.
    """
    side = len(image)
    matrix, zoom = random_move(rng, side, changes)
    moved = cv2.warpAffine(image, matrix, (side, side), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    grey = (moved.astype(np.float32) / 255) ** np.float32(rng.uniform(*changes.gamma)) * 2 - 1
    x, y = matrix @ (extent[1], extent[0], 1)
    return grey, box_plane((y, x, extent[2] * zoom, extent[3] * zoom), side)


def random_move(rng: np.random.Generator, side: int, changes: Augmentation) -> tuple[NDArray[np.float64], float]:
    """Turn, enlarge, crop and mirror at random: the matrix ``[2, 3]`` for OpenCV, and the magnification."""
    zoom = float(rng.uniform(*changes.zoom))
    matrix = cv2.getRotationMatrix2D((side / 2, side / 2), rng.uniform(-changes.turn, changes.turn), zoom)
    matrix[:, 2] += rng.uniform(-0.5, 0.5, 2) * (zoom - 1) * side
    if changes.flip and rng.random() < 0.5:
        matrix[0] = -matrix[0] + (0, 0, side - 1)
    return np.asarray(matrix, np.float64), zoom


def box_plane(extent: Extent, side: int) -> Plane:
    """``float32 [S, S]``, 1 inside the box; a box beyond the edge is cut, but at least a pixel is kept."""
    y, x, height, width = extent
    plane = np.zeros((side, side), np.float32)
    rows, columns = (_span(at, length, side) for at, length in ((y, height), (x, width)))
    plane[rows, columns] = 1
    return plane


def _span(at: float, length: float, side: int) -> slice:
    start = int(np.clip(round(at - length / 2), 0, side - 1))
    return slice(start, int(np.clip(round(at + length / 2), start + 1, side)))


def _extent(box: ListedBox, scale: float) -> Extent:
    y, x = (box.y + box.height / 2) * scale, (box.x + box.width / 2) * scale
    return y, x, max(LEAST_SIDE, box.height * scale), max(LEAST_SIDE, box.width * scale)
