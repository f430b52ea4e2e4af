"""What the loop asks of a system to train; one task per system, one loop for all."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import numpy as np
import torch
from lightning.fabric import Fabric
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Optimizer
from torch.utils.data import DataLoader

from cxr_studio.errors import RecipeError
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.registry import build
from cxr_studio.networks.unet import normal_start
from trainers.batches import ALONE, B, Batches, Share
from trainers.cards import Outcome, blank_card, filled_card
from trainers.held_out import HeldOut
from trainers.recipe import Optimiser, Recipe, Stage
from trainers.schedule import Turn, rate, turn
from trainers.warm_start import start_from

R = TypeVar("R", bound=Recipe)


class Material(NamedTuple):
    """What a task learns from, and what it is measured on."""

    batches: Batches[Any]
    held_out: HeldOut


class Task(ABC, Generic[R, B]):
    """One system: its networks, its step, its scores. The first network is the one that ships.

    What a system may say is asked once, in this order: ``material``, ``geometry``, ``build_networks``, ``settings``.

    Args:
        recipe: Its recipe.
        text: The recipe's TOML text, for the card.
        share: This process's of every batch.

    Attributes:
        role: Of the network that ships.
        section: The recipe's section with that network.
        memory: torch's order of that network's weights in memory.
        held_out: What the network that ships is measured on.
        blank: Card of the network that ships, before learning.
        networks: Networks that learn, by name, the one that ships first.
        optimisers: Optimisers by name of the network they move.
        rate_factor: What all learning rates are multiplied by.
        average: Averaged weights of the network that ships, or None where the recipe wants none.
        total_steps: Length of the whole training.
    """

    role: ClassVar[Role]
    section: ClassVar[str] = "generator"
    memory: ClassVar[torch.memory_format] = torch.channels_last

    def __init__(self, recipe: R, text: str = "", *, share: Share = ALONE) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.share = share
        self._batches, self.held_out = self.material()
        self.total_steps = recipe.run.steps or len(self._batches)
        self.blank = self.geometry(blank_card(recipe, text, getattr(recipe, self.section), role=self.role))
        if faults := [*self.blank.geometry.faults()]:
            what = f"the card does not suit role {self.role}: {'; '.join(faults)}"
            raise RecipeError(what, remedy=f"State it in {type(self).__name__}.geometry, or in the recipe")
        self.networks = self.build_networks()
        for network in self.networks.values() if recipe.normal_start else ():
            network.apply(normal_start)
        self.main = next(iter(self.networks))
        if recipe.start is not None:
            started = start_from(self.networks, recipe.start.weights, main=self.main)
            self.blank = replace(self.blank, changes=(*self.blank.changes, *started))
        own = self.settings()
        self._settings = {name: own.get(name, recipe.optimiser) for name in self.networks}
        self.optimisers = {name: _optimiser(network, self._settings[name]) for name, network in self.networks.items()}
        self.rate_factor = 1.0
        self.average: nn.Module | None = None
        if recipe.run.average:
            self.average = build(self.blank).requires_grad_(False)
            self.average.load_state_dict(self.networks[self.main].state_dict())

    @abstractmethod
    def material(self) -> Material:
        """Load what is learned from and what is held out."""

    def geometry(self, card: Card) -> Card:
        """Add to the card what only this system's network has."""
        return card

    def build_networks(self) -> dict[str, nn.Module]:
        """Make the networks by name, the one that ships first."""
        return {self.section: self.shipping()}

    def shipping(self) -> nn.Module:
        """Make the network that ships."""
        return build(self.blank).to(memory_format=self.memory)  # type: ignore[call-overload, no-any-return]

    def settings(self) -> dict[str, Optimiser]:
        """Settings of the optimisers that differ from the recipe's own, by name of the network."""
        return {}

    @property
    def steps_per_epoch(self) -> int:
        """Steps in one pass over the images."""
        return self._batches.steps_per_epoch

    @property
    def modules(self) -> dict[str, nn.Module]:
        """Networks by name, in the order in which they are saved."""
        return self.networks if self.average is None else {**self.networks, "average": self.average}

    def attach(self, fabric: Fabric) -> None:
        """Hand networks and optimisers to Fabric."""
        self.fabric = fabric
        for name, network in self.networks.items():
            self.networks[name], self.optimisers[name] = fabric.setup(network, self.optimisers[name])
        if self.average is not None:
            self.average.to(fabric.device)

    def batches(self, start: int, end: int) -> Iterable[B]:
        """Yield the batches of steps ``start`` to ``end``; takes nothing from torch's own random stream."""
        workers = self.recipe.run.workers
        loader: DataLoader[B] = DataLoader(
            self._batches,
            batch_size=None,
            sampler=range(start, end),
            generator=torch.Generator(),
            num_workers=workers,
            persistent_workers=workers > 0,
        )
        return loader

    @property
    def stretch(self) -> float:
        """What the lengths that a recipe names in epochs are multiplied by: 1 unless its steps or its time decide."""
        return self.total_steps / len(self._batches)

    def staged(self, step: int) -> Turn:
        """What a recipe with stages says of a step; they share the training as their epochs say, however long it is."""
        stages: tuple[Stage, ...] = getattr(self.recipe, "stages", ())
        if not stages:
            return Turn(0, frozenset(self.networks), adversarial=True)
        parts = tuple(stage.model_copy(update={"epochs": stage.epochs * self.stretch}) for stage in stages)
        return turn(step, parts, self.steps_per_epoch)

    def stage(self, step: int) -> int:
        """Index of the stage that a step belongs to, for the journal."""
        return self.staged(step).stage

    @abstractmethod
    def step(self, batch: B, step: int) -> dict[str, Tensor]:
        """Learn from one batch; return named figures as scalars on the device."""

    def scores(self) -> dict[str, float]:
        """Measure the shipped network on held-out images."""
        return self.held_out.scores(self.shipped(), self.fabric.device)

    def sheet(self) -> NDArray[np.uint8]:
        """Draw a sample sheet, ``uint8 [H, W]`` or ``[H, W, 3]`` in blue, green, red."""
        return self.held_out.sheet(self.shipped(), self.fabric.device)

    @abstractmethod
    def example(self) -> tuple[Tensor, ...]:
        """Input of one request to the shipped network, for counting its operations."""

    def shipped(self) -> nn.Module:
        """Return a copy of the network that a snapshot holds, in evaluation mode: the averaged one where there is one.

        Takes nothing from torch's random stream.
        """
        source = self.average if self.average is not None else self.networks[self.main]
        with torch.random.fork_rng(devices=[]):
            network = build(self.blank)
        network.load_state_dict(copy.deepcopy(source.state_dict()))
        return network.eval().requires_grad_(False).to(self.fabric.device)

    def card(self, outcome: Outcome) -> Card:
        """Fill in the card of a snapshot."""
        return filled_card(self.blank, self.shipped(), outcome, example=self.example())

    def set_rates(self, step: int) -> None:
        """Set every optimiser's learning rate to its own settings' at a step."""
        for name, optimiser in self.optimisers.items():
            value = rate(step, self.total_steps, self._settings[name]) * self.rate_factor * self.staged(step).factor
            for group in optimiser.param_groups:
                group["lr"] = value

    def learn(self, name: str, loss: Tensor) -> None:
        """Take one optimiser step of one network, and let the average follow."""
        network, optimiser = self.networks[name], self.optimisers[name]
        optimiser.zero_grad(set_to_none=True)
        self.fabric.backward(loss)
        clip = self._settings[name].clip
        if clip:
            self.fabric.clip_gradients(network, optimiser, max_norm=clip, error_if_nonfinite=False)
        optimiser.step()
        if name == self.main:
            self._update_average()

    @torch.no_grad()
    def _update_average(self) -> None:
        if self.average is None:
            return
        new = self.networks[self.main].state_dict()
        for name, old in self.average.state_dict().items():
            if old.is_floating_point():
                old.lerp_(new[name].to(old.dtype), 1.0 - self.recipe.run.average)
            else:
                old.copy_(new[name])


def _optimiser(module: nn.Module, settings: Optimiser) -> Optimizer:
    if settings.kind == "sgd":
        decay = settings.weight_decay
        return SGD(module.parameters(), settings.rate, momentum=settings.momentum, weight_decay=decay)
    if settings.weight_decay:
        return AdamW(module.parameters(), settings.rate, settings.betas, weight_decay=settings.weight_decay)
    return Adam(module.parameters(), settings.rate, settings.betas)
