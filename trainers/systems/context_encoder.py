"""The context encoder (Belli et al. 2018) and its compact variant."""

from __future__ import annotations

import torch
from pydantic import model_validator
from torch import Tensor, nn

from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.context_encoder import Discriminator
from trainers.gan import GanTask, Judge, Term, View
from trainers.hole_material import hole_geometry, hole_material
from trainers.losses import Loss, reconstruction
from trainers.patches import Holed, PatchRecipe
from trainers.recipe import Positive
from trainers.schedule import GENERATOR
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
        return hole_material(self.recipe, self.share)

    def geometry(self, card: Card) -> Card:
        """Hole, base fill and pixel size; whole radiographs have none of their own."""
        return hole_geometry(self.recipe, card)

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """The paper's."""
        judge = Judge(loss="non-saturating", weight=self.recipe.loss.adversarial)
        return {"discriminator": (Discriminator(width=self.recipe.discriminator_width), judge)}

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
