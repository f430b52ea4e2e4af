"""Scores and sample sheets of the inpainting network on fixed holes of held-out radiographs."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.inpainter import seeded_noise
from trainers.image_store import Image
from trainers.inpainter_batches import DrawnSteps, FieldRecipe
from trainers.inpainter_fields import FieldCutter, Fields, levels_of
from trainers.lowpass import high_pass
from trainers.sheets import rows_of

SEED = 20_180_701
"""Seed of the held-out fields, the same whatever the recipe's seed, so that runs compare."""

GRAIN_SIGMA = 1.5
BATCH = 16
SHOWN = 160
"""Side of the crops on a sheet."""


class HeldOutFields:
    """Square holes at fixed random places of radiographs that nothing was learned from.

    Args:
        images: Held-out radiographs, all of one size.
        recipe: The recipe.
        cutter: The training's own; its donors are training radiographs.
    """

    def __init__(self, images: list[Image], recipe: FieldRecipe, cutter: FieldCutter) -> None:
        self.cutter = cutter
        self.recipe = recipe
        self.levels = levels_of(images, [], [])

    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """PSNR in dB (range 255) of one draw, of the smooth fill, and between two draws; spread of the finest detail
        over the truth's."""
        fields = self._fields("smooth", self.recipe.run.val_holes, device)
        first, second = (self._fill(network, fields, seed) for seed in (1, 2))
        real, smooth = (centre(part, fields.inner) for part in (fields.real, fields.image))
        hole = centre(fields.hole, fields.inner)
        return {
            "val_psnr_db": _psnr(first, real, hole),
            "val_psnr_smooth_db": _psnr(smooth, real, hole),
            "val_psnr_between_db": _psnr(first, second, hole),
            "val_grain_ratio": float(_grain(first) / _grain(real)),
            "val_holes": float(len(real)),
        }

    def sheet(self, network: nn.Module, device: torch.device) -> NDArray[np.uint8]:
        """Columns of fields; rows: truth, smooth, two draws; then truth, donor, what was made of it; then a coarse
        picture and what was drawn of it."""
        count = self.recipe.run.sheet
        rows: list[Tensor] = []
        for mode, draws in (("smooth", 2), ("donor", 1), ("guided", 1)):
            fields = self._fields(mode, count, device)
            given = fields.hint if mode == "donor" else fields.image
            rows += [fields.real, given, *(fields.completed(self._fill(network, fields, k)) for k in range(draws))]
        return rows_of(centre(row, SHOWN)[:, 0].cpu().numpy() for row in rows)

    @torch.no_grad()
    def _fields(self, mode: str, count: int, device: torch.device) -> Fields:
        """Fields at full resolution; donors come from the training radiographs."""
        counts = tuple(len(stack) for stack in self.levels.stacks)
        update = {
            "seed": SEED,
            "run": self.recipe.run.model_copy(update={"batch": count}),
            "images": self.recipe.images.model_copy(update={"levels": (1.0, 0.0, 0.0), "gamma": (1.0, 1.0)}),
            "holes": self.recipe.holes.model_copy(
                update={"square_share": 1.0, "donors": float(mode == "donor"), "guided": float(mode == "guided")}
            ),
        }
        drawn = DrawnSteps(self.recipe.model_copy(update=update), counts=counts, shapes=len(self.cutter.maps))[0]
        return self.cutter.cut(drawn.to(device), levels=self.levels.to(device))

    @torch.no_grad()
    def _fill(self, network: nn.Module, fields: Fields, seed: int) -> Tensor:
        seen = fields.seen
        noise = seeded_noise(seen, seed)
        parts = [
            network(seen[at], fields.flags[at], noise[at], fields.inner).float()
            for at in (slice(k, k + BATCH) for k in range(0, len(seen), BATCH))
        ]
        return torch.cat(parts).clamp(-1, 1)


def _psnr(a: Tensor, b: Tensor, hole: Tensor) -> float:
    error = (((a - b) * 127.5).square() * hole).sum(dim=(1, 2, 3)) / hole.sum(dim=(1, 2, 3))
    return float((10 * torch.log10(255**2 / error.clamp_min(1e-3))).mean())


def _grain(square: Tensor) -> Tensor:
    return high_pass(square, GRAIN_SIGMA).flatten(1).std(dim=1).mean()
