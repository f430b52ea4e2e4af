"""Scores and sample sheets on fixed holes of held-out radiographs."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cxr_studio.masks.lung_boxes import random_lung_point
from trainers.held_out import answered, masked_psnr_db
from trainers.hole_shapes import HoleShape
from trainers.image_store import Image
from trainers.patches import Patch, PatchRecipe, cut_patch, whole_patch
from trainers.sheets import rows_of

SEED = 20_180_701
"""Seed of the held-out holes, the same whatever the recipe's seed, so that runs compare."""


class HeldOutHoles:
    """Square holes at fixed random points inside the lung boxes, or in the middle of whole radiographs.

    Args:
        images: Held-out radiographs ``uint8 [H, W]``.
        recipe: Patch and hole size, base fill, number of holes.
        square: The central square hole.
    """

    def __init__(self, images: list[Image], recipe: PatchRecipe, square: HoleShape) -> None:
        self.real = _patches(images, recipe)
        self.smooth = np.stack([square.fill(patch) for patch in self.real])
        blanked = np.where(square.mask, np.float32(0), self.real)
        self.image = self.smooth if recipe.generator.base == "biharmonic" else blanked
        self.hole = square.mask
        self.sheet_count = min(recipe.run.sheet, len(self.real))

    def scores(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """PSNR in dB (range 255) over the held-out holes, of the network's plain fill and of the
        biharmonic fill."""
        fills = self._fill(network, device, len(self.real))
        return {
            "val_psnr_db": float(np.mean(self._psnr(fills))),
            "val_psnr_biharmonic_db": float(np.mean(self._psnr(self.smooth))),
            "val_holes": float(len(self.real)),
        }

    def sheet(self, network: nn.Module, device: torch.device) -> NDArray[np.uint8]:
        """Columns of holes; rows: original, biharmonic, network's fill."""
        fills = self._fill(network, device, self.sheet_count)
        return rows_of(part[: self.sheet_count] for part in (self.real, self.smooth, fills))

    def _psnr(self, filled: Patch) -> list[float]:
        return [masked_psnr_db(fill, real, self.hole) for fill, real in zip(filled, self.real, strict=True)]

    def _fill(self, network: nn.Module, device: torch.device, count: int) -> Patch:
        hole = torch.from_numpy(self.hole.astype(np.float32)).to(device)

        def answer(images: list[Patch]) -> Tensor:
            seen = torch.from_numpy(np.stack(images)[:, None]).to(device)
            fill: Tensor = network(seen, hole.expand(len(seen), 1, -1, -1))
            return fill

        filled = self.real[:count].copy()
        fills = answered(list(self.image[:count]), answer)
        filled[:, self.hole] = np.stack(fills).reshape(count, -1)
        return filled


def _patches(images: list[Image], recipe: PatchRecipe) -> Patch:
    """As the recipe's mode cuts them; a whole radiograph gives one."""
    count, side = recipe.run.val_holes, recipe.generator.input_side
    if recipe.images.mode == "whole":
        return np.stack([whole_patch(image, side) for image in images[:count]])
    rng = np.random.default_rng(SEED)
    picked = [images[k % len(images)] for k in range(count)]
    centres = [random_lung_point(rng, image.shape[:2], margin=side // 2) for image in picked]
    each = zip(picked, centres, strict=True)
    return np.stack([cut_patch(image, c, side=side, zoom=recipe.images.usual_zoom) for image, c in each])
