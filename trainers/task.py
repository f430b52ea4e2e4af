"""What the loop asks of a system to train; one task per system, one loop for all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np
from lightning.fabric import Fabric
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import Optimizer

from cxr_studio.networks.card import Card
from cxr_studio.networks.hole_network import HoleNetwork
from trainers.cards import Outcome
from trainers.patches import Batch


class Task(Protocol):
    """One system: its networks, its step, its scores.

    Attributes:
        optimisers: Optimisers by name of the network they move.
        total_steps: Length of the whole training.
        steps_per_epoch: Steps in one pass over the images.
    """

    optimisers: dict[str, Optimizer]
    total_steps: int
    steps_per_epoch: int

    @property
    def modules(self) -> dict[str, nn.Module]:
        """Networks by name, in the order in which they are saved."""

    def attach(self, fabric: Fabric) -> None:
        """Hand networks and optimisers to Fabric."""

    def batches(self, start: int, end: int) -> Iterable[Batch]:
        """Yield the batches of steps ``start`` to ``end``."""

    def step(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Learn from one batch; return named figures as scalars on the device."""

    def shipped(self) -> HoleNetwork:
        """Return the network that a snapshot holds, in evaluation mode."""

    def scores(self) -> dict[str, float]:
        """Measure the shipped network on held-out images."""

    def sheet(self) -> NDArray[np.uint8]:
        """Draw a sample sheet, ``uint8 [H, W]``."""

    def card(self, outcome: Outcome) -> Card:
        """Fill in the card of a snapshot."""
