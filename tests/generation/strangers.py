"""Checkpoints that a stranger drops into the models folder: tiny ones of every role, and networks of a test's own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import ModuleType

import torch
from torch import Tensor

from cxr_studio.networks import registry
from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import Checkpoint, read_checkpoint, save_checkpoint
from cxr_studio.networks.registry import build
from cxr_studio.networks.whole_image import WholeImageNetwork

SIDE = 64
COUNT = count()


class Told(WholeImageNetwork):
    """Draws what ``answer`` says: a function of what it is given."""

    answer: Callable[[Tensor, Tensor | None, torch.Generator | None], Tensor]

    def __init__(self, *, input_side: int) -> None:
        super().__init__(input_side=input_side)
        self.level = torch.nn.Parameter(torch.zeros(1))

    def forward(self, image: Tensor, given: Tensor | None = None, rng: torch.Generator | None = None) -> Tensor:
        return type(self).answer(image, given, rng)


def told(monkeypatch, answer: Callable[[Tensor, Tensor | None, torch.Generator | None], Tensor]) -> str:
    """Make an architecture, for the time of a test, whose network answers so; returns its name."""
    module = ModuleType("cxr_studio.networks.told_by_a_test")
    network = type("Network", (Told,), {"answer": staticmethod(answer)})
    module.NETWORK = network  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    found = registry._module

    def module_of(name: str) -> str:
        return module.__name__ if name == "told-by-a-test" else found(name)

    monkeypatch.setattr(registry, "_module", module_of)
    return "told-by-a-test"


CARDS: dict[Role, Card] = {
    Role.RESTORE: Card(
        *("stranger-restore", "Stranger", Role.RESTORE, "context-encoder", {"base": 2}),
        *(128, 64, "blank", 0.375, 1024),
    ),
    Role.INSERT: Card(
        *("stranger-insert", "Stranger", Role.INSERT, "compact-texture", {"width": 4}),
        *(64, 0, "", 0.375, 1024),
    ),
    Role.SURROUND: Card(
        "stranger-surround", "Stranger", Role.SURROUND, "pix2pix", {"width": 2, "depth": 4}, SIDE, stochastic=True
    ),
    Role.TRANSLATE: Card("stranger-translate", "Stranger", Role.TRANSLATE, "pix2pix", {"width": 2, "depth": 4}, SIDE),
}
"""A card of each role, with a small network of the program's own."""


def write_told(folder: Path, monkeypatch, card: Card, answer) -> Checkpoint:
    """Write a checkpoint whose network answers so; it is another one every time, so that none is still loaded."""
    other = replace(card, architecture=told(monkeypatch, answer), parameters={}, hardware=f"test {next(COUNT)}")
    return write(folder, other)


def write(folder: Path, card: Card) -> Checkpoint:
    """Write a checkpoint with fresh weights, the same every time."""
    torch.manual_seed(5)
    path = folder / f"{card.name}.safetensors"
    save_checkpoint(path, build(card), card)
    return read_checkpoint(path)
