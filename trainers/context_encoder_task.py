"""Training of the context encoder (Belli et al. 2018) and of its compact variant."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cxr_studio.networks.card import Role
from cxr_studio.networks.compact import centre
from cxr_studio.networks.context_encoder import Discriminator
from cxr_studio.networks.registry import build
from trainers.cards import NIH_MM_PER_PIXEL, NIH_SIDE, blank_card
from trainers.context_encoder_recipe import ContextEncoderRecipe
from trainers.held_out import HeldOut
from trainers.image_store import load_images
from trainers.losses import discriminator_loss, generator_adversarial, reconstruction
from trainers.patches import Batch, Patches
from trainers.schedule import Turn, turn
from trainers.task import Task


class ContextEncoderTask(Task[Batch]):
    """Generator and discriminator, trained in the recipe's stages.

    Args:
        recipe: The recipe.
        text: Its TOML text, for the card.
        rank: This process among ``world``.
        world: Number of processes.
    """

    def __init__(self, recipe: ContextEncoderRecipe, text: str, *, rank: int = 0, world: int = 1) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        images = load_images(recipe.images.train)
        patches = Patches(images[: len(images) - recipe.images.keep_back], recipe, rank=rank, world=world)
        self.held_out = HeldOut(load_images(recipe.images.val), recipe, patches.square)
        blank = replace(
            blank_card(recipe, text, recipe.generator, role=Role.RESTORE),
            hole_side=recipe.generator.hole_side,
            base=recipe.generator.base,
            mm_per_pixel=NIH_MM_PER_PIXEL / recipe.images.usual_zoom,
            reference_side=round(NIH_SIDE * recipe.images.usual_zoom),
        )
        networks: dict[str, nn.Module] = {
            "generator": build(blank),
            "discriminator": Discriminator(width=recipe.discriminator_width),
        }
        super().__init__(recipe, blank, patches, networks=networks)

    def stage(self, step: int) -> int:
        """Index of the recipe's stage."""
        return self._turn(step).stage

    def _turn(self, step: int) -> Turn:
        return turn(step, self.recipe.stages, self.steps_per_epoch)

    def step(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Learn from one batch."""
        now = self._turn(step)
        self.set_rates(step)
        side = self.recipe.generator.hole_side
        real, hole = centre(batch.real, side), centre(batch.hole, side)
        fill: Tensor = self.networks["generator"](batch.image, batch.hole)
        figures: dict[str, Tensor] = {}
        if "discriminator" in now.learns:
            figures |= self._discriminate(real, _pasted(fill, real, hole).detach())
        if "generator" in now.learns:
            figures |= self._generate(fill, real, hole, now=now)
        return figures

    def _discriminate(self, real: Tensor, fake: Tensor) -> dict[str, Tensor]:
        discriminator = self.networks["discriminator"]
        loss, parts = discriminator_loss(discriminator(real), discriminator(fake))
        self.learn("discriminator", loss)
        return parts

    def _generate(self, fill: Tensor, real: Tensor, hole: Tensor, *, now: Turn) -> dict[str, Tensor]:
        weights = self.recipe.loss
        error = reconstruction(fill, real, hole, loss=weights)
        loss = weights.reconstruction * error
        parts = {"reconstruction": error.detach()}
        if now.adversarial and weights.adversarial:
            discriminator = self.networks["discriminator"]
            discriminator.requires_grad_(False)
            term = generator_adversarial(discriminator(_pasted(fill, real, hole)))
            discriminator.requires_grad_(True)
            loss = loss + weights.adversarial * term
            parts["adversarial"] = term.detach()
        self.learn("generator", loss)
        return parts

    def scores(self) -> dict[str, float]:
        """Score the shipped network on held-out square holes."""
        return self.held_out.scores(self.shipped(), self.fabric.device)

    def sheet(self) -> NDArray[np.uint8]:
        """Draw held-out holes: original, base fill, network's fill."""
        return self.held_out.sheet(self.shipped(), self.fabric.device)

    def example(self) -> tuple[Tensor, ...]:
        """A crop and its hole."""
        side = self.recipe.generator.input_side
        return torch.zeros(1, 1, side, side), torch.zeros(1, 1, side, side)


def _pasted(fill: Tensor, real: Tensor, hole: Tensor) -> Tensor:
    return fill * hole + real * (1.0 - hole)
