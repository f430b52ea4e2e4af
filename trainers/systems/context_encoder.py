"""The context encoder (Belli et al. 2018) and its compact variant."""

from __future__ import annotations

from dataclasses import replace

import torch
from pydantic import model_validator
from torch import Tensor, nn

from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.context_encoder import Discriminator
from trainers.cards import NIH_MM_PER_PIXEL, NIH_SIDE
from trainers.gan import GanTask, Judge, Term, View
from trainers.held_out_holes import HeldOutHoles
from trainers.image_store import load_images
from trainers.losses import Loss, reconstruction
from trainers.patches import Holed, Patches, PatchRecipe
from trainers.recipe import Positive
from trainers.schedule import GENERATOR, Turn, turn
from trainers.task import Material

JUDGED_SIDE = 64
"""Least side in pixels of the square that the discriminator judges: its convolutions leave nothing of a smaller one."""


class ContextEncoderRecipe(PatchRecipe):
    """Everything that decides the training of a context encoder.

    Attributes:
        discriminator_width: Channels of the discriminator's first convolution.
    """

    discriminator_width: Positive = 64
    loss: Loss = Loss()

    @model_validator(mode="after")
    def _large_enough_to_judge(self) -> ContextEncoderRecipe:
        judged = any("discriminator" in s.train or (s.adversarial and self.loss.adversarial) for s in self.stages)
        if judged and self.generator.hole_side < JUDGED_SIDE:
            raise ValueError(f"the discriminator needs a generator.hole_side of at least {JUDGED_SIDE}")
        return self


class ContextEncoderTask(GanTask[ContextEncoderRecipe, Holed, Holed]):
    """Generator and discriminator, trained in the recipe's stages."""

    role = Role.RESTORE
    memory = torch.contiguous_format

    def material(self) -> Material:
        """Patches of the training radiographs, and holes of held-out ones."""
        recipe = self.recipe
        images = load_images(recipe.images.train)
        patches = Patches(images[: len(images) - recipe.images.keep_back], recipe, share=self.share)
        return Material(patches, HeldOutHoles(load_images(recipe.images.val), recipe, patches.square))

    def geometry(self, card: Card) -> Card:
        """Hole, base fill and pixel size; whole radiographs have none of their own."""
        generator, images = self.recipe.generator, self.recipe.images
        card = replace(card, hole_side=generator.hole_side, base=generator.base)
        if images.mode == "whole":
            return replace(card, mm_per_pixel=0.0, reference_side=0)
        zoom = images.usual_zoom
        return replace(card, mm_per_pixel=NIH_MM_PER_PIXEL / zoom, reference_side=round(NIH_SIDE * zoom))

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """The paper's."""
        judge = Judge(loss="non-saturating", weight=self.recipe.loss.adversarial)
        return {"discriminator": (Discriminator(width=self.recipe.discriminator_width), judge)}

    def turn(self, step: int) -> Turn:
        """As the recipe's stages say."""
        return turn(step, self.recipe.stages, self.steps_per_epoch)

    def draw(self, scene: Holed) -> Tensor:
        """Fill the central squares, ``[N, 1, h, h]``."""
        fill: Tensor = self.networks[GENERATOR](scene.image, scene.hole)
        return fill

    def view(self, name: str, scene: Holed, drawn: Tensor) -> View:  # noqa: ARG002
        """The central squares, drawn inside the hole only."""
        real, hole = self._squares(scene)
        return View(real, drawn * hole + real * (1.0 - hole))

    def losses(self, scene: Holed, drawn: Tensor) -> dict[str, Term]:
        """The reconstruction."""
        weights = self.recipe.loss
        error = reconstruction(drawn, *self._squares(scene), loss=weights)
        return {"reconstruction": Term(weights.reconstruction, error)}

    def monitors(self, name: str, real: Tensor, fake: Tensor, loss: Tensor) -> dict[str, Tensor]:  # noqa: ARG002
        """The paper's: V(G, D), which is −log 4 where the discriminator is undecided, and its mean probabilities."""
        return {"value": -loss, "d_real": real.sigmoid().mean(), "d_fake": fake.sigmoid().mean()}

    def _squares(self, scene: Holed) -> tuple[Tensor, Tensor]:
        side = self.recipe.generator.hole_side
        return centre(scene.real, side), centre(scene.hole, side)

    def example(self) -> tuple[Tensor, ...]:
        """A crop and its hole."""
        side = self.recipe.generator.input_side
        return torch.zeros(1, 1, side, side), torch.zeros(1, 1, side, side)


RECIPE, TASK = ContextEncoderRecipe, ContextEncoderTask
