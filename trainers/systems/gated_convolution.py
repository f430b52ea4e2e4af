"""Gated convolution (DeepFillv2, Yu et al. 2019), a comparator that is given the mask."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.compact_context_encoder import centre
from trainers.adversarial import mean
from trainers.discriminators import SpectralPatchDiscriminator
from trainers.gan import GanTask, Judge, Term, View, Weight
from trainers.hole_material import hole_geometry, hole_material
from trainers.patches import Holed, PatchRecipe
from trainers.recipe import Part, Positive
from trainers.schedule import GENERATOR
from trainers.task import Material

CHANNELS = 2
"""Image and hole, which the judge sees."""


class GatedLoss(Part):
    """Weights; all 1 in the paper but ``hole``.

    Attributes:
        l1: Mean absolute error of both stages.
        hole: Mean absolute error of the last stage in the hole alone.
        adversarial: Hinge.
    """

    l1: Weight = 1.0
    hole: Weight = 0.0
    adversarial: Weight = 1.0


class PaperJudge(Part):
    """SN-PatchGAN.

    Attributes:
        width: Channels of its first convolution.
        rate: Its learning rate.
    """

    width: Positive = 64
    rate: Annotated[float, Field(gt=0)] = 1e-4


class GatedRecipe(PatchRecipe):
    """Everything that decides the training."""

    loss: GatedLoss = GatedLoss()
    judge: PaperJudge = PaperJudge()


class GatedTask(GanTask[GatedRecipe, Holed, Holed]):
    """Both stages, and SN-PatchGAN."""

    role = Role.RESTORE

    def material(self) -> Material:
        """Patches of the training radiographs, and holes of held-out ones."""
        return hole_material(self.recipe, self.share)

    def geometry(self, card: Card) -> Card:
        """Hole and pixel size."""
        return hole_geometry(self.recipe, card)

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """The paper's."""
        recipe = self.recipe
        judge = Judge(loss="hinge", weight=recipe.loss.adversarial, optimiser=recipe.optimiser.at(recipe.judge.rate))
        return {"discriminator": (SpectralPatchDiscriminator(channels=CHANNELS, width=recipe.judge.width), judge)}

    def draw(self, scene: Holed) -> Tensor:
        """The central squares of both stages, ``[N, 2, h, h]``."""
        drawn: Tensor = self.networks[GENERATOR](scene.image, scene.hole, stages=True)
        return drawn.float()

    def view(self, name: str, scene: Holed, drawn: Tensor) -> View:  # noqa: ARG002
        """Image and hole, the last stage's answer in the hole."""
        beyond = (scene.real.shape[-1] - drawn.shape[-1]) // 2
        filled = torch.where(scene.hole > 0, F.pad(drawn[:, -1:], [beyond] * 4), scene.real)
        real, fake = (torch.cat([image, scene.hole], dim=1) for image in (scene.real, filled))
        return View(real, fake)

    def losses(self, scene: Holed, drawn: Tensor) -> dict[str, Term]:
        """Absolute errors of both stages."""
        weights, side = self.recipe.loss, drawn.shape[-1]
        errors = (drawn - centre(scene.real, side)).abs()
        terms = {"l1": Term(weights.l1, errors.mean(dim=(0, 2, 3)).sum())}
        if weights.hole:
            terms["hole"] = Term(weights.hole, mean(errors[:, -1:], centre(scene.hole, side)))
        return terms

    def example(self) -> tuple[Tensor, ...]:
        """A crop and its hole."""
        side = self.recipe.generator.input_side
        return torch.zeros(1, 1, side, side), torch.zeros(1, 1, side, side)


RECIPE, TASK = GatedRecipe, GatedTask
