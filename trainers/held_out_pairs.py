"""Scores and sample sheets of a texture generator on fixed pairs of held-out patients and CT series."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cxr_studio.arrays import Plane
from cxr_studio.nodules.simulation import Simulated, Simulator
from trainers.held_out import answered, masked_psnr_db
from trainers.nodule_pairs import NodulePairRecipe, as_batch
from trainers.sheets import rows_of

SEED = 20_200_601
"""Seed of the held-out pairs, the same whatever the recipe's seed, so that runs compare."""


class HeldOutPairs:
    """Nodules of physical contrast at fixed random points inside the lung boxes.

    Args:
        simulator: Of held-out radiographs and CT series.
        recipe: Number of pairs, diameters, what is hidden and what is seen.
    """

    def __init__(self, simulator: Simulator, recipe: NodulePairRecipe) -> None:
        self.recipe = recipe
        low, high = np.log(recipe.pairs.diameters)
        self.pairs = []
        for k in range(recipe.run.val_pairs):
            rng = np.random.default_rng([SEED, k])
            diameter = float(np.exp(rng.uniform(low, high)))
            self.pairs.append(simulator.pair(rng, diameter=diameter, subtlety=1.0, image=k % len(simulator.images)))

    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """PSNR in dB (range 255) under the silhouette: of the drawn patch, with the true density given and with the
        usual one."""
        known = self._drawn(network, device, [pair.density for pair in self.pairs])
        usual = float(np.exp(np.mean([np.log(max(pair.density, 1e-3)) for pair in self.pairs])))
        unknown = self._drawn(network, device, [usual] * len(self.pairs))
        return {
            "val_masked_psnr_db": self._psnr(unknown),
            "val_masked_psnr_told_db": self._psnr(known),
            "val_pairs": float(len(self.pairs)),
        }

    def sheet(self, network: nn.Module, device: torch.device) -> NDArray[np.uint8]:
        """Columns of pairs; rows: healthy, simulated, network's with the true density."""
        count = min(self.recipe.run.sheet, len(self.pairs))
        chosen = self.pairs[:count]
        drawn = self._drawn(network, device, [pair.density for pair in chosen])
        return rows_of([[p.healthy for p in chosen], [p.real for p in chosen], drawn])

    def _psnr(self, drawn: list[Plane]) -> float:
        each = zip(drawn, self.pairs, strict=True)
        return float(np.mean([masked_psnr_db(patch, pair.real, pair.mask) for patch, pair in each]))

    def _drawn(self, network: nn.Module, device: torch.device, densities: list[float]) -> list[Plane]:
        def answer(some: list[tuple[Simulated, float]]) -> Tensor:
            batch = as_batch([pair for pair, _ in some], [density for _, density in some]).to(device)
            around = batch.real if self.recipe.pairs.surroundings == "real" else batch.healthy
            drawn: Tensor = network(around, batch.mask, batch.contrast)[1]
            return drawn

        return answered(list(zip(self.pairs, densities, strict=False)), answer)
