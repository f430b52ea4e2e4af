"""A system of one's own: a network that draws a sharp radiograph from a blurred one; see docs/training.md.

In ``trainers/systems`` this file is the system ``sharpening``, and ``sharpening.toml`` its recipe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from cxr_studio.networks.card import Role
from trainers.batches import Batch, Sample, Samples, Share, stacked
from trainers.boxed_images import BoxedImage, load_healthy
from trainers.gan import GanTask, Judge, Term, View, Weight
from trainers.held_out import answered, masked_psnr_db
from trainers.recipe import Network, Part, Positive, Recipe
from trainers.schedule import GENERATOR
from trainers.sheets import rows_of
from trainers.task import Material


class Radiographs(Part):
    """Folders of other patients, and how much a radiograph is blurred, pixels of the network."""

    train: str
    val: str
    sigma: Annotated[float, Field(gt=0)] = 1.5


class SharpeningRecipe(Recipe):
    """What stands in the recipe beside name, seed, optimiser, run and the like."""

    epochs: Positive
    images: Radiographs
    generator: Network
    l1: Weight = 100.0
    judge: Judge = Judge(loss="least-squares")


@dataclass(frozen=True)
class Sharp(Batch):
    """One step's radiographs, ``float32 [N, 1, S, S]`` in -1 to 1: blurred, and as they are."""

    blurred: Tensor
    real: Tensor


class SharpSamples(Samples[Sharp]):
    """Batches; the base class shares them out to processes and keeps them the same for a seed."""

    kind = Sharp

    def __init__(self, images: list[BoxedImage], recipe: SharpeningRecipe, share: Share) -> None:
        super().__init__(recipe, share, each_epoch=len(images), epochs=recipe.epochs)
        self.images, self.sigma = images, recipe.images.sigma

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> Sample:
        """Each radiograph once an epoch, half of them mirrored."""
        _, number = self.shuffled(place, len(self.images))
        pair = blurred(self.images[number], self.sigma)
        return (pair[0][:, ::-1], pair[1][:, ::-1]) if rng.random() < 0.5 else pair


def blurred(image: BoxedImage, sigma: float) -> Sample:
    """A radiograph blurred, and as it is."""
    real = np.asarray(image.image, np.float32) / 127.5 - 1
    return np.asarray(cv2.GaussianBlur(real, (0, 0), sigma), np.float32), real


class HeldOutSharp:
    """Radiographs of other patients."""

    def __init__(self, images: list[BoxedImage], recipe: SharpeningRecipe) -> None:
        self.samples = [blurred(image, recipe.images.sigma) for image in images]
        self.shown = self.samples[: recipe.run.sheet]

    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """PSNR in dB (range 255) of what is drawn, and of the blurred radiograph."""
        drawn = self._drawn(network, device, self.samples)
        everywhere = np.ones(drawn[0].shape, bool)
        before = [masked_psnr_db(blur, real, everywhere) for blur, real in self.samples]
        after = [masked_psnr_db(d, real, everywhere) for d, (_, real) in zip(drawn, self.samples, strict=True)]
        return {"val_psnr_db": float(np.mean(after)), "val_psnr_blurred_db": float(np.mean(before))}

    def sheet(self, network: nn.Module, device: torch.device) -> NDArray[np.uint8]:
        """Rows: blurred, drawn, real."""
        drawn = self._drawn(network, device, self.shown)
        return rows_of([[blur for blur, _ in self.shown], drawn, [real for _, real in self.shown]])

    def _drawn(self, network: nn.Module, device: torch.device, samples: list[Sample]) -> list[NDArray[np.float32]]:
        return answered(samples, lambda some: network(stacked(some)[0].to(device)))


class SharpeningTask(GanTask[SharpeningRecipe, Sharp, Sharp]):
    """Generator and one judge; the steps, snapshots, resuming and several processes come with GanTask."""

    role = Role.TRANSLATE

    def material(self) -> Material:
        """What is learned from, and what is held out."""
        side, images = self.recipe.generator.input_side, self.recipe.images
        train, val = (load_healthy(folder, side) for folder in (images.train, images.val))
        return Material(SharpSamples(train, self.recipe, self.share), HeldOutSharp(val, self.recipe))

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """One, which sees blurred and sharp radiograph."""
        return {"judge": (self.recipe.judge.build(channels=2), self.recipe.judge)}

    def draw(self, scene: Sharp) -> Tensor:
        """Sharp radiographs ``[N, 1, S, S]``."""
        drawn: Tensor = self.networks[GENERATOR](scene.blurred)
        return drawn

    def view(self, name: str, scene: Sharp, drawn: Tensor) -> View:  # noqa: ARG002
        """The blurred radiograph beside the real or the drawn one."""
        real, fake = (torch.cat([scene.blurred, image], dim=1) for image in (scene.real, drawn))
        return View(real, fake)

    def losses(self, scene: Sharp, drawn: Tensor) -> dict[str, Term]:
        """Mean absolute error, beside the judge's loss."""
        return {"l1": Term(self.recipe.l1, (drawn - scene.real).abs().mean())}

    def example(self) -> tuple[Tensor, ...]:
        """An image."""
        side = self.recipe.generator.input_side
        return (torch.zeros(1, 1, side, side),)


RECIPE, TASK = SharpeningRecipe, SharpeningTask
