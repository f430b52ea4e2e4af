"""Training of the small network that repairs a radiograph: black squares at places that it is not told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from cxr_studio.masks.lung_boxes import random_lung_point
from cxr_studio.networks.card import Role
from trainers.batches import ALONE, Batch, Sample, Samples, Share, stacked
from trainers.boxed_images import box_plane, square
from trainers.held_out import masked_psnr_db
from trainers.image_store import Image, load_images
from trainers.recipe import Fraction, Network, Part, Recipe
from trainers.sheets import rows_of
from trainers.task import Material, Task


class Radiographs(Part):
    """Folders of training and of held-out radiographs, and the damaged square's side as a share of the image's."""

    train: str
    val: str
    damage: Fraction = 0.25


class RepairRecipe(Recipe):
    """What is damaged, and what learns to repair it."""

    epochs: Annotated[float, Field(gt=0)]
    radiographs: Radiographs
    generator: Network


@dataclass(frozen=True)
class Damaged(Batch):
    """One step's radiographs, ``float32 [N, 1, S, S]``: grey -1 to 1, and 1 where they are damaged."""

    real: Tensor
    mask: Tensor

    @property
    def seen(self) -> Tensor:
        """What the network is given: black where it is damaged."""
        return torch.where(self.mask > 0, -1.0, self.real)


class DamagedRadiographs(Samples[Damaged]):
    """A black square at a random point in the lungs of every radiograph."""

    kind = Damaged

    def __init__(self, images: list[Image], recipe: RepairRecipe, *, share: Share = ALONE) -> None:
        super().__init__(recipe, share, each_epoch=len(images), epochs=recipe.epochs)
        self.images, self.damage = images, recipe.radiographs.damage

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> Sample:
        """A radiograph and its damage."""
        _, which = self.shuffled(place, len(self.images))
        image = self.images[which]
        y, x = random_lung_point(rng, image.shape)
        length = self.damage * len(image)
        return image.astype(np.float32) / 127.5 - 1, box_plane((y, x, length, length), len(image))


class HeldOutDamage:
    """The same damage whenever it is asked."""

    def __init__(self, images: list[Image], recipe: RepairRecipe) -> None:
        samples = DamagedRadiographs(images, recipe)
        self.batch = Damaged(*stacked(samples.sample(np.random.default_rng(k), (0, k)) for k in range(len(images))))

    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """PSNR in dB (range 255) where it was damaged."""
        real, mask = self.batch.real.numpy(), self.batch.mask.numpy() > 0
        return {"val_masked_psnr_db": masked_psnr_db(self._drawn(network, device), real, mask)}

    def sheet(self, network: nn.Module, device: torch.device) -> NDArray[np.uint8]:
        """Columns of radiographs; rows: as they were, damaged, repaired."""
        rows = (self.batch.real.numpy(), self.batch.seen.numpy(), self._drawn(network, device))
        return rows_of(row[:, 0] for row in rows)

    def _drawn(self, network: nn.Module, device: torch.device) -> NDArray[np.float32]:
        with torch.inference_mode():
            return np.asarray(network(self.batch.seen.to(device)).float().clamp(-1, 1).cpu().numpy())


class SoftRepairTask(Task[RepairRecipe, Damaged]):
    """One network, one loss."""

    role = Role.TRANSLATE

    def material(self) -> Material:
        """Training and held-out radiographs, whole."""
        side, folders = self.recipe.generator.input_side, self.recipe.radiographs
        train, val = ([square(image, side) for image in load_images(f)] for f in (folders.train, folders.val))
        return Material(DamagedRadiographs(train, self.recipe, share=self.share), HeldOutDamage(val, self.recipe))

    def step(self, batch: Damaged, step: int) -> dict[str, Tensor]:
        """Learn from one batch: all of the radiograph is to come back."""
        self.set_rates(step)
        drawn = self.networks["generator"](batch.seen)
        loss = (drawn - batch.real).abs().mean()
        self.learn("generator", loss)
        return {"l1": loss.detach()}

    def example(self) -> tuple[Tensor, ...]:
        """A radiograph."""
        side = self.recipe.generator.input_side
        return (torch.zeros(1, 1, side, side),)


RECIPE, TASK = RepairRecipe, SoftRepairTask
