"""The shape generator (Shen et al.): DCGAN with the losses of LSGAN (Mao et al. 2017)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from cxr_studio.arrays import Plane
from cxr_studio.masks.regions import regions
from cxr_studio.metrics.shape import ks_distances, measured
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.shape_generator import ShapeDiscriminator
from cxr_studio.nodules.ct_silhouettes import held_out_shapes
from cxr_studio.nodules.shapes import latents, one_shape, smooth
from trainers.gan import GanTask, Judge, Term, View
from trainers.recipe import Part, Positive, Run
from trainers.schedule import GENERATOR
from trainers.sheets import tiled
from trainers.silhouette_batches import Shapes, SilhouetteBatches, SilhouetteRecipe, load_nodules
from trainers.task import Material

NORM_BATCHES, NORM_BATCH = 10, 64
"""Latent vectors by which the batch norms of the shipped network are measured."""

COLUMNS = 8
"""Shapes in a row of the sample sheet."""


class ShapeJudge(Part):
    """The discriminator; see networks.shape_generator.

    Attributes:
        channels: After each convolution.
        rate: Learning rate (0.00001 in the paper).
        variety: Whether it sees the spread of its features within the batch.
    """

    channels: Annotated[tuple[int, ...], Field(min_length=1)]
    rate: Annotated[float, Field(gt=0)] = 1e-5
    variety: bool = False


class ShapeRun(Run):
    """How it runs.

    Attributes:
        draws: Shapes that are drawn and measured at each snapshot.
    """

    draws: Positive = 400


class ShapeRecipe(SilhouetteRecipe):
    """Everything that decides the training of a shape generator."""

    normal_start: bool = True
    discriminator: ShapeJudge
    run: ShapeRun = ShapeRun()


class ShapeTask(GanTask[ShapeRecipe, Shapes, Shapes]):
    """Generator and discriminator, each with the least-squares loss, one step each a batch."""

    role = Role.SHAPE
    section = "network"
    memory = torch.contiguous_format

    def material(self) -> Material:
        """Silhouettes from random sides, and those of held-out series."""
        recipe = self.recipe
        silhouettes = SilhouetteBatches(load_nodules(recipe.silhouettes.library), recipe, share=self.share)
        self.latent = silhouettes.latent
        return Material(silhouettes, HeldOutShapes(self.latent, recipe.run))

    def geometry(self, card: Card) -> Card:
        """It draws at random."""
        return replace(card, stochastic=True)

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """The paper's."""
        settings, side = self.recipe.discriminator, self.recipe.network.input_side
        network = ShapeDiscriminator(channels=settings.channels, side=side, variety=settings.variety)
        judge = Judge(loss="least-squares", optimiser=self.recipe.optimiser.at(settings.rate))
        return {"discriminator": (network, judge)}

    def draw(self, scene: Shapes) -> Tensor:
        """Fields ``[N, 1, S, S]`` of the batch's latent vectors."""
        fields: Tensor = self.networks[GENERATOR](scene.latent)
        return fields

    def view(self, name: str, scene: Shapes, drawn: Tensor) -> View:  # noqa: ARG002
        """Real and drawn fields."""
        return View(scene.real, drawn)

    def losses(self, scene: Shapes, drawn: Tensor) -> dict[str, Term]:  # noqa: ARG002
        """None beside the judge's."""
        return {}

    def shipped(self) -> nn.Module:
        """As in Task, with the batch norms' statistics measured again: averaged ones lag behind averaged weights."""
        network = super().shipped()
        vectors = latents(range(NORM_BATCHES * NORM_BATCH), self.latent)
        for layer in network.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.reset_running_stats()
                layer.momentum = None  # the mean over all batches
        network.train()
        with torch.no_grad():
            for part in torch.split(torch.from_numpy(vectors), NORM_BATCH):
                network(part.to(self.fabric.device))
        return network.eval()

    def example(self) -> tuple[Tensor, ...]:
        """One latent vector."""
        return (torch.zeros(1, self.latent),)


class HeldOutShapes:
    """Silhouettes of held-out series, against which draws are measured.

    Args:
        latent: Length of a latent vector.
        run: How many shapes are drawn and shown.
    """

    def __init__(self, latent: int, run: ShapeRun) -> None:
        self.latent = latent
        self.run = run
        self.real = held_out_shapes()
        self.figures = measured(self.real)

    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """Kolmogorov–Smirnov distances to held-out silhouettes, their mean, and the share of draws of one region."""
        fields = self._fields(network, device, self.run.draws)
        found = measured([one_shape(field) for field in fields])
        distances = ks_distances(found, self.figures)
        single = np.mean([len(regions(field > 0)) == 1 for field in fields])
        return {
            **{f"val_ks_{name}": value for name, value in distances.items()},
            "val_ks_mean": float(np.mean(list(distances.values()))),
            "val_one_region": float(single),
        }

    def sheet(self, network: nn.Module, device: torch.device) -> NDArray[np.uint8]:
        """Draw generated shapes above held-out silhouettes, in equal numbers."""
        count = self.run.sheet - self.run.sheet % COLUMNS or COLUMNS
        shown = [one_shape(field) for field in self._fields(network, device, count)]
        shown += list(self.real[:: max(1, len(self.real) // count)][:count])
        return sheet_of(shown)

    def _fields(self, network: nn.Module, device: torch.device, count: int) -> Plane:
        vectors = torch.from_numpy(latents(range(count), self.latent))
        with torch.inference_mode():
            parts = [network(part.to(device))[:, 0].cpu() for part in torch.split(vectors, 50)]
        return np.stack([smooth(field) for field in torch.cat(parts).float().numpy()])


def sheet_of(masks: list[NDArray[np.bool_]]) -> NDArray[np.uint8]:
    """Masks of one size side by side, white on black with a grey frame."""
    return tiled([np.pad(np.where(mask, 255, 0).astype(np.uint8), 2, constant_values=60) for mask in masks], COLUMNS)


RECIPE, TASK = ShapeRecipe, ShapeTask
