"""A trained generator of 32 × 32 that fills 16 × 16, and networks that answer as a test wants."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from cxr_studio.networks.card import Card, Role
from cxr_studio.networks.checkpoint import save_checkpoint
from cxr_studio.networks.hole_network import HoleNetwork
from cxr_studio.networks.registry import build

CARD = Card(
    name="tiny",
    title="Tiny",
    role=Role.RESTORE,
    architecture="compact-context-encoder",
    parameters={"widths": [4, 6], "encoder_blocks": [1, 1], "decoder_blocks": [1]},
    input_side=32,
    hole_side=16,
    base="biharmonic",
    mm_per_pixel=0.4,
    reference_side=320,
    licence="None",
)

Answer = Callable[[Tensor, Tensor], Tensor]


def write_tiny(folder: Path, card: Card = CARD) -> Path:
    """Random weights that answer with something else than the base fill."""
    torch.manual_seed(3)
    network = build(card)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.05)
    path = folder / f"{card.name}.safetensors"
    save_checkpoint(path, network, card)
    return path


class Answering(HoleNetwork):
    """Answers with what a function makes of the central squares of image and hole; keeps what it was asked."""

    def __init__(self, answer: Answer, card: Card = CARD) -> None:
        super().__init__(input_side=card.input_side, hole_side=card.hole_side)
        self.answer = answer
        self.asked: list[tuple[Tensor, Tensor]] = []

    def forward(self, image: Tensor, hole: Tensor) -> Tensor:
        self.asked.append((image.clone(), hole.clone()))
        margin = (self.input_side - self.hole_side) // 2
        inside = slice(margin, margin + self.hole_side)
        return self.answer(image[..., inside, inside], hole[..., inside, inside])
