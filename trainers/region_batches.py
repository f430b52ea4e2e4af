"""Batches of whole radiographs out of which a region is cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from cxr_studio.masks.region_bank import draw_regions, random_square
from trainers.batches import ALONE, Batch, Sample, Samples, Share
from trainers.boxed_images import WHOLE, Augmentation, BoxedImage, changed
from trainers.recipe import Network, Part, Positive, Recipe, Run
from trainers.region_masks import Regions


class Wholes(Part):
    """Where radiographs come from; they are shrunk whole.

    Attributes:
        train: Folder of training radiographs.
        val: Folder of held-out radiographs of other patients.
    """

    train: str
    val: str


class RegionRun(Run):
    """How it runs.

    Attributes:
        val_images: Held-out radiographs scored at each snapshot.
    """

    val_images: Positive = 50


class RegionRecipe(Recipe):
    """What regions are cut out of.

    Attributes:
        epochs: Passes over the radiographs.
    """

    epochs: Annotated[float, Field(gt=0)]
    images: Wholes
    regions: Regions = Regions()
    augmentation: Augmentation = Augmentation(turn=0, zoom=(1, 1), flip=False)
    generator: Network
    run: RegionRun = RegionRun()


@dataclass(frozen=True)
class Regioned(Batch):
    """One step's radiographs, both ``float32 [N, 1, S, S]``.

    Attributes:
        real: Grey, -1 to 1.
        hole: 1 in the region.
    """

    real: Tensor
    hole: Tensor

    @property
    def seen(self) -> Tensor:
        """The image with the region blank, as black as can be."""
        return torch.where(self.hole > 0, -1.0, self.real)


class RegionBatches(Samples[Regioned]):
    """Every radiograph once an epoch in random order, each time with another region.

    Args:
        images: Training radiographs.
        recipe: Regions, augmentation, batch size and seed.
        share: This process's of every batch.
    """

    kind = Regioned

    def __init__(self, images: list[BoxedImage], recipe: RegionRecipe, *, share: Share = ALONE) -> None:
        super().__init__(recipe, share, each_epoch=len(images), epochs=recipe.epochs)
        self.images, self.recipe = images, recipe
        regions, side = recipe.regions, recipe.generator.input_side
        self.bank = draw_regions(regions.bank, seed=recipe.seed, side=side, areas=regions.areas)

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> Sample:
        """A radiograph and its region."""
        _, which = self.shuffled(place, len(self.images))
        real, _ = changed(rng, self.images[which].image, WHOLE, self.recipe.augmentation)
        if self.recipe.regions.kind == "squares":
            mask = random_square(rng, self.recipe.regions.side, len(real))
        else:
            mask = self.bank[int(rng.integers(len(self.bank)))]
        return real, mask.astype(np.float32)
