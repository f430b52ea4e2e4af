"""Scores and sample sheets of a generator of surroundings on boxes of held-out patients."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cxr_studio.arrays import Plane
from cxr_studio.metrics.frechet import Moments, frechet_distance
from cxr_studio.metrics.grain import grain_ratio
from cxr_studio.resources import resource
from trainers.batches import Sample, stacked
from trainers.boxed_images import Augmentation, BoxedImage, changed, random_extent
from trainers.held_out import GREYS, answered
from trainers.perceptual import load_features, mean_features
from trainers.sheets import rows_of
from trainers.surround_batches import Surround, SurroundRecipe

SEED = 20_200_611
"""Seed of the held-out boxes and of the noise, the same whatever the recipe's seed, so that runs compare."""

DRAWS = 2
SHEET_DRAWS = 3
UNCHANGED = Augmentation(turn=0, zoom=(1, 1), flip=False)


class HeldOutBoxes:
    """Fixed boxes of held-out radiographs, unchanged: boxed ones, and healthy ones with random boxes after them.

    Args:
        boxed: Held-out radiographs with boxes.
        healthy: Held-out ones without.
        recipe: How many, and the share of healthy ones.
    """

    def __init__(self, boxed: list[BoxedImage], healthy: list[BoxedImage], recipe: SurroundRecipe) -> None:
        rng = np.random.default_rng(SEED)
        extents = [one.extent for one in boxed if one.extent is not None]
        count = round(recipe.run.val_images * recipe.healthy.share) if healthy else 0
        chosen = [boxed[k] for k in rng.permutation(len(boxed))[: recipe.run.val_images - count]]
        chosen += [healthy[k] for k in rng.permutation(len(healthy))[:count]]
        self.samples: list[Sample] = []
        for one in chosen:
            extent = one.extent or random_extent(rng, extents, len(one.image))
            self.samples.append(changed(rng, one.image, extent, UNCHANGED))
        self.sheet_count = recipe.run.sheet
        self.features = load_features(str(resource("checkpoints", "context-encoder.safetensors")))

    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """Outside the boxes: PSNR in dB (range 255) to the true radiograph; grain as a ratio to its; mean difference of
        two draws in greys of 255; and the Fréchet distance of both sets in features of the context encoder."""
        first, second = (self._drawn(network, device, self.samples, seed) for seed in range(DRAWS))
        real, outside = [sample[0] for sample in self.samples], [sample[1] == 0 for sample in self.samples]
        errors = [np.mean((a - b)[m] ** 2) for a, b, m in zip(first, real, outside, strict=True)]
        apart = [np.abs(a - b)[m].mean() for a, b, m in zip(first, second, outside, strict=True)]
        grain = [grain_ratio(a, b, m) for a, b, m in zip(first, real, outside, strict=True)]
        drawn, true = (Moments.of(mean_features(self.features, planes)) for planes in (first, real))
        return {
            "val_psnr_db": float(np.mean(-10 * np.log10(np.array(errors) / 4))),
            "val_grain_ratio": float(np.mean(grain)),
            "val_variety_greys": float(GREYS * np.mean(apart)),
            "val_frechet": frechet_distance(drawn, true),
            "val_boxes": float(len(real)),
        }

    def sheet(self, network: nn.Module, device: torch.device) -> NDArray[np.uint8]:
        """Columns of boxes; rows: true radiograph, what the network sees, three draws."""
        half = (self.sheet_count + 1) // 2
        chosen = [*self.samples[:half], *self.samples[::-1][: self.sheet_count - half]]
        rows = [[real for real, _ in chosen], [np.where(box > 0, real, -1) for real, box in chosen]]
        rows += [self._drawn(network, device, chosen, seed) for seed in range(SHEET_DRAWS)]
        return rows_of(rows)

    def _drawn(self, network: nn.Module, device: torch.device, samples: list[Sample], seed: int) -> list[Plane]:
        rng = torch.Generator().manual_seed(SEED + seed)

        def answer(some: list[Sample]) -> Tensor:
            batch = Surround(*stacked(some)).to(device)
            return batch.pasted(network(batch.seen, batch.box, rng).float().clamp(-1, 1))

        return answered(samples, answer)
