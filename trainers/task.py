"""What the loop asks of a system to train; one task per system, one loop for all."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Generic

import numpy as np
import torch
from lightning.fabric import Fabric
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Adam, AdamW, Optimizer
from torch.utils.data import DataLoader

from cxr_studio.networks.card import Card
from cxr_studio.networks.registry import build
from trainers.batches import B, Batches
from trainers.cards import Outcome, filled_card
from trainers.recipe import Optimiser, Recipe
from trainers.schedule import rate


class Task(ABC, Generic[B]):
    """One system: its networks, its step, its scores. The first network is the one that ships.

    Args:
        recipe: Its recipe.
        blank: Card of the network that ships, before learning.
        batches: What it learns from.
        networks: Networks that learn, by name, the one that ships first.
        optimisers: Settings of the optimisers that differ from the recipe's own, by name of the network.

    Attributes:
        optimisers: Optimisers by name of the network they move.
        average: Averaged weights of the network that ships, or None where the recipe wants none.
        total_steps: Length of the whole training.
        steps_per_epoch: Steps in one pass over the images.
    """

    def __init__(
        self,
        recipe: Recipe,
        blank: Card,
        batches: Batches[B],
        *,
        networks: dict[str, nn.Module],
        optimisers: dict[str, Optimiser] | None = None,
    ) -> None:
        self._recipe = recipe
        self.blank = blank
        self._batches = batches
        self.networks = networks
        self.main = next(iter(networks))
        self._settings = {name: (optimisers or {}).get(name, recipe.optimiser) for name in networks}
        self.optimisers = {name: _optimiser(network, self._settings[name]) for name, network in networks.items()}
        self.average: nn.Module | None = None
        if recipe.run.average:
            self.average = build(blank).requires_grad_(False)
            self.average.load_state_dict(networks[self.main].state_dict())

    @property
    def total_steps(self) -> int:
        """Length of the whole training."""
        return len(self._batches)

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
        workers = self._recipe.run.workers
        loader: DataLoader[B] = DataLoader(
            self._batches,
            batch_size=None,
            sampler=range(start, end),
            generator=torch.Generator(),
            num_workers=workers,
            persistent_workers=workers > 0,
        )
        return loader

    def stage(self, step: int) -> int:  # noqa: ARG002
        """Index of the stage that a step belongs to, for the journal."""
        return 0

    @abstractmethod
    def step(self, batch: B, step: int) -> dict[str, Tensor]:
        """Learn from one batch; return named figures as scalars on the device."""

    @abstractmethod
    def scores(self) -> dict[str, float]:
        """Measure the shipped network on held-out images."""

    @abstractmethod
    def sheet(self) -> NDArray[np.uint8]:
        """Draw a sample sheet, ``uint8 [H, W]`` or ``[H, W, 3]`` in blue, green, red."""

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
            value = rate(step, self.total_steps, self._settings[name])
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
                old.lerp_(new[name].to(old.dtype), 1.0 - self._recipe.run.average)
            else:
                old.copy_(new[name])


def _optimiser(module: nn.Module, settings: Optimiser) -> Optimizer:
    if settings.weight_decay:
        return AdamW(module.parameters(), settings.rate, settings.betas, weight_decay=settings.weight_decay)
    return Adam(module.parameters(), settings.rate, settings.betas)
