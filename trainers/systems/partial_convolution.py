"""Partial convolution (Liu et al. 2018), a comparator that is given the mask; no judge."""

from __future__ import annotations

import torch
from torch import Tensor

from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.dilation import dilated
from trainers.gan import Weight
from trainers.hole_material import hole_geometry, hole_material
from trainers.patches import Holed, PatchRecipe
from trainers.perceptual import FeatureLoss, compared, load_features
from trainers.schedule import GENERATOR
from trainers.task import Material, Task


class PartialLoss(FeatureLoss):
    """Weights; the defaults are the paper's.

    Attributes:
        valid: Mean absolute error of what is known.
        hole: Of the hole, over the whole square.
        perceptual: Of features, of the answer and of the filled square.
        style: Of Gram matrices, likewise.
        variation: Differences of neighbours in the hole, grown by a pixel.
    """

    valid: Weight = 1.0
    hole: Weight = 6.0
    perceptual: Weight = 0.05
    style: Weight = 120.0
    variation: Weight = 0.1


class PartialRecipe(PatchRecipe):
    """Everything that decides the training."""

    loss: PartialLoss


class PartialTask(Task[PartialRecipe, Holed]):
    """The network alone."""

    role = Role.RESTORE

    def material(self) -> Material:
        """Patches of the training radiographs, and holes of held-out ones."""
        loss = self.recipe.loss
        self.features = load_features(loss.features) if loss.perceptual or loss.style else None
        return hole_material(self.recipe, self.share)

    def geometry(self, card: Card) -> Card:
        """Hole and pixel size."""
        return hole_geometry(self.recipe, card)

    def step(self, batch: Holed, step: int) -> dict[str, Tensor]:
        """Fill, compare, learn."""
        self.set_rates(step)
        weights, side = self.recipe.loss, self.recipe.generator.hole_side
        real, hole = centre(batch.real, side), centre(batch.hole, side)
        drawn = self.networks[GENERATOR](batch.image, batch.hole).float()
        error, filled = (drawn - real).abs(), torch.where(hole > 0, drawn, real)
        terms = {
            "valid": (weights.valid, (error * (1 - hole)).mean()),
            "hole": (weights.hole, (error * hole).mean()),
            "variation": (weights.variation, _variation(filled, dilated(hole, 1))),
        }
        if self.features is not None:
            perceptual, style = compared(self.features, (drawn, filled), real)
            terms |= {"perceptual": (weights.perceptual, perceptual), "style": (weights.style, style)}
        self.learn(GENERATOR, torch.stack([weight * value for weight, value in terms.values()]).sum())
        return {name: value.detach() for name, (_, value) in terms.items()}

    def example(self) -> tuple[Tensor, ...]:
        """A crop and its hole."""
        side = self.recipe.generator.input_side
        return torch.zeros(1, 1, side, side), torch.zeros(1, 1, side, side)


def _variation(image: Tensor, region: Tensor) -> Tensor:
    """Mean absolute difference of neighbours that both lie in the region, down and across."""
    found = image.new_zeros(())
    for axis in (2, 3):
        size = image.shape[axis] - 1
        first, second, here, there = (part.narrow(axis, start, size) for part in (image, region) for start in (0, 1))
        found = found + ((first - second).abs() * here * there).mean()
    return found


RECIPE, TASK = PartialRecipe, PartialTask
