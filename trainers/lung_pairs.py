"""Radiographs with lung masks in memory, and random changes of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
from pydantic import Field
from torch import Tensor

from cxr_studio.arrays import Plane
from cxr_studio.errors import RecipeError
from trainers.batches import ALONE, Batch, Samples, Share
from trainers.image_store import Image, image_files, load_images
from trainers.ranges import Range, Zoom
from trainers.recipe import Fraction, Part, Positive, Recipe

Width = Annotated[float, Field(ge=0)]


class Pairs(Part):
    """Radiographs and their lung masks.

    Attributes:
        images: Folder of radiographs.
        masks: Folder of masks of the same file names, lung = not 0.
        held_out: File names without ending that are scored and never learned from. Radiographs of one patient
            belong on one side.
        left_out: File names without ending that are neither learned from nor scored, because their mask is wrong.
    """

    images: str
    masks: str
    held_out: Annotated[tuple[str, ...], Field(min_length=1)]
    left_out: tuple[str, ...] = ()


class Augmentation(Part):
    """How far a pair is changed at random; every share is of the samples.

    Attributes:
        flip: Share that is mirrored left to right.
        rotation: Largest angle, degrees.
        scale: Range of the magnification.
        stretch: Largest ratio by which width and height are changed against each other.
        shear: Largest shear.
        shift: Largest shift, share of the side.
        elastic: Standard deviation of a smooth displacement, share of the side.
        gamma: Range of an exponent on grey 0 to 1.
        contrast: Range of a factor on grey around its mean.
        brightness: Largest offset of grey.
        shading: Largest amplitude of a smooth brightening or darkening.
        noise: Largest standard deviation of white noise on grey.
        occlusion: Share that gets bright or dark patches, as of devices, labels and consolidations.
    """

    flip: Fraction = 0.0
    rotation: Width = 0.0
    scale: Zoom = (1.0, 1.0)
    stretch: Annotated[float, Field(ge=1)] = 1.0
    shear: Width = 0.0
    shift: Width = 0.0
    elastic: Width = 0.0
    gamma: Range = (1.0, 1.0)
    contrast: Range = (1.0, 1.0)
    brightness: Width = 0.0
    shading: Width = 0.0
    noise: Width = 0.0
    occlusion: Fraction = 0.0


class LungPairRecipe(Recipe):
    """What changed pairs are made by.

    Attributes:
        epochs: Passes over the training pairs.
    """

    images: Pairs
    augmentation: Augmentation = Augmentation()
    epochs: Positive


@dataclass(frozen=True)
class Lungs(Batch):
    """One step's pairs, both ``float32 [N, 1, S, S]``.

    Attributes:
        image: Grey, -1 to 1.
        lungs: 1 in a lung, 0 elsewhere, between at its edge.
    """

    image: Tensor
    lungs: Tensor


@dataclass(frozen=True, eq=False)
class Pair:
    """A radiograph shrunk to the network's square, and its lungs: ``uint8 [S, S]``, mask 0 to 255."""

    image: Image
    lungs: Image


def load_pairs(pairs: Pairs, side: int) -> tuple[list[Pair], list[Pair]]:
    """Load all pairs as squares of ``side`` pixels; returns those to learn from and those held out.

    Raises:
        RecipeError: no radiographs, a mask is missing, or a held-out name is.
    """
    paths = image_files(pairs.images)
    missing = sorted(set(pairs.held_out) - {path.stem for path in paths})
    if missing:
        raise RecipeError(f"held-out radiographs are missing: {', '.join(missing)}", remedy="Fix images.held_out")
    learned: list[Pair] = []
    held_out: list[Pair] = []
    for path, image in zip(paths, load_images(pairs.images), strict=True):
        mask = cv2.imread(str(Path(pairs.masks) / path.name), cv2.IMREAD_GRAYSCALE)
        if mask is None or mask.shape != image.shape:
            raise RecipeError(f"the mask of {path.name} is missing or of another size", remedy="Set images.masks")
        if path.stem in pairs.left_out:
            continue
        pair = Pair(_shrunk(image, side), _shrunk(np.where(mask > 0, 255, 0).astype(np.uint8), side))
        (held_out if path.stem in pairs.held_out else learned).append(pair)
    return learned, held_out


