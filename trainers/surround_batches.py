"""Batches of radiographs with boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from trainers.batches import ALONE, Batch, Sample, Samples, Share, stacked
from trainers.boxed_images import WHOLE, Augmentation, Boxed, BoxedImage, Healthy, changed, random_extent
from trainers.recipe import Network, Positive, Recipe, Run


class SurroundRun(Run):
    """How it runs.

    Attributes:
        val_images: Held-out boxes scored at each snapshot.
    """

    val_images: Positive = 64


class SurroundRecipe(Recipe):
    """What boxes are drawn around.

    Attributes:
        epochs: Passes over as many samples as there are training boxes and healthy radiographs.
    """

    epochs: Annotated[float, Field(gt=0)]
    boxed: Boxed
    healthy: Healthy = Healthy()
    augmentation: Augmentation = Augmentation()
    generator: Network
    run: SurroundRun = SurroundRun()


@dataclass(frozen=True)
class Surround(Batch):
    """One step's radiographs, both ``float32 [N, 1, S, S]``.

    Attributes:
        real: Grey, -1 to 1.
        box: 1 inside the box that is kept.
    """

    real: Tensor
    box: Tensor

    @property
    def seen(self) -> Tensor:
        """What the generator sees: the box's pixels, black around them."""
        return (self.real + 1) * self.box - 1

    def pasted(self, drawn: Tensor) -> Tensor:
        """What was drawn, with the box's own pixels; ``drawn`` has N or a multiple of N images."""
        times = len(drawn) // len(self.real)
        real, box = (part.repeat(times, 1, 1, 1) for part in (self.real, self.box))
        return torch.where(box > 0, real, drawn)


class SurroundBatches(Samples[Surround]):
    """Boxed radiographs and, for Pix2Pix-N, healthy ones with random boxes.

    Args:
        boxed: Radiographs with boxes.
        healthy: Radiographs without.
        recipe: Augmentation, shares, batch size and seed.
        share: This process's of every batch.
    """

    kind = Surround

    def __init__(
        self, boxed: list[BoxedImage], healthy: list[BoxedImage], recipe: SurroundRecipe, *, share: Share = ALONE
    ) -> None:
        super().__init__(recipe, share, each_epoch=len(boxed) + len(healthy), epochs=recipe.epochs)
        self.boxed, self.healthy, self.recipe = boxed, healthy, recipe
        self.extents = [one.extent for one in boxed if one.extent is not None]

    def everyone(self, copies: int) -> Tensor:
        """Augmented copies of every radiograph, ``float32 [M, 1, S, S]``."""
        pool = list({id(one.image): one for one in (*self.boxed, *self.healthy)}.values())
        augmentation, seed = self.recipe.augmentation, self.recipe.seed
        return stacked(
            changed(np.random.default_rng([seed, number, k]), one.image, WHOLE, augmentation)
            for number, one in enumerate(pool)
            for k in range(copies)
        )[0]

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> Sample:  # noqa: ARG002
        """A radiograph with its box, or a healthy one with a random box."""
        healthy = rng.random() < self.recipe.healthy.share and self.healthy
        pool = self.healthy if healthy else self.boxed
        one = pool[int(rng.integers(len(pool)))]
        extent = one.extent or random_extent(rng, self.extents, len(one.image))
        return changed(rng, one.image, extent, self.recipe.augmentation)
