"""Whole radiographs with boxed findings for a detector: nodules drawn into healthy ones on the fly, and listed ones."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor

from cxr_studio.arrays import Plane
from cxr_studio.datasets.entries import Finding, Rectangle
from cxr_studio.datasets.patients import known_patients
from cxr_studio.masks.boxes import bounding_box
from cxr_studio.masks.lung_boxes import random_lung_point
from cxr_studio.networks.compact_detector import SIZED, STRIDE, UNIT_SIDE
from cxr_studio.networks.square import square
from cxr_studio.nodules.contrast import grey_per_mm, shoulder
from cxr_studio.nodules.projection import View, project, turned_in_plane
from cxr_studio.nodules.simulation import UNIT
from cxr_studio.radiographs.greyscale import linear_greyscale
from trainers.batches import Batch
from trainers.boxed_images import Augmentation, random_move
from trainers.image_store import image_files, read_image
from trainers.listed_radiographs import Boxed
from trainers.ranges import Range
from trainers.recipe import Fraction, Part, Positive

TRIES = 20
"""Places that are tried for a nodule beside others."""

GAP = 4
"""Pixels of the square at least between two nodules."""


class Scenes(Part):
    """Healthy radiographs and what is drawn into them.

    Attributes:
        train: Folder of healthy training radiographs.
        val: Folder of held-out ones of other patients.
        nodules: Library of CT nodules (.npz); the series that ``ct_library.held_out`` names are only scored.
        views: Random sides from which each CT nodule is seen.
        diameters_mm: Range of the diameter; the logarithm is uniform.
        subtleties: Range of the contrast over the physical one; the logarithm is uniform.
        most: Nodules in a radiograph at most; 1 to that many are equally likely.
        healthy: Share of the radiographs without.
        mm_per_pixel: Of the radiographs' files, nominal where they do not say.
    """

    train: str
    val: str
    nodules: str
    views: Positive = 2
    diameters_mm: Range = (5.0, 40.0)
    subtleties: Range = (0.6, 1.6)
    most: Positive = 3
    healthy: Fraction = 0.25
    mm_per_pixel: Annotated[float, Field(gt=0)] = 0.375


@dataclass(frozen=True)
class Scene(Batch):
    """One step's radiographs.

    Attributes:
        image: Grey -1 to 1, ``float32 [N, 1, S, S]``.
        heat: Of every finding 1 in cells with a centre, falling around it, ``[N, K, h, w]``.
        target: In those cells logarithms of height and width, and the centre's place, as ``compact_detector.Maps``,
            ``[N, 4, h, w]``.
    """

    image: Tensor
    heat: Tensor
    target: Tensor


@dataclass(frozen=True)
class Look:
    """How a nodule is drawn: diameter in pixels of the square, contrast over the physical one, which view."""

    diameter: float
    subtlety: float
    view: View


class Drawing:
    """Draws CT nodules into healthy radiographs in the log-intensity domain (Litjens et al. 2010).

    Args:
        folder: Of healthy radiographs.
        seen: Nodules from random sides.
        scenes: How they are drawn.
        side: Of the square.
        without: Patients whose radiographs are left out: their real nodules are held out.
    """

    def __init__(
        self, folder: str, seen: Sequence[View], scenes: Scenes, *, side: int, without: Set[str] = frozenset()
    ) -> None:
        patients = known_patients(Path(folder))
        loaded = [read_image(path) for path in image_files(folder) if patients.of_file(path) not in without]
        self.images = [square(image, side) for image in loaded]
        self.millimetres = [scenes.mm_per_pixel * max(image.shape) / side for image in loaded]
        grey = linear_greyscale(np.dtype(np.uint8), 8)
        pairs = zip(self.images, self.millimetres, strict=True)
        self.slopes = [grey_per_mm(image, grey, UNIT, mm_per_pixel=mm) for image, mm in pairs]
        self.seen, self.scenes, self.side = seen, scenes, side

    def drawn(self, rng: np.random.Generator, number: int, changes: Augmentation) -> tuple[Plane, list[Rectangle]]:
        """One radiograph, changed, with new nodules: grey 0 to 255 ``float32 [S, S]``, and their boxes."""
        grey, _, zoom = moved(rng, Boxed(self.images[number], ()), changes)
        millimetres = self.millimetres[number] / zoom
        count = 0 if rng.random() < self.scenes.healthy else int(rng.integers(1, self.scenes.most + 1))
        taken: list[tuple[int, int, float]] = []
        boxes: list[Rectangle] = []
        for _ in range(count):
            look = self._look(rng, millimetres)
            centre = self._centre(rng, look.diameter, taken)
            if centre is not None:
                taken.append((*centre, look.diameter))
                boxes.append(add(grey, look, centre, (millimetres, self.slopes[number])))
        return grey, boxes

    def _look(self, rng: np.random.Generator, millimetres: float) -> Look:
        diameter = float(np.exp(rng.uniform(*np.log(self.scenes.diameters_mm)))) / millimetres
        subtlety = float(np.exp(rng.uniform(*np.log(self.scenes.subtleties))))
        seen = self.seen[int(rng.integers(len(self.seen)))]
        turned = turned_in_plane(seen, float(rng.uniform(0, 360)), mirror=bool(rng.random() < 0.5))
        return Look(diameter, subtlety, turned)

    def _centre(
        self, rng: np.random.Generator, diameter: float, taken: Sequence[tuple[int, int, float]]
    ) -> tuple[int, int] | None:
        """A place in the lungs apart from the other nodules, None where none was found."""
        for _ in range(TRIES):
            y, x = random_lung_point(rng, (self.side, self.side))
            if all(np.hypot(y - oy, x - ox) > (diameter + other) / 2 + GAP for oy, ox, other in taken):
                return y, x
        return None


def add(grey: Plane, look: Look, centre: tuple[int, int], scale: tuple[float, float]) -> Rectangle:
    """Draw one nodule into grey 0 to 255, in place; returns the box of its silhouette, cut to the image.

    Args:
        grey: ``float32 [H, W]``.
        look: The nodule.
        centre: Where the silhouette's middle comes to lie, y and x.
        scale: Millimetres a pixel, and grey a millimetre of tissue.
    """
    drawn = project(look.view, look.diameter, mm_per_pixel=scale[0])
    y0, x0, y1, x1 = bounding_box(drawn.mask) or (0, 0, *drawn.mask.shape)
    top, left = centre[0] - (y0 + y1) // 2, centre[1] - (x0 + x1) // 2
    spans = [(max(0, at), min(n, at + m)) for at, n, m in zip((top, left), grey.shape, drawn.mask.shape, strict=True)]
    into = tuple(slice(low, max(low, high)) for low, high in spans)
    out = tuple(slice(s.start - at, s.stop - at) for s, at in zip(into, (top, left), strict=True))
    under = grey[into]
    if under.size:
        added = drawn.thickness[out] * np.float32(scale[1] * look.subtlety)
        grey[into] = np.clip(under + added * shoulder(under, UNIT), 0, 255)
    ends = np.clip((y0 + top, y1 + top), 0, grey.shape[0]), np.clip((x0 + left, x1 + left), 0, grey.shape[1])
    return float(ends[0][0]), float(ends[1][0]), float(ends[0][1]), float(ends[1][1])


def moved(rng: np.random.Generator, boxed: Boxed, changes: Augmentation) -> tuple[Plane, list[Finding], float]:
    """Turn, enlarge, crop, mirror, brighten: grey 0 to 255 ``float32 [S, S]``, its findings, and the magnification."""
    side = len(boxed.image)
    matrix, zoom = random_move(rng, side, changes)
    changed = cv2.warpAffine(boxed.image, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    grey = (changed.astype(np.float32) / 255) ** np.float32(rng.uniform(*changes.gamma)) * 255
    left = []
    for finding in boxed.findings:
        y0, x0, y1, x1 = finding.box
        x, y = matrix @ ((x0 + x1) / 2, (y0 + y1) / 2, 1)
        high, wide = (y1 - y0) / 2 * zoom, (x1 - x0) / 2 * zoom
        if 0 <= y < side and 0 <= x < side:
            left.append(Finding(finding.label, (float(y - high), float(x - wide), float(y + high), float(x + wide))))
    return grey, left, zoom


def targets(
    boxes: Sequence[Rectangle], side: int, *, kinds: Sequence[int] | None = None, labels: int = 1
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What the compact detector should say of a square's cells: heat ``[K, h, w]`` and the rest ``[4, h, w]``; see
    ``Scene``.

    A box's heat falls as a Gaussian with a sixth of the box's sides as standard deviations (Law & Deng 2018 and Zhou et
    al. 2019 choose the radius by the IoU; nodules are small and round).

    Args:
        boxes: Pixels of the square.
        side: Of the square.
        kinds: Which finding each is, from 0; all the first by default.
        labels: Findings, ``K``.
    """
    cells = side // STRIDE
    heat, rest = np.zeros((labels, cells, cells), np.float32), np.zeros((SIZED, cells, cells), np.float32)
    rows, columns = np.ogrid[:cells, :cells]
    for (y0, x0, y1, x1), kind in zip(boxes, kinds or [0] * len(boxes), strict=True):
        cy, cx = (y0 + y1) / 2 / STRIDE, (x0 + x1) / 2 / STRIDE
        y, x = (min(max(int(c), 0), cells - 1) for c in (cy, cx))
        sy, sx = (max(0.6, length / STRIDE / 6) for length in (y1 - y0, x1 - x0))
        near = np.exp(-((rows - y) ** 2) / (2 * sy**2) - ((columns - x) ** 2) / (2 * sx**2))
        heat[kind] = np.maximum(heat[kind], near.astype(np.float32))
        sides = np.log(np.maximum((y1 - y0, x1 - x0), 1.0) / UNIT_SIDE)
        rest[:, y, x] = (*sides, cy - y - 0.5, cx - x - 0.5)
    return heat, rest
