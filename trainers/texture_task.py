"""Training of the texture generator (Shen et al.) and of its compact variant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from cxr_studio.networks.card import Role
from cxr_studio.networks.registry import build
from cxr_studio.networks.texture import PatchDiscriminator
from cxr_studio.nodules.ct_library import held_out, read_library
from cxr_studio.nodules.projection import View
from cxr_studio.nodules.simulation import Simulator, views
from trainers.cards import NIH_MM_PER_PIXEL, NIH_SIDE, blank_card
from trainers.image_store import load_images
from trainers.nodule_pairs import Batch, NodulePairs
from trainers.perceptual import load_features, perceptual_loss
from trainers.task import Task
from trainers.texture_held_out import HeldOutPairs
from trainers.texture_recipe import TextureRecipe

EDGE = 8
"""Pixels around a silhouette that count as its region: the nodule's soft edge."""


class TextureTask(Task[Batch]):
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
        networks: dict[str, nn.Module] = {"generator": build(blank).to(memory_format=torch.channels_last)}  # type: ignore[call-overload]
        self.features = load_features(recipe.loss.features) if recipe.loss.perceptual else None
        if recipe.loss.adversarial:
            networks["discriminator"] = PatchDiscriminator(width=recipe.judge.width)
        super().__init__(recipe, blank, batches, networks=networks)

    def step(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Learn from one batch."""
        self.set_rates(step)
        around = batch.real if self.recipe.pairs.surroundings == "real" else batch.healthy
        first, second = self.networks["generator"](around, batch.mask, batch.contrast)
        figures: dict[str, Tensor] = {}
        if "discriminator" in self.networks:
            figures |= self._judge(batch, second.detach())
        return figures | self._draw(batch, first, second)

    def set_rates(self, step: int) -> None:
        """As in every task, with the paper's second rate, and the discriminator's share of it."""
        super().set_rates(step)
        recipe = self.recipe
        for name, optimiser in self.optimisers.items():
            for group in optimiser.param_groups:
                if recipe.second_rate and step >= recipe.second_from * self.total_steps:
                    group["lr"] = recipe.second_rate
                if name == "discriminator":
                    group["lr"] *= recipe.judge.rate_share

    def _judge(self, batch: Batch, drawn: Tensor) -> dict[str, Tensor]:
        judge = self.networks["discriminator"]
        real, fake = judge(batch.mask, batch.real), judge(batch.mask, drawn)
        self.learn("discriminator", 0.5 * ((real - 1).square().mean() + fake.square().mean()))
        return {"d_real": real.detach().mean(), "d_fake": fake.detach().mean()}

    def _draw(self, batch: Batch, first: Tensor, second: Tensor) -> dict[str, Tensor]:
        weights = self.recipe.loss
        region = F.max_pool2d(batch.mask, 2 * EDGE + 1, stride=1, padding=EDGE)
        errors = [(stage - batch.real).abs() for stage in (first, second)]
        parts = {"l1": torch.stack([error.mean() for error in errors]).sum()}
        if weights.region:
            each = [(error * region).sum(dim=(1, 2, 3)) / region.sum(dim=(1, 2, 3)) for error in errors]
            parts["region"] = torch.stack([one.mean() for one in each]).sum()
        if self.features is not None:
            parts["perceptual"] = perceptual_loss(self.features.to(second.device), second, batch.real)
        if "discriminator" in self.networks:
            judge = self.networks["discriminator"]
            judge.requires_grad_(False)
            parts["adversarial"] = 0.5 * (judge(batch.mask, second) - 1).square().mean()
            judge.requires_grad_(True)
        self.learn("generator", torch.stack([getattr(weights, name) * part for name, part in parts.items()]).sum())
        return {name: part.detach() for name, part in parts.items()}

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


def _simulator(folder: str, seen: list[View], side: int) -> Simulator:
    return Simulator(load_images(folder), seen, side=side, mm_per_pixel=NIH_MM_PER_PIXEL)
