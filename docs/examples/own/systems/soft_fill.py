"""Training of the small network that fills a hole: least absolute error."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from cxr_studio.networks.card import Card, Role
from trainers.cards import NIH_MM_PER_PIXEL, NIH_SIDE
from trainers.held_out_holes import HeldOutHoles
from trainers.image_store import load_images
from trainers.patches import Holed, Patches, PatchRecipe
from trainers.task import Material, Task


class SoftFillTask(Task[PatchRecipe, Holed]):
    """One network, one loss. With discriminators it would be a ``GanTask``; see ``context_encoder``."""

    role = Role.RESTORE

    def material(self) -> Material:
        """Patches with holes of the training radiographs, and fixed ones of held-out patients."""
        recipe = self.recipe
        patches = Patches(load_images(recipe.images.train), recipe, share=self.share)
        return Material(patches, HeldOutHoles(load_images(recipe.images.val), recipe, patches.square))

    def geometry(self, card: Card) -> Card:
        """How large its pixels and its hole are."""
        hole, base = self.recipe.generator.hole_side, self.recipe.generator.base
        return replace(card, hole_side=hole, base=base, mm_per_pixel=NIH_MM_PER_PIXEL, reference_side=NIH_SIDE)

    def step(self, batch: Holed, step: int) -> dict[str, Tensor]:
        """Learn from one batch."""
        self.set_rates(step)
        margin = (batch.real.shape[-1] - self.recipe.generator.hole_side) // 2
        inside = slice(margin, batch.real.shape[-1] - margin)
        real, hole = batch.real[..., inside, inside], batch.hole[..., inside, inside]
        drawn = self.networks["generator"](batch.image, batch.hole)
        loss = ((drawn - real).abs() * hole).sum() / hole.sum()
        self.learn("generator", loss)
        return {"l1": loss.detach()}

    def example(self) -> tuple[Tensor, ...]:
        """A crop and its hole."""
        side = self.recipe.generator.input_side
        return torch.zeros(1, 1, side, side), torch.zeros(1, 1, side, side)


RECIPE, TASK = PatchRecipe, SoftFillTask
