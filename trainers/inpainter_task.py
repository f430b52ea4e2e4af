"""Training of the adversarial inpainting network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from lightning.fabric import Fabric
from numpy.typing import NDArray
from torch import Tensor, nn

from cxr_studio.errors import RecipeError
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.networks.compact_context_encoder import centre
from cxr_studio.networks.inpainter import FLAGS, PLANES, seeded_noise
from cxr_studio.networks.registry import build, load_network
from trainers.cards import NIH_MM_PER_PIXEL, NIH_SIDE, blank_card
from trainers.gan import GanTask, Judge, Term, View
from trainers.hole_shapes import draw_bank, draw_masks, square
from trainers.image_store import load_images
from trainers.inpainter_batches import DrawnSteps, Draws
from trainers.inpainter_fields import FULL, FieldCutter, Fields, levels_of
from trainers.inpainter_held_out import HeldOutFields
from trainers.inpainter_recipe import InpainterRecipe
from trainers.lowpass import low_pass
from trainers.schedule import GENERATOR
from trainers.views import CHANNELS, LEAST_SPREAD, normalised_view

DRAWS_EACH = 2
"""Draws of every field in a step, by which their spread is held to the truth's."""

SPREAD_REWARD = 0.2887
"""√(2 / (π · 2 · 3)) · √(π / 4): makes two Laplace-like draws spread as the posterior does (Bendel et al. 2023, eq.
for P = 2, over both draws together)."""

DONORS_FROM = 2
"""Fewest radiographs of a level: a donor is never from the field's own."""


class InpainterTask(GanTask[Draws, Fields]):
    """Generator, a judge of the hole and its ring, and one of the whole field.

    Args:
        recipe: The recipe.
        text: Its TOML text, for the card.
        rank: This process among ``world``.
        world: Number of processes.
    """

    def __init__(self, recipe: InpainterRecipe, text: str, *, rank: int = 0, world: int = 1) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.cutter = _cutter(recipe)
        counts = tuple(len(stack) for stack in self.cutter.levels.stacks)
        steps = DrawnSteps(recipe, counts=counts, shapes=len(self.cutter.maps), rank=rank, world=world)
        blank = replace(
            blank_card(recipe, text, recipe.generator, role=Role.RESTORE),
            hole_side=self.cutter.hole_side,
            base=read_checkpoint(recipe.holes.smooth).card.name,
            mm_per_pixel=NIH_MM_PER_PIXEL,
            reference_side=NIH_SIDE,
            stochastic=True,
        )
        judges: dict[str, tuple[nn.Module, Judge]]
        judges = {name: (judge.build(CHANNELS), judge) for name, judge in recipe.judges.items()}
        generator = build(blank).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        super().__init__(recipe, blank, steps, generator=generator, judges=judges)
        self.held_out = HeldOutFields(load_images(recipe.images.val), recipe, self.cutter)

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
        drawn: Tensor = self.networks[GENERATOR](seen, flags, seeded_noise(seen, scene.noise_seed), scene.inner)
        return drawn.float()

    def view(self, name: str, scene: Fields, drawn: Tensor) -> View:
        """The central crop of both at full resolution for "fine", the whole field at half for "wide"."""
        return _seen(name, scene, scene.completed(drawn))

    def losses(self, scene: Fields, drawn: Tensor) -> dict[str, Term]:
        """Low-pass error of every draw, error of the mean of both, and the reward of their difference."""
        weights = self.recipe.loss
        hole, real = centre(scene.hole, scene.inner), centre(scene.real, scene.inner)
        spread = scene.real.flatten(1).std(dim=1).view(-1, 1, 1, 1) + LEAST_SPREAD
        first, second = ((part - real) * hole / spread for part in drawn.chunk(DRAWS_EACH))
        area = hole.sum() + 1
        low = torch.stack([low_pass(part, weights.low_sigma).abs().sum() for part in (first, second)]).mean() / area
        mean = (0.5 * (first + second)).abs().sum() / area
        apart = (first - second).abs().sum() / area
        return {"low": Term(weights.low, low), "mean": Term(weights.mean, mean - SPREAD_REWARD * apart)}

    def scores(self) -> dict[str, float]:
        """Score the shipped network on held-out square holes."""
        return self.held_out.scores(self.shipped(), self.fabric.device)

    def sheet(self) -> NDArray[np.uint8]:
        """Draw held-out fields."""
        return self.held_out.sheet(self.shipped(), self.fabric.device)

    def example(self) -> tuple[Tensor, ...]:
        """A field, its flags and noise."""
        side = self.recipe.generator.input_side
        noise = torch.zeros(1, PLANES, side // 2, side // 2)
        return torch.zeros(1, 3, side, side), torch.zeros(1, FLAGS), noise


def _cutter(recipe: InpainterRecipe) -> FieldCutter:
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
