"""The adversarial inpainting network."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

import numpy as np
import torch
from lightning.fabric import Fabric
from pydantic import Field
from torch import Tensor, nn

from cxr_studio.errors import RecipeError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.inpainter import FLAGS, PLANES, seeded_noise
from cxr_studio.networks.registry import load_network
from trainers.cards import NIH_MM_PER_PIXEL, NIH_SIDE
from trainers.gan import GanTask, Judge, Term, View, Weight, built
from trainers.held_out_fields import HeldOutFields
from trainers.hole_shapes import draw_bank, draw_masks, square
from trainers.image_store import load_images
from trainers.inpainter_batches import DrawnSteps, Draws, FieldRecipe
from trainers.inpainter_fields import FULL, FieldCutter, Fields, levels_of
from trainers.lowpass import low_pass
from trainers.processes import mean_over_all
from trainers.recipe import Part
from trainers.schedule import GENERATOR
from trainers.task import Material
from trainers.views import CHANNELS, LEAST_SPREAD, normalised_view

DRAWS_EACH = 2
"""Draws of every field in a step, by which their spread is held to the truth's."""

SPREAD_REWARD = 0.2887
"""√(2 / (π · 2 · 3)) · √(π / 4): makes two Laplace-like draws spread as the posterior does (Bendel et al. 2023, eq.
for P = 2, over both draws together)."""

DONORS_FROM = 2
"""Fewest radiographs of a level: a donor is never from the field's own."""


class DrawLoss(Part):
    """Weights of the generator's losses beside the judges'; errors count in standard deviations of the field.

    Attributes:
        low: Absolute error of the low-pass (``low_sigma`` pixels).
        low_sigma: Of that low-pass.
        mean: Absolute error of the mean of two draws, with the reward of their difference that makes draws spread as
            the truth does (Bendel et al. 2023, for two samples).
    """

    low: Weight = 4.0
    low_sigma: Annotated[float, Field(gt=0)] = 4.0
    mean: Weight = 1.0


class InpainterRecipe(FieldRecipe):
    """Everything that decides the training of an adversarial inpainting network.

    Attributes:
        judges: Discriminators by name: "fine" sees the hole and a ring around it, "wide" the whole field at half the
            resolution.
    """

    loss: DrawLoss = DrawLoss()
    judges: dict[Literal["fine", "wide"], Judge]


class InpainterTask(GanTask[InpainterRecipe, Draws, Fields]):
    """Generator, a judge of the hole and its ring, and one of the whole field."""

    role = Role.RESTORE

    def material(self) -> Material:
        """What fields are cut by, and fields of held-out radiographs."""
        recipe = self.recipe
        self.cutter = _cutter(recipe)
        counts = tuple(len(stack) for stack in self.cutter.levels.stacks)
        steps = DrawnSteps(recipe, counts=counts, shapes=len(self.cutter.maps), share=self.share)
        return Material(steps, HeldOutFields(load_images(recipe.images.val), recipe, self.cutter))

    def geometry(self, card: Card) -> Card:
        """Hole, the context encoder below, and pixel size."""
        return replace(
            card,
            hole_side=self.cutter.hole_side,
            base=read_checkpoint(self.recipe.holes.smooth).card.name,
            mm_per_pixel=NIH_MM_PER_PIXEL,
            reference_side=NIH_SIDE,
            stochastic=True,
        )

    def make_judges(self) -> dict[str, tuple[nn.Module, Judge]]:
        """The recipe's."""
        return built(self.recipe.judges, CHANNELS)

    def attach(self, fabric: Fabric) -> None:
        """Hand everything to Fabric's device."""
        super().attach(fabric)
        self.cutter.place_on(fabric.device)

    def prepare(self, batch: Draws) -> Fields:
        """Cut the step's fields."""
        return self.cutter.cut(batch)

    def draw(self, scene: Fields) -> Tensor:
        """Fill every field twice, ``[2 N, 1, inner, inner]``."""
        seen, flags = _twice(scene.seen), _twice(scene.flags)
        drawn: Tensor = self.networks[GENERATOR](seen, flags, self._noise(scene), scene.inner)
        return drawn.float()

    def _noise(self, scene: Fields) -> Tensor:
        """This process's share of the noise that both draws of the whole batch are made from."""
        batch = self.recipe.run.batch
        places = [draw * batch + place for draw in range(DRAWS_EACH) for place in self.share.of(batch)]
        everyone = scene.seen[:1].expand(DRAWS_EACH * batch, -1, -1, -1)
        return seeded_noise(everyone, scene.noise_seed)[places]

    def view(self, name: str, scene: Fields, drawn: Tensor) -> View:
        """The central crop of both at full resolution for "fine", the whole field at half for "wide"."""
        return _seen(name, scene, scene.completed(drawn))

    def losses(self, scene: Fields, drawn: Tensor) -> dict[str, Term]:
        """Low-pass error of every draw, error of the mean of both, and the reward of their difference."""
        weights = self.recipe.loss
        hole, real = centre(scene.hole, scene.inner), centre(scene.real, scene.inner)
        spread = scene.real.flatten(1).std(dim=1).view(-1, 1, 1, 1) + LEAST_SPREAD
        first, second = ((part - real) * hole / spread for part in drawn.chunk(DRAWS_EACH))
        area = mean_over_all(hole.sum()) + 1
        low = torch.stack([low_pass(part, weights.low_sigma).abs().sum() for part in (first, second)]).mean() / area
        mean = (0.5 * (first + second)).abs().sum() / area
        apart = (first - second).abs().sum() / area
        return {"low": Term(weights.low, low), "mean": Term(weights.mean, mean - SPREAD_REWARD * apart)}

    def example(self) -> tuple[Tensor, ...]:
        """A field, its flags and noise."""
        side = self.recipe.generator.input_side
        noise = torch.zeros(1, PLANES, side // 2, side // 2)
        return torch.zeros(1, 3, side, side), torch.zeros(1, FLAGS), noise


def _cutter(recipe: FieldRecipe) -> FieldCutter:
    images, holes, side = recipe.images, recipe.holes, recipe.generator.input_side
    levels = levels_of(
        *(load_images(folder) if folder else [] for folder in (images.train, images.half, images.coarse))
    )
    if holes.donors and min(len(stack) for stack in levels.stacks) < DONORS_FROM:
        raise RecipeError(f"donors need at least {DONORS_FROM} radiographs", remedy="Add some, or set holes.donors = 0")
    smooth = load_network(read_checkpoint(holes.smooth))
    square_side = int(recipe.generator.parameters.get("hole_side", 64))
    small = [square(FULL, square_side)]
    small += draw_bank(holes.bank, seed=recipe.seed, input_side=FULL, hole_side=square_side)
    large = draw_masks(holes.bank, seed=recipe.seed, input_side=side, hole_side=holes.large)
    return FieldCutter(levels, smooth, small=small, large=np.stack(large), hole_side=square_side)


def _seen(name: str, fields: Fields, drawn: Tensor) -> View:
    share = {"shrink": 2} if name == "wide" else {"side": FULL}
    return normalised_view(fields.real, drawn, fields.hole, **share)


def _twice(x: Tensor) -> Tensor:
    return x.repeat(DRAWS_EACH, *[1] * (x.dim() - 1))


RECIPE, TASK = InpainterRecipe, InpainterTask
