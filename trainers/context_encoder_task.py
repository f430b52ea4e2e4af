"""Training of the context encoder (Belli et al. 2018) and of its compact variant."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cxr_studio.networks.card import Role
from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.context_encoder import Discriminator
from cxr_studio.networks.registry import build
from trainers.cards import NIH_MM_PER_PIXEL, NIH_SIDE, blank_card
from trainers.context_encoder_recipe import ContextEncoderRecipe
from trainers.gan import GanTask, Judge, Term, View
from trainers.held_out import HeldOut
from trainers.image_store import load_images
from trainers.losses import reconstruction
from trainers.patches import Batch, Patches
from trainers.schedule import GENERATOR, Turn, turn


class ContextEncoderTask(GanTask[Batch, Batch]):
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
        generator, discriminator = build(blank), Discriminator(width=recipe.discriminator_width)
        judge = Judge(loss="non-saturating", weight=recipe.loss.adversarial)
        super().__init__(recipe, blank, patches, generator=generator, judges={"discriminator": (discriminator, judge)})

    def turn(self, step: int) -> Turn:
        """As the recipe's stages say."""
        return turn(step, self.recipe.stages, self.steps_per_epoch)

    def prepare(self, batch: Batch) -> Batch:
        """The batch itself."""
        return batch

    def draw(self, scene: Batch) -> Tensor:
        """Fill the central squares, ``[N, 1, h, h]``."""
        fill: Tensor = self.networks[GENERATOR](scene.image, scene.hole)
        return fill

    def view(self, name: str, scene: Batch, drawn: Tensor) -> View:  # noqa: ARG002
        """The central squares, drawn inside the hole only."""
        real, hole = self._squares(scene)
        return View(real, drawn * hole + real * (1.0 - hole))

    def losses(self, scene: Batch, drawn: Tensor) -> dict[str, Term]:
        """The reconstruction."""
        weights = self.recipe.loss
        error = reconstruction(drawn, *self._squares(scene), loss=weights)
        return {"reconstruction": Term(weights.reconstruction, error)}

    def monitors(self, name: str, real: Tensor, fake: Tensor, loss: Tensor) -> dict[str, Tensor]:  # noqa: ARG002
        """The paper's: V(G, D), which is −log 4 where the discriminator is undecided, and its mean probabilities."""
        return {"value": -loss, "d_real": real.sigmoid().mean(), "d_fake": fake.sigmoid().mean()}

    def _squares(self, scene: Batch) -> tuple[Tensor, Tensor]:
        side = self.recipe.generator.hole_side
        return centre(scene.real, side), centre(scene.hole, side)

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
