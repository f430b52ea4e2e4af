"""Training of the small network that draws around a box: least absolute error outside it."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from cxr_studio.networks.card import Card, Role
from trainers.boxed_images import load_boxed
from trainers.held_out_boxes import HeldOutBoxes
from trainers.surround_batches import Surround, SurroundBatches, SurroundRecipe
from trainers.task import Material, Task


class SoftSurroundTask(Task[SurroundRecipe, Surround]):
    """One network, one loss. ``pix2pix`` shows it with discriminators."""

    role = Role.SURROUND

    def material(self) -> Material:
        """Boxed radiographs, and those of held-out patients."""
        train, val = load_boxed(self.recipe.boxed, self.recipe.generator.input_side)
        return Material(SurroundBatches(train, [], self.recipe, share=self.share), HeldOutBoxes(val, [], self.recipe))

    def geometry(self, card: Card) -> Card:
        """Another seed draws other surroundings."""
        return replace(card, stochastic=True)

    def step(self, batch: Surround, step: int) -> dict[str, Tensor]:
        """Learn from one batch; the box's own pixels come back, so they cost nothing."""
        self.set_rates(step)
        drawn = batch.pasted(self.networks["generator"](batch.seen, batch.box))
        loss = (drawn - batch.real).abs().mean()
        self.learn("generator", loss)
        return {"l1": loss.detach()}

    def example(self) -> tuple[Tensor, ...]:
        """A source and its box."""
        side = self.recipe.generator.input_side
        return -torch.ones(1, 1, side, side), torch.zeros(1, 1, side, side)


RECIPE, TASK = SurroundRecipe, SoftSurroundTask
