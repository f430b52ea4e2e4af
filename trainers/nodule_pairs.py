"""Training pairs of the texture generator: healthy patches, and the same with a simulated nodule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from torch import Tensor

from cxr_studio.nodules.simulation import Simulated, Simulator
from trainers.batches import ALONE, Batch, Sample, Samples, Share, stacked
from trainers.ranges import Range
from trainers.recipe import Fraction, Network, Part, Positive, Recipe, Run


class Pairs(Part):
    """Where pairs come from.

    Attributes:
        train: Folder of healthy training radiographs.
        val: Folder of held-out radiographs of other patients.
        nodules: Library of CT nodules (.npz); the series that ``ct_library.held_out`` names are only scored.
        views: Random sides from which each CT nodule is seen.
        diameters: Range of the silhouette's diameter, pixels; the logarithm is uniform.
        subtleties: Range of the contrast over the physical one; the logarithm is uniform.
        healthy: Share of the pairs without a nodule under the mask.
        patches_per_image: Patches that a radiograph gives an epoch.
        surroundings: What a network sees around the mask: "healthy" lung, as when a nodule is placed, or the "real"
            patch with the nodule's soft edge, as in the paper.
    """

    train: str
    val: str
    nodules: str
    views: Positive = 3
    diameters: Range = (8.0, 90.0)
    subtleties: Range = (1.0, 1.0)
    healthy: Fraction = 0.0
    patches_per_image: Positive = 8
    surroundings: Literal["healthy", "real"] = "real"


class PairRun(Run):
    """How it runs.

    Attributes:
        val_pairs: Held-out pairs scored at each snapshot.
    """

    val_pairs: Positive = 96


class NodulePairRecipe(Recipe):
    """What pairs are made by.

    Attributes:
        epochs: Passes over the radiographs.
    """

    epochs: Annotated[float, Field(gt=0)]
    pairs: Pairs
    generator: Network
    run: PairRun = PairRun()


@dataclass(frozen=True)
class NodulePair(Batch):
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


class NodulePairs(Samples[NodulePair]):
    """Batches of pairs.

    Args:
        simulator: Makes the pairs.
        recipe: Diameters, subtleties, batch size and seed.
        share: This process's of every batch.
    """

    kind = NodulePair

    def __init__(self, simulator: Simulator, recipe: NodulePairRecipe, *, share: Share = ALONE) -> None:
        each_epoch = len(simulator.images) * recipe.pairs.patches_per_image
        super().__init__(recipe, share, each_epoch=each_epoch, epochs=recipe.epochs)
        self.simulator = simulator
        self.recipe = recipe

    def sample(self, rng: np.random.Generator, place: tuple[int, int]) -> Sample:  # noqa: ARG002
        """A pair of random diameter and subtlety, with its own density."""
        pairs = self.recipe.pairs
        diameter = float(np.exp(rng.uniform(*np.log(pairs.diameters))))
        subtlety = 0.0 if rng.random() < pairs.healthy else float(np.exp(rng.uniform(*np.log(pairs.subtleties))))
        pair = self.simulator.pair(rng, diameter=diameter, subtlety=subtlety)
        return _sample(pair, pair.density)


def as_batch(pairs: list[Simulated], densities: list[float]) -> NodulePair:
    """Stack pairs, each with the contrast of a density."""
    return NodulePair(*stacked(_sample(pair, density) for pair, density in zip(pairs, densities, strict=True)))


def _sample(pair: Simulated, density: float) -> Sample:
    return pair.healthy, pair.real, pair.mask.astype(np.float32), pair.contrast(density)
