"""Training of the shape generator (Shen et al.): DCGAN with the losses of LSGAN (Mao et al. 2017)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cxr_studio.masks.regions import regions
from cxr_studio.metrics.shape import ks_distances, measured
from cxr_studio.networks.card import Role
from cxr_studio.networks.registry import build
from cxr_studio.networks.shape_generator import ShapeDiscriminator
from cxr_studio.nodules.ct_silhouettes import held_out_shapes
from cxr_studio.nodules.shapes import latents, one_shape, smooth
from trainers.cards import blank_card
from trainers.gan import GanTask, Judge, Term, View
from trainers.schedule import GENERATOR
from trainers.shape_recipe import ShapeRecipe
from trainers.silhouette_batches import Batch, SilhouetteBatches, load_nodules

NORM_BATCHES, NORM_BATCH = 10, 64
"""Latent vectors by which the batch norms of the shipped network are measured."""

COLUMNS = 8
"""Shapes in a row of the sample sheet."""


class ShapeTask(GanTask[Batch, Batch]):
    """Generator and discriminator, each with the least-squares loss, one step each a batch.

    Args:
        recipe: The recipe.
        text: Its TOML text, for the card.
        rank: This process among ``world``.
        world: Number of processes.
    """

    def __init__(self, recipe: ShapeRecipe, text: str, *, rank: int = 0, world: int = 1) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.silhouettes = SilhouetteBatches(load_nodules(recipe.silhouettes.library), recipe, rank=rank, world=world)
        self.real = held_out_shapes()
        self.figures = measured(self.real)
        blank = replace(blank_card(recipe, text, recipe.network, role=Role.SHAPE), stochastic=True)
        settings, side = recipe.discriminator, recipe.network.input_side
        generator = build(blank)
        discriminator = ShapeDiscriminator(channels=settings.channels, side=side, variety=settings.variety)
        for network in (generator, discriminator):
            network.apply(_start)
        judge = Judge(loss="least-squares", optimiser=recipe.optimiser.model_copy(update={"rate": settings.rate}))
        judges: dict[str, tuple[nn.Module, Judge]] = {"discriminator": (discriminator, judge)}
        super().__init__(recipe, blank, self.silhouettes, generator=generator, judges=judges)

    def prepare(self, batch: Batch) -> Batch:
        """The batch itself."""
        return batch

    def draw(self, scene: Batch) -> Tensor:
        """Fields ``[N, 1, S, S]`` of the batch's latent vectors."""
        fields: Tensor = self.networks[GENERATOR](scene.latent)
        return fields

    def view(self, name: str, scene: Batch, drawn: Tensor) -> View:  # noqa: ARG002
        """Real and drawn fields."""
        return View(scene.real, drawn)

    def losses(self, scene: Batch, drawn: Tensor) -> dict[str, Term]:  # noqa: ARG002
        """None beside the judge's."""
        return {}

    def shipped(self) -> nn.Module:
        """As in Task, with the batch norms' statistics measured anew: averaged ones lag behind averaged weights."""
        network = super().shipped()
        vectors = latents(range(NORM_BATCHES * NORM_BATCH), self.silhouettes.latent)
        for layer in network.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.reset_running_stats()
                layer.momentum = None  # the mean over all batches
        network.train()
        with torch.no_grad():
            for part in torch.split(torch.from_numpy(vectors), NORM_BATCH):
                network(part.to(self.fabric.device))
        return network.eval()

    def scores(self) -> dict[str, float]:
        """Kolmogorov–Smirnov distances to held-out silhouettes, their mean, and the share of draws of one region."""
        fields = self._fields(self.recipe.run.draws)
        found = measured([one_shape(field) for field in fields])
        distances = ks_distances(found, self.figures)
        single = np.mean([len(regions(field > 0)) == 1 for field in fields])
        return {
            **{f"val_ks_{name}": value for name, value in distances.items()},
            "val_ks_mean": float(np.mean(list(distances.values()))),
            "val_one_region": float(single),
        }

    def sheet(self) -> NDArray[np.uint8]:
        """Draw generated shapes above held-out silhouettes, in equal numbers."""
        count = self.recipe.run.sheet - self.recipe.run.sheet % COLUMNS or COLUMNS
        shown = [one_shape(field) for field in self._fields(count)]
        shown += list(self.real[:: max(1, len(self.real) // count)][:count])
        return sheet_of(shown)

    def example(self) -> tuple[Tensor, ...]:
        """One latent vector."""
        return (torch.zeros(1, self.silhouettes.latent),)

    def _fields(self, count: int) -> NDArray[np.float32]:
        network, vectors = self.shipped(), torch.from_numpy(latents(range(count), self.silhouettes.latent))
        with torch.inference_mode():
            parts = [network(part.to(self.fabric.device))[:, 0].cpu() for part in torch.split(vectors, 50)]
        return np.stack([smooth(field) for field in torch.cat(parts).float().numpy()])


def sheet_of(masks: list[NDArray[np.bool_]]) -> NDArray[np.uint8]:
    """Masks of one size side by side, white on black with a grey frame."""
    tiles = [np.pad(np.where(mask, 255, 0).astype(np.uint8), 2, constant_values=60) for mask in masks]
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % COLUMNS)
    return np.vstack([np.hstack(tiles[k : k + COLUMNS]) for k in range(0, len(tiles), COLUMNS)])


def _start(layer: nn.Module) -> None:
    """Weights from N(0, 0.02²), as in DCGAN."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)
