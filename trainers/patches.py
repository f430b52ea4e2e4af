"""Training batches as a pure function of (seed, step): nothing to save, nothing to skip when resuming."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cxr_studio.masks.lung_boxes import random_lung_point
from trainers.batches import Batches
from trainers.context_encoder_recipe import ContextEncoderRecipe, Images
from trainers.hole_shapes import HoleShape, draw_bank, square
from trainers.image_store import Image

Patch = NDArray[np.float32]


@dataclass(frozen=True)
class Batch:
    """One step's patches, all ``float32 [N, 1, S, S]``.

    Attributes:
        real: The true patch, -1 to 1.
        image: The same with the base fill in the hole.
        hole: 1 where unknown.
    """

    real: Tensor
    image: Tensor
    hole: Tensor

    def to(self, device: torch.device) -> Batch:
        """Move to a device."""
        return Batch(self.real.to(device), self.image.to(device), self.hole.to(device))


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


class Patches(Batches[Batch]):
    """Batches of patches with holes; item k is the batch of step k.

    Args:
        images: Decoded radiographs ``uint8 [H, W]``.
        recipe: Mode, augmentation, holes, batch size and seed.
        rank: This process among ``world``, each of which takes an equal share of the batch.
        world: Number of processes.
    """

    def __init__(self, images: list[Image], recipe: ContextEncoderRecipe, *, rank: int = 0, world: int = 1) -> None:
        self.images = images
        self.recipe = recipe
        self.share = range(rank, recipe.run.batch, world)
        network = recipe.generator
        sides = {"input_side": network.input_side, "hole_side": network.hole_side}
        self.square = square(**sides)
        self.bank = draw_bank(recipe.holes.bank, seed=recipe.seed, **sides)

    @property
    def steps_per_epoch(self) -> int:
        """Steps in which every image gives patches_per_image patches on average."""
        per_image = 1 if self.recipe.images.mode == "whole" else self.recipe.images.patches_per_image
        return max(1, len(self.images) * per_image // self.recipe.run.batch)

    def __len__(self) -> int:
        """Steps of all stages together."""
        return sum(round(stage.epochs * self.steps_per_epoch) for stage in self.recipe.stages)

    def __getitem__(self, step: int) -> Batch:
        """Make the batch of one step."""
        samples = [self._sample(np.random.default_rng([self.recipe.seed, step, k])) for k in self.share]
        real, filled, hole = (torch.from_numpy(np.stack(part)[:, None]) for part in zip(*samples, strict=True))
        return Batch(real, filled, hole)

    def _sample(self, rng: np.random.Generator) -> tuple[Patch, Patch, Patch]:
        crop = draw_patch(rng, self.images[int(rng.integers(len(self.images)))], self.recipe)
        shape = self._shape(rng)
        base = shape.fill(crop) if self.recipe.generator.base == "biharmonic" else np.where(shape.mask, 0.0, crop)
        return crop, base.astype(np.float32), shape.mask.astype(np.float32)

    def _shape(self, rng: np.random.Generator) -> HoleShape:
        if rng.random() < self.recipe.holes.square_share:
            return self.square
        return self.bank[int(rng.integers(len(self.bank)))]


def draw_patch(rng: np.random.Generator, image: Image, recipe: ContextEncoderRecipe) -> Patch:
    """Cut and augment one random patch of an image by the recipe."""
    images, side = recipe.images, recipe.generator.input_side
    if images.mode == "whole":
        crop = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32) / 127.5 - 1.0
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