def _shrunk(image: Image, side: int) -> Image:
    return np.asarray(cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def unit(image: Image) -> Plane:
    """8-bit grey to the network's range, -1 to 1."""
    return np.asarray(image.astype(np.float32) / 127.5 - 1.0)


class LungPairs(Samples[Lungs]):
    """Batches of changed pairs, every pair once an epoch in random order.

    Args:
        pairs: What to learn from.
        recipe: Augmentation, batch size and seed.
        share: This process's of every batch.
    """

    kind = Lungs

    def __init__(self, pairs: list[Pair], recipe: LungPairRecipe, *, share: Share = ALONE) -> None:
        super().__init__(recipe, share, each_epoch=len(pairs), epochs=recipe.epochs)
        self.pairs = pairs
        self.augmentation = recipe.augmentation

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> tuple[Plane, Plane]:
        """A pair, changed."""
        _, number = self.shuffled(place, len(self.pairs))
        return changed(rng, self.pairs[number], self.augmentation)


def changed(rng: np.random.Generator, pair: Pair, by: Augmentation) -> tuple[Plane, Plane]:
    """Change a pair at random; returns image -1 to 1 and lungs 0 to 1, both ``float32 [S, S]``."""
    y, x = _field(rng, pair.image.shape[0], by)
    border = cv2.BORDER_CONSTANT if rng.random() < 0.5 else cv2.BORDER_REPLICATE
    image = cv2.remap(pair.image, x, y, cv2.INTER_LINEAR, borderMode=border)
    lungs = cv2.remap(pair.lungs, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    grey = _regreyed(rng, image.astype(np.float32) / 255.0, by)
    return np.asarray(2.0 * grey - 1.0, np.float32), np.asarray(lungs.astype(np.float32) / 255.0)


def _field(rng: np.random.Generator, side: int, by: Augmentation) -> tuple[Plane, Plane]:
    """Where every pixel of the new image comes from: rows and columns, each ``float32 [S, S]``."""
    angle = np.deg2rad(rng.uniform(-by.rotation, by.rotation))
    zoom, stretch = rng.uniform(*by.scale), by.stretch ** rng.uniform(-1, 1)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    skew = np.array([[1.0, rng.uniform(-by.shear, by.shear)], [0.0, 1.0]])
    matrix = turn @ skew @ np.diag([1 / (zoom * stretch**0.5), stretch**0.5 / zoom])
    if rng.random() < by.flip:
        matrix[:, 1] *= -1
    move = rng.uniform(-by.shift, by.shift, 2) * side
    grid = np.arange(side) - (side - 1) / 2
    y, x = (matrix[k, 0] * grid[:, None] + matrix[k, 1] * grid + move[k] + (side - 1) / 2 for k in (0, 1))
    if by.elastic:
        bend = rng.normal(0, by.elastic * side, (5, 5, 2)).astype(np.float32)
        bend = cv2.resize(bend, (side, side), interpolation=cv2.INTER_CUBIC)
        y, x = y + bend[..., 0], x + bend[..., 1]
    return y.astype(np.float32), x.astype(np.float32)


def _regreyed(rng: np.random.Generator, grey: Plane, by: Augmentation) -> Plane:
    """Change grey 0 to 1."""
    side = grey.shape[0]
    if rng.random() < by.occlusion:
        grey = _occluded(rng, grey)
    grey = np.clip(grey, 0, 1) ** rng.uniform(*by.gamma)
    grey = (grey - grey.mean()) * rng.uniform(*by.contrast) + grey.mean()
    grey = grey + rng.uniform(-by.brightness, by.brightness)
    if by.shading:
        shade = rng.uniform(-by.shading, by.shading, (3, 3)).astype(np.float32)
        grey = grey + cv2.resize(shade, (side, side), interpolation=cv2.INTER_CUBIC)
    if by.noise:
        grey = grey + rng.uniform(0, by.noise) * rng.standard_normal(grey.shape, dtype=np.float32)
    return np.asarray(np.clip(grey, 0, 1), np.float32)


def _occluded(rng: np.random.Generator, grey: Plane) -> Plane:
    """Lay one to three soft ellipses or hard boxes over the image."""
    side = grey.shape[0]
    for _ in range(int(rng.integers(1, 4))):
        cover = np.zeros_like(grey)
        centre = tuple(int(v) for v in rng.integers(0, side, 2))
        axes = tuple(int(v) for v in rng.uniform(0.02, 0.16, 2) * side)
        value = float(rng.uniform(0.5, 1.0))
        if rng.random() < 0.3:
            cv2.rectangle(cover, (centre[0] - axes[0], centre[1] - axes[1]), (centre[0], centre[1]), value, -1)
        else:
            cv2.ellipse(cover, centre, axes, float(rng.uniform(0, 180)), 0, 360, value, -1)
            cover = cv2.GaussianBlur(cover, (0, 0), float(rng.uniform(0.01, 0.05)) * side)
        paint = float(rng.choice([0.0, 1.0, 0.8, 0.9]))
        grey = grey * (1 - cover) + paint * cover
    return np.asarray(grey)
