"""Training pairs of the texture generator: healthy patches, and the same with a simulated nodule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from cxr_studio.nodules.simulation import Simulated, Simulator
from trainers.batches import Batches
from trainers.texture_recipe import TextureRecipe


@dataclass(frozen=True)
class Batch:
    """One step's patches, all ``float32 [N, 1, S, S]``.

    Attributes:
        healthy: The patch without the nodule, -1 to 1.
        real: With it.
        mask: Its silhouette, 1 inside.
        contrast: Grey that it is thought to add by its density, 0 outside the mask.
    """

    healthy: Tensor
    real: Tensor
    mask: Tensor
    contrast: Tensor

    def to(self, device: torch.device) -> Batch:
        """Move to a device."""
        return Batch(*(part.to(device) for part in (self.healthy, self.real, self.mask, self.contrast)))


class NodulePairs(Batches[Batch]):
    """Batches of pairs; item k is the batch of step k.

    Args:
        simulator: Makes the pairs.
        recipe: Diameters, subtleties, batch size and seed.
        rank: This process among ``world``, each of which takes an equal share of the batch.
        world: Number of processes.
    """

    def __init__(self, simulator: Simulator, recipe: TextureRecipe, *, rank: int = 0, world: int = 1) -> None:
        self.simulator = simulator
        self.recipe = recipe
        self.share = range(rank, recipe.run.batch, world)

    @property
    def steps_per_epoch(self) -> int:
        """Steps in which every radiograph gives patches_per_image patches on average."""
        return max(1, len(self.simulator.images) * self.recipe.pairs.patches_per_image // self.recipe.run.batch)

    def __len__(self) -> int:
        """Steps of the whole training."""
        return max(1, round(self.recipe.epochs * self.steps_per_epoch))

    def __getitem__(self, step: int) -> Batch:
        """Make the batch of one step."""
        samples = [self._sample(np.random.default_rng([self.recipe.seed, step, k])) for k in self.share]
        return as_batch(samples, [pair.density for pair in samples])

    def _sample(self, rng: np.random.Generator) -> Simulated:
        pairs = self.recipe.pairs
        diameter = float(np.exp(rng.uniform(*np.log(pairs.diameters))))
        subtlety = 0.0 if rng.random() < pairs.healthy else float(np.exp(rng.uniform(*np.log(pairs.subtleties))))
        return self.simulator.pair(rng, diameter=diameter, subtlety=subtlety)


def as_batch(pairs: list[Simulated], densities: list[float]) -> Batch:
    """Stack pairs, each with the contrast of a density."""
    contrasts = [pair.contrast(density) for pair, density in zip(pairs, densities, strict=True)]
    holes = [pair.mask.astype(np.float32) for pair in pairs]
    parts = ([pair.healthy for pair in pairs], [pair.real for pair in pairs], holes, contrasts)
    return Batch(*(torch.from_numpy(np.stack(part)[:, None]) for part in parts))
