"""Training of the texture generator (Shen et al.) and of its compact variant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cxr_studio.networks.card import Role
from cxr_studio.networks.dilation import dilated
from cxr_studio.networks.gated import boxed
from cxr_studio.networks.registry import build
from cxr_studio.nodules import projection
from cxr_studio.nodules.ct_library import held_out, read_library
from cxr_studio.nodules.simulation import Simulator, views
from trainers.cards import NIH_MM_PER_PIXEL, NIH_SIDE, blank_card
from trainers.discriminators import SpectralPatchDiscriminator
from trainers.gan import GanTask, Judge, Term, View
from trainers.image_store import load_images
from trainers.nodule_pairs import Batch, NodulePairs
from trainers.perceptual import load_features, perceptual_loss
from trainers.schedule import GENERATOR
from trainers.texture_held_out import HeldOutPairs
from trainers.texture_recipe import TextureRecipe
from trainers.views import CHANNELS, normalised_view

EDGE = 8
"""Pixels around a silhouette that count as its region: the nodule's soft edge."""


class TextureTask(GanTask[Batch, Batch]):
    """Generator and PatchGAN.

    Args:
        recipe: The recipe.
        text: Its TOML text, for the card.
        rank: This process among ``world``.
        world: Number of processes.
    """

    def __init__(self, recipe: TextureRecipe, text: str, *, rank: int = 0, world: int = 1) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        pairs, side = recipe.pairs, recipe.generator.input_side
        nodules = read_library(Path(pairs.nodules))
        learned = [nodule for nodule in nodules if not held_out(nodule.series)]
        tested = [nodule for nodule in nodules if held_out(nodule.series)] or learned
        seen = views(learned, each=pairs.views, seed=recipe.seed)
        batches = NodulePairs(_simulator(pairs.train, seen, side), recipe, rank=rank, world=world)
        unseen = _simulator(pairs.val, views(tested, each=1, seed=0), side)
        self.held_out = HeldOutPairs(unseen, recipe)
        blank = replace(
            blank_card(recipe, text, recipe.generator, role=Role.INSERT),
            mm_per_pixel=NIH_MM_PER_PIXEL,
            reference_side=NIH_SIDE,
        )
        self.stages = int(recipe.generator.parameters.get("stages", 2))
        self.features = load_features(recipe.loss.features, recipe.loss.taps) if recipe.loss.perceptual else None
        generator = build(blank).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        super().__init__(recipe, blank, batches, generator=generator, judges=_judges(recipe))

    def prepare(self, batch: Batch) -> Batch:
        """The batch itself."""
        return batch

    def draw(self, scene: Batch) -> Tensor:
        """Patches of both stages in a row of channels, ``[N, stages, S, S]``; one where they are the same."""
        around = scene.real if self.recipe.pairs.surroundings == "real" else scene.healthy
        stages = self.networks[GENERATOR](around, scene.mask, scene.contrast)
        return torch.cat(stages[-self.stages :], dim=1)

    def view(self, name: str, scene: Batch, drawn: Tensor) -> View:
        """The last stage's patches beside what the generator is told of the place: the silhouette, or its box."""
        if name in self.recipe.judges:
            return normalised_view(scene.real, drawn[:, -1:], _near(scene.mask), shrink=2 if name == "wide" else 1)
        mask = scene.mask
        if self.recipe.generator.parameters.get("box"):
            mask, _ = boxed(mask, scene.contrast)
        real, fake = (torch.cat([mask, patch], dim=1) for patch in (scene.real, drawn[:, -1:]))
        return View(real, fake)

    def losses(self, scene: Batch, drawn: Tensor) -> dict[str, Term]:
        """Absolute errors of every stage, whole and under the silhouette, and the last one's features."""
        weights = self.recipe.loss
        errors = [(stage - scene.real).abs() for stage in drawn.split(1, dim=1)]  # type: ignore[no-untyped-call]
        terms = {"l1": Term(weights.l1, torch.stack([error.mean() for error in errors]).sum())}
        if weights.region:
            region = _near(scene.mask)
            each = [(error * region).sum(dim=(1, 2, 3)) / region.sum(dim=(1, 2, 3)) for error in errors]
            terms["region"] = Term(weights.region, torch.stack([one.mean() for one in each]).sum())
        if self.features is not None:
            features = self.features.to(drawn.device)
            value = perceptual_loss(features, drawn[:, -1:], scene.real, scale=weights.scale)
            terms["perceptual"] = Term(weights.perceptual, value)
        return terms

    def set_rates(self, step: int) -> None:
        """As in every task, with the paper's second rate, of which the discriminator has its share."""
        super().set_rates(step)
        recipe = self.recipe
        if not recipe.second_rate or step < recipe.second_from * self.total_steps:
            return
        for name, optimiser in self.optimisers.items():
            for group in optimiser.param_groups:
                group["lr"] = recipe.second_rate * (1.0 if name == GENERATOR else recipe.judge.rate_share)

    def scores(self) -> dict[str, float]:
        """Score the shipped network on held-out pairs."""
        return self.held_out.scores(self.shipped(), self.fabric.device)

    def sheet(self) -> NDArray[np.uint8]:
        """Draw held-out pairs: healthy, simulated, network's."""
        return self.held_out.sheet(self.shipped(), self.fabric.device)

    def example(self) -> tuple[Tensor, ...]:
        """A patch, its silhouette and contrast."""
        side = self.recipe.generator.input_side
        mask = torch.zeros(1, 1, side, side)
        mask[..., side // 2, side // 2] = 1
        return torch.zeros(1, 1, side, side), mask, torch.zeros(1, 1, side, side)


def _judges(recipe: TextureRecipe) -> dict[str, tuple[nn.Module, Judge]]:
    judges: dict[str, tuple[nn.Module, Judge]]
    judges = {name: (judge.build(CHANNELS), judge) for name, judge in recipe.judges.items()}
    if not recipe.loss.adversarial:
        return judges
    rate = recipe.optimiser.rate * recipe.judge.rate_share
    optimiser = recipe.optimiser.model_copy(update={"rate": rate})
    judge = Judge(loss="least-squares", weight=recipe.loss.adversarial, optimiser=optimiser)
    paper = SpectralPatchDiscriminator(channels=2, width=recipe.judge.width)
    return {"discriminator": (paper, judge), **judges}


def _near(mask: Tensor) -> Tensor:
    """The silhouette and its soft edge."""
    return dilated(mask, EDGE)


def _simulator(folder: str, seen: list[projection.View], side: int) -> Simulator:
    return Simulator(load_images(folder), seen, side=side, mm_per_pixel=NIH_MM_PER_PIXEL)
