"""Cards of what a training makes."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from cxr_studio.networks.card import Card, Role
from trainers.recipe import Network, Recipe

NIH_MM_PER_PIXEL = 0.375
"""Nominal pixel of a ChestX-ray14 PNG in mm: 2682 × 2749 at 0.143 mm shrunk to 1024 × 1024 gives 0.375 ×
0.384."""

NIH_SIDE = 1024
"""Side of a ChestX-ray14 PNG in pixels."""


def blank_card(recipe: Recipe, text: str, network: Network, *, role: Role) -> Card:
    """Return the card of a network that has not learned yet; a task adds what only its own networks have."""
    return Card(
        name=recipe.name,
        title=recipe.title,
        role=role,
        architecture=network.architecture,
        parameters=dict(network.parameters),
        input_side=network.input_side,
        data=recipe.credit,
        recipe=text,
        changes=recipe.changes,
        licence="Apache-2.0",
    )


@dataclass(frozen=True)
class Outcome:
    """What a training has come to.

    Attributes:
        steps: Optimiser steps taken.
        seconds: Wall time, s; processor time where that is the training's length.
        device: torch's name of the device.
        scores: Measured figures by name.
    """

    steps: int
    seconds: float
    device: str
    scores: dict[str, float]


def filled_card(blank: Card, network: nn.Module, outcome: Outcome, *, example: tuple[Tensor, ...]) -> Card:
    """Add what is known only after learning; ``example`` is the input of one request."""
    return replace(
        blank,
        steps=outcome.steps,
        seconds=round(outcome.seconds, 1),
        hardware=f"{outcome.device}, {os.cpu_count()} processor cores, {platform.machine()}",
        scores=outcome.scores,
        weights_count=sum(p.numel() for p in network.parameters()),
        gflop=round(gflop(network, example), 3),
    )


def gflop(network: nn.Module, example: tuple[Tensor, ...]) -> float:
    """Count the floating-point operations of one request in 1e9 (a multiply-add counts 2).

    Takes nothing from torch's random stream.
    """
    device = next(network.parameters()).device
    with torch.no_grad(), torch.random.fork_rng(devices=[]), FlopCounterMode(display=False) as counter:
        network(*(part.to(device) for part in example))
    return float(counter.get_total_flops()) / 1e9
