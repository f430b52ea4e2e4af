"""Scores and sample sheets of a network that repairs a blank region, on held-out patients and regions of their own."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cxr_studio.arrays import Plane
from cxr_studio.masks.region_bank import TEST_SEED, draw_regions, random_square
from cxr_studio.metrics.fidelity import mse, psnr, ssim, uqi
from cxr_studio.networks.harmonic import harmonic_fill
from trainers.batches import Sample, stacked
from trainers.boxed_images import BoxedImage
from trainers.held_out import GREYS, answered, masked_psnr_db
from trainers.region_batches import Regioned, RegionRecipe
from trainers.sheets import rows_of

RANGE = 255.0


class HeldOutRegions:
    """Each held-out radiograph with one region of the test bank, or a square at a fixed place.

    Args:
        images: Held-out radiographs.
        recipe: Regions, and how many radiographs.
    """

    def __init__(self, images: list[BoxedImage], recipe: RegionRecipe) -> None:
        regions, side = recipe.regions, recipe.generator.input_side
        chosen = images[: recipe.run.val_images]
        if regions.kind == "squares":
            masks = [
                random_square(np.random.default_rng([TEST_SEED, k]), regions.side, side) for k in range(len(chosen))
            ]
        else:
            masks = draw_regions(regions.test_bank, seed=TEST_SEED, side=side, areas=regions.test_areas)
        self.samples: list[Sample] = [
            (np.asarray(one.image.astype(np.float32) / GREYS - 1), masks[k % len(masks)].astype(np.float32))
            for k, one in enumerate(chosen)
        ]
        batch = self._batch(self.samples)
        self.harmonic: list[Plane] = list(harmonic_fill(batch.real, batch.hole)[:, 0].numpy())
        self.sheet_count = recipe.run.sheet

    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """SSIM, PSNR in dB, MSE in squared greys and UQI of the whole answer, nothing pasted, on grey 0 to 255 as in
        the paper; PSNR in dB under the region, and that of a harmonic fill, which has to be given the region."""
        drawn = self._drawn(network, device, self.samples)
        real, masks = [sample[0] for sample in self.samples], [sample[1] > 0 for sample in self.samples]
        pairs = [((a + 1) * GREYS, (b + 1) * GREYS) for a, b in zip(drawn, real, strict=True)]
        under, harmonic = (
            [masked_psnr_db(a, b, m) for a, b, m in zip(planes, real, masks, strict=True)]
            for planes in (drawn, self.harmonic)
        )
        figures = {
            "val_ssim": [ssim(a, b, value_range=RANGE) for a, b in pairs],
            "val_psnr_db": [psnr(a, b, value_range=RANGE) for a, b in pairs],
            "val_mse": [mse(a, b) for a, b in pairs],
            "val_uqi": [uqi(a, b) for a, b in pairs],
            "val_masked_psnr_db": under,
            "val_masked_harmonic_psnr_db": harmonic,
        }
        return {name: float(np.mean(values)) for name, values in figures.items()} | {"val_images": float(len(real))}

    def sheet(self, network: nn.Module, device: torch.device) -> NDArray[np.uint8]:
        """Columns of radiographs; rows: true, with the region blank, harmonic fill, network's answer."""
        chosen = self.samples[: self.sheet_count]
        seen = [np.where(mask > 0, -1, real) for real, mask in chosen]
        drawn = self._drawn(network, device, chosen)
        return rows_of([[real for real, _ in chosen], seen, self.harmonic[: len(chosen)], drawn])

    def _drawn(self, network: nn.Module, device: torch.device, samples: list[Sample]) -> list[Plane]:
        rng = torch.Generator().manual_seed(TEST_SEED)

        def answer(some: list[Sample]) -> Tensor:
            drawn: Tensor = network(self._batch(some).to(device).seen, None, rng)
            return drawn

        return answered(samples, answer)

    def _batch(self, samples: list[Sample]) -> Regioned:
        return Regioned(*stacked(samples))
