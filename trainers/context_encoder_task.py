"""Training of the context encoder (Belli et al. 2018) and of its compact variant."""

from __future__ import annotations

import copy
from collections.abc import Iterable

import numpy as np
import torch
from lightning.fabric import Fabric
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Adam, AdamW, Optimizer
from torch.utils.data import DataLoader

from cxr_studio.networks.card import Card
from cxr_studio.networks.compact import centre
from cxr_studio.networks.context_encoder import Discriminator
from cxr_studio.networks.hole_network import HoleNetwork
from cxr_studio.networks.registry import build
from trainers.cards import Outcome, blank_card, filled_card
from trainers.held_out import HeldOut
from trainers.image_store import load_images
from trainers.losses import discriminator_loss, generator_adversarial, reconstruction
from trainers.patches import Batch, Patches
from trainers.recipe import Optimiser, Recipe, Side
from trainers.schedule import Turn, rate, turn


class ContextEncoderTask:
    """Generator and discriminator, trained in the recipe's stages; see trainers.task.Task.

    Args:
        recipe: The recipe.
        text: Its TOML text, for the card.
        rank: This process among ``world``.
        world: Number of processes.
    """

    def __init__(self, recipe: Recipe, text: str, *, rank: int = 0, world: int = 1) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.blank = blank_card(recipe, text)
        self.patches = Patches(load_images(recipe.images.train), recipe, rank=rank, world=world)
        self.held_out = HeldOut(load_images(recipe.images.val), recipe, self.patches.square)
        self.steps_per_epoch = self.patches.steps_per_epoch
        self.total_steps = len(self.patches)
        self.generator: nn.Module = build(self.blank)
        self.discriminator: nn.Module = Discriminator(width=recipe.discriminator_width)
        self.average: HoleNetwork | None = None
        if recipe.run.average:
            self.average = build(self.blank).requires_grad_(False)
            self.average.load_state_dict(self.generator.state_dict())
        self.optimisers: dict[str, Optimizer] = {
            "generator": _optimiser(self.generator, recipe.optimiser),
            "discriminator": _optimiser(self.discriminator, recipe.optimiser),
        }

    @property
    def modules(self) -> dict[str, nn.Module]:
        """Networks by name."""
        found = {"generator": self.generator, "discriminator": self.discriminator}
        return found if self.average is None else {**found, "average": self.average}

    def attach(self, fabric: Fabric) -> None:
        """Hand networks and optimisers to Fabric."""
        self.fabric = fabric
        for side in ("generator", "discriminator"):
            module, optimiser = fabric.setup(getattr(self, side), self.optimisers[side])
            setattr(self, side, module)
            self.optimisers[side] = optimiser
        if self.average is not None:
            self.average.to(fabric.device)

    def batches(self, start: int, end: int) -> Iterable[Batch]:
        """Yield the batches of steps ``start`` to ``end``; takes nothing from torch's own random stream."""
        workers = self.recipe.run.workers
        loader: DataLoader[Batch] = DataLoader(
            self.patches,
            batch_size=None,
            sampler=range(start, end),
            generator=torch.Generator(),
            num_workers=workers,
            persistent_workers=workers > 0,
        )
        return loader

    def step(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Learn from one batch."""
        now = turn(step, self.recipe.stages, self.steps_per_epoch)
        self._set_rates(step)
        side = self.recipe.generator.hole_side
        real, hole = centre(batch.real, side), centre(batch.hole, side)
        fill: Tensor = self.generator(batch.image, batch.hole)
        figures: dict[str, Tensor] = {}
        if "discriminator" in now.learns:
            figures |= self._discriminate(real, _pasted(fill, real, hole).detach())
        if "generator" in now.learns:
            figures |= self._generate(fill, real, hole, now=now)
        return figures

    def _discriminate(self, real: Tensor, fake: Tensor) -> dict[str, Tensor]:
        loss, parts = discriminator_loss(self.discriminator(real), self.discriminator(fake))
        self._learn("discriminator", loss)
        return parts

    def _generate(self, fill: Tensor, real: Tensor, hole: Tensor, *, now: Turn) -> dict[str, Tensor]:
        weights = self.recipe.loss
        error = reconstruction(fill, real, hole, loss=weights)
        loss = weights.reconstruction * error
        parts = {"reconstruction": error.detach()}
        if now.adversarial and weights.adversarial:
            self.discriminator.requires_grad_(False)
            term = generator_adversarial(self.discriminator(_pasted(fill, real, hole)))
            self.discriminator.requires_grad_(True)
            loss = loss + weights.adversarial * term
            parts["adversarial"] = term.detach()
        self._learn("generator", loss)
        self._update_average()
        return parts

    def _learn(self, side: Side, loss: Tensor) -> None:
        module, optimiser = getattr(self, side), self.optimisers[side]
        optimiser.zero_grad(set_to_none=True)
        self.fabric.backward(loss)
        if self.recipe.optimiser.clip:
            self.fabric.clip_gradients(module, optimiser, max_norm=self.recipe.optimiser.clip, error_if_nonfinite=False)
        optimiser.step()

    def _set_rates(self, step: int) -> None:
        value = rate(step, self.total_steps, self.recipe.optimiser)
        for optimiser in self.optimisers.values():
            for group in optimiser.param_groups:
                group["lr"] = value

    @torch.no_grad()
    def _update_average(self) -> None:
        if self.average is None:
            return
        new = self.generator.state_dict()
        for name, old in self.average.state_dict().items():
            if old.is_floating_point():
                old.lerp_(new[name].to(old.dtype), 1.0 - self.recipe.run.average)
            else:
                old.copy_(new[name])

    def shipped(self) -> HoleNetwork:
        """Return the averaged generator where there is one, else a copy; takes nothing from torch's random stream."""
        source = self.average if self.average is not None else self.generator
        with torch.random.fork_rng(devices=[]):
            network = build(self.blank)
        network.load_state_dict(copy.deepcopy(source.state_dict()))
        return network.eval().requires_grad_(False).to(self.fabric.device)

    def scores(self) -> dict[str, float]:
        """Score the shipped network on held-out square holes."""
        return self.held_out.scores(self.shipped(), self.fabric.device)

    def sheet(self) -> NDArray[np.uint8]:
        """Draw held-out holes: original, base fill, network's fill."""
        return self.held_out.sheet(self.shipped(), self.fabric.device)

    def card(self, outcome: Outcome) -> Card:
        """Fill in the card of a snapshot."""
        return filled_card(self.blank, self.shipped(), outcome)


def _pasted(fill: Tensor, real: Tensor, hole: Tensor) -> Tensor:
    return fill * hole + real * (1.0 - hole)


def _optimiser(module: nn.Module, settings: Optimiser) -> Optimizer:
    if settings.weight_decay:
        return AdamW(module.parameters(), settings.rate, settings.betas, weight_decay=settings.weight_decay)
    return Adam(module.parameters(), settings.rate, settings.betas)
