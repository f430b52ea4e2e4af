"""Batches of silhouettes of CT nodules, from fresh sides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cxr_studio.errors import RecipeError
from cxr_studio.nodules.ct_library import CtNodule, bundled_library, held_out, read_library
from cxr_studio.nodules.ct_silhouettes import projected, signed_distance, silhouette
from cxr_studio.nodules.projection import random_rotation
from trainers.batches import Batches
from trainers.shape_recipe import ShapeRecipe

SIDES_KEPT = 4096
"""Projections kept in memory."""


@dataclass(frozen=True)
class Batch:
    """One step's shapes.

    Attributes:
        real: Fields of real silhouettes, ``float32 [N, 1, S, S]``, -1 outside to 1 inside.
        latent: Latent vectors for the generator, ``float32 [N, latent]``.
    """

    real: Tensor
    latent: Tensor

    def to(self, device: torch.device) -> Batch:
        """Move to a device."""
        return Batch(self.real.to(device), self.latent.to(device))


def load_nodules(library: str) -> tuple[CtNodule, ...]:
    """Nodules of a library whose series are not held out.

    Raises:
        ReadError: no library.
        RecipeError: it has none to learn from.
    """
    nodules = read_library(Path(library)) if library else bundled_library()
    learned = tuple(nodule for nodule in nodules if not held_out(nodule.series))
    if not learned:
        raise RecipeError("the library has no nodule to learn from", remedy="Set silhouettes.library")
    return learned


class SilhouetteBatches(Batches[Batch]):
    """Every nodule once an epoch in random order, each from a random side.

    Args:
        nodules: What to learn from.
        recipe: How often the side changes, edge, batch size and seed.
        rank: This process among ``world``, each of which takes an equal share of the batch.
        world: Number of processes.
    """

    def __init__(self, nodules: tuple[CtNodule, ...], recipe: ShapeRecipe, *, rank: int = 0, world: int = 1) -> None:
        self.nodules = nodules
        self.recipe = recipe
        self.latent = int(recipe.network.parameters.get("latent", 100))
        self.share = range(rank, recipe.run.batch, world)
        self.seen = lru_cache(maxsize=SIDES_KEPT)(self._seen)

    @property
    def steps_per_epoch(self) -> int:
        """Steps in one pass over the nodules."""
        return max(1, len(self.nodules) // self.recipe.run.batch)

    def __len__(self) -> int:
        """Steps of the whole training."""
        return self.recipe.epochs * self.steps_per_epoch

    def __getitem__(self, step: int) -> Batch:
        """Make the batch of one step."""
        epoch, place = divmod(step, self.steps_per_epoch)
        seed = self.recipe.seed
        order = np.random.default_rng([seed, epoch, 0x10]).permutation(len(self.nodules))
        first = place * self.recipe.run.batch
        real, latent = [], []
        for k in self.share:
            rng = np.random.default_rng([seed, step, k])
            real.append(self._real(int(order[(first + k) % len(order)]), epoch, rng))
            latent.append(rng.standard_normal(self.latent, np.float32))
        return Batch(torch.from_numpy(np.stack(real)[:, None]), torch.from_numpy(np.stack(latent)))

    def _real(self, number: int, epoch: int, rng: np.random.Generator) -> NDArray[np.float32]:
        seen = self.seen(number, epoch // self.recipe.silhouettes.epochs_per_side)
        mask = silhouette(seen, degrees=rng.uniform(0, 360), mirror=bool(rng.random() < 0.5))
        return field_of(mask, self.recipe.silhouettes.edge)

    def _seen(self, number: int, round_: int) -> NDArray[np.float32]:
        rng = np.random.default_rng([self.recipe.seed, number, round_, 0x51DE])
        return projected(self.nodules[number], random_rotation(rng))


def field_of(mask: NDArray[np.bool_], edge: float) -> NDArray[np.float32]:
    """A mask as the discriminator sees it, ``float32`` of its shape, -1 outside to 1 inside; see Silhouettes.edge."""
    if not edge:
        return np.where(mask, np.float32(1), np.float32(-1))
    return np.asarray(np.tanh(2 * signed_distance(mask) / edge), np.float32)
