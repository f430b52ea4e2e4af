"""Patches with holes, of healthy radiographs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator
from torch import Tensor

from cxr_studio.masks.lung_boxes import random_lung_point
from trainers.batches import ALONE, Batch, Sample, Samples, Share
from trainers.hole_shapes import HoleShape, draw_bank, square
from trainers.image_store import Image
from trainers.ranges import Range, Zoom
from trainers.recipe import Fraction, Network, Part, Positive, Recipe, Run, Stage

Patch = NDArray[np.float32]


class Images(Part):
    """Where patches come from.

    Attributes:
        train: Folder of training radiographs (healthy ones).
        val: Folder of held-out radiographs of other patients.
        mode: "lungs" cuts patches centred on random points in two lung boxes, "whole" shrinks the
            image to one patch.
        anywhere_share: Share of the "lungs" patches that are centred anywhere in the image instead.
        patches_per_image: Patches an image gives an epoch (the paper takes 20).
        zoom: Range of random magnification of a patch; 1.0 to 1.0 is none.
        zoom_share: Share of the patches that are magnified.
        flip: Mirror half of the patches left to right.
        gamma: Range of a random exponent on grey 0 to 1; 1.0 to 1.0 is none.
        keep_back: How many training radiographs, the last in name order, are not looked at, so that the finished
            network's differences in healthy lungs can be learned from them.
    """

    train: str
    val: str
    keep_back: Annotated[int, Field(ge=0)] = 0
    mode: Literal["lungs", "whole"] = "lungs"
    anywhere_share: Fraction = 0.0
    patches_per_image: Positive = 20
    zoom: Zoom = (1.0, 1.0)
    zoom_share: Fraction = 0.5
    flip: bool = False
    gamma: Range = (1.0, 1.0)

    @property
    def usual_zoom(self) -> float:
        """Magnification that the network is made for: the middle of ``zoom`` where every patch is magnified."""
        return float((self.zoom[0] * self.zoom[1]) ** 0.5) if self.zoom_share == 1 else 1.0


class HoleFiller(Network):
    """A generator that fills the central square of a crop."""

    input_side: Positive = 128
    hole_side: Positive = 64
    base: Literal["blank", "biharmonic"] = "blank"

    @model_validator(mode="after")
    def _hole_inside(self) -> HoleFiller:
        if self.hole_side >= self.input_side:
            raise ValueError(f"a hole_side of {self.hole_side} leaves nothing of an input_side of {self.input_side}")
        return self


class Holes(Part):
    """Shapes of the holes: a share of plain squares, the rest from a bank of drawn shapes of this size."""

    square_share: Fraction = 1.0
    bank: Annotated[int, Field(ge=0, le=512)] = 0

    @model_validator(mode="after")
    def _bank_needed(self) -> Holes:
        if self.square_share < 1 and self.bank == 0:
            raise ValueError("a square_share below 1 needs a bank of at least 1 shape")
        return self


class HoleRun(Run):
    """How it runs.

    Attributes:
        val_holes: Held-out holes scored at each snapshot.
    """

    val_holes: Positive = 240


class PatchRecipe(Recipe):
    """What patches with holes are made by."""

    images: Images
    generator: HoleFiller
    holes: Holes = Holes()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    run: HoleRun = HoleRun()


@dataclass(frozen=True)
class Holed(Batch):
    """One step's patches, all ``float32 [N, 1, S, S]``.

    Attributes:
        real: The true patch, -1 to 1.
        image: The same with the base fill in the hole.
        hole: 1 where unknown.
    """

    real: Tensor
    image: Tensor
    hole: Tensor


def cut_patch(image: Image, centre: tuple[int, int], *, side: int, zoom: float = 1.0) -> Patch:
    """Cut ``side × side`` around (y, x), magnified ``zoom`` times, as float32 in -1 to 1; moved inward at
    edges."""
    reach = min(round(side / zoom), *image.shape)
    top = int(np.clip(centre[0] - reach // 2, 0, image.shape[0] - reach))
    left = int(np.clip(centre[1] - reach // 2, 0, image.shape[1] - reach))
    crop = image[top : top + reach, left : left + reach]
    if reach != side:
        crop = cv2.resize(crop, (side, side), interpolation=cv2.INTER_AREA if reach > side else cv2.INTER_CUBIC)
    return np.asarray(crop.astype(np.float32) / 127.5 - 1.0)


def whole_patch(image: Image, side: int) -> Patch:
    """Shrink a whole radiograph to ``side × side``, as float32 in -1 to 1."""
    small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(small.astype(np.float32) / 127.5 - 1.0)


class Patches(Samples[Holed]):
    """Batches of patches with holes.

    Args:
        images: Decoded radiographs ``uint8 [H, W]``.
        recipe: Mode, augmentation, holes, batch size and seed.
        share: This process's of every batch.
    """

    kind: type[Holed] = Holed

    def __init__(self, images: list[Image], recipe: PatchRecipe, *, share: Share = ALONE) -> None:
        per_image = 1 if recipe.images.mode == "whole" else recipe.images.patches_per_image
        super().__init__(recipe, share, each_epoch=len(images) * per_image, epochs=1)
        self.images = images
        self.recipe = recipe
        network = recipe.generator
        sides = {"input_side": network.input_side, "hole_side": network.hole_side}
        self.square = square(**sides)
        self.bank = draw_bank(recipe.holes.bank, seed=recipe.seed, **sides)

    def __len__(self) -> int:
        """Steps of all stages together."""
        return sum(round(stage.epochs * self.steps_per_epoch) for stage in self.recipe.stages)

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> Sample:  # noqa: ARG002
        """The true patch, the same with the base fill in the hole, and the hole."""
        crop = draw_patch(rng, self.images[int(rng.integers(len(self.images)))], self.recipe)
        shape = self._shape(rng)
        base = shape.fill(crop) if self.recipe.generator.base == "biharmonic" else np.where(shape.mask, 0.0, crop)
        return crop, base.astype(np.float32), shape.mask.astype(np.float32)

    def _shape(self, rng: np.random.Generator) -> HoleShape:
        if rng.random() < self.recipe.holes.square_share:
            return self.square
        return self.bank[int(rng.integers(len(self.bank)))]


def draw_patch(rng: np.random.Generator, image: Image, recipe: PatchRecipe) -> Patch:
    """Cut and augment one random patch of an image by the recipe."""
    images, side = recipe.images, recipe.generator.input_side
    if images.mode == "whole":
        crop = whole_patch(image, side)
    else:
        zoom = rng.uniform(*images.zoom) if rng.random() < images.zoom_share else 1.0
        crop = cut_patch(image, _centre(rng, image, images), side=side, zoom=zoom)
    return _augment(rng, crop, images)


def _centre(rng: np.random.Generator, image: Image, images: Images) -> tuple[int, int]:
    height, width = image.shape
    if images.anywhere_share and rng.random() < images.anywhere_share:
        return int(rng.integers(height)), int(rng.integers(width))
    return random_lung_point(rng, (height, width))


def _augment(rng: np.random.Generator, crop: Patch, images: Images) -> Patch:
    if images.flip and rng.random() < 0.5:
        crop = crop[:, ::-1]
    low, high = images.gamma
    if (low, high) != (1.0, 1.0):
        crop = 2.0 * np.clip(crop / 2.0 + 0.5, 0.0, 1.0) ** rng.uniform(low, high) - 1.0
    return np.ascontiguousarray(crop, dtype=np.float32)
