"""Training of the small network that draws a nodule: least absolute error under the silhouette."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from cxr_studio.networks.card import Card, Role
from cxr_studio.nodules.ct_library import bundled_library
from cxr_studio.nodules.simulation import Simulator, views
from trainers.cards import NIH_MM_PER_PIXEL, NIH_SIDE
from trainers.held_out_pairs import HeldOutPairs
from trainers.image_store import load_images
from trainers.nodule_pairs import NodulePair, NodulePairRecipe, NodulePairs
from trainers.task import Material, Task


class SoftNoduleTask(Task[NodulePairRecipe, NodulePair]):
    """One network, one loss."""

    role = Role.INSERT

    def material(self) -> Material:
        """CT nodules simulated in the training radiographs, and in those of held-out patients."""
        train, val = (self._simulator(folder) for folder in (self.recipe.pairs.train, self.recipe.pairs.val))
        return Material(NodulePairs(train, self.recipe, share=self.share), HeldOutPairs(val, self.recipe))

    def _simulator(self, folder: str) -> Simulator:
        seen = views(bundled_library(), each=1, seed=0)
        side = self.recipe.generator.input_side
        return Simulator(load_images(folder), seen, side=side, mm_per_pixel=NIH_MM_PER_PIXEL)

    def geometry(self, card: Card) -> Card:
        """How large its pixels are."""
        return replace(card, mm_per_pixel=NIH_MM_PER_PIXEL, reference_side=NIH_SIDE)

    def step(self, batch: NodulePair, step: int) -> dict[str, Tensor]:
        """Learn from one batch."""
        self.set_rates(step)
        _, drawn = self.networks["generator"](batch.healthy, batch.mask, batch.contrast)
        loss = ((drawn - batch.real).abs() * batch.mask).sum() / batch.mask.sum()
        self.learn("generator", loss)
        return {"l1": loss.detach()}

    def example(self) -> tuple[Tensor, ...]:
        """A patch, its silhouette and contrast."""
        side = self.recipe.generator.input_side
        mask = torch.zeros(1, 1, side, side)
        mask[..., side // 2, side // 2] = 1
        return torch.zeros(1, 1, side, side), mask, torch.zeros(1, 1, side, side)


RECIPE, TASK = NodulePairRecipe, SoftNoduleTask
