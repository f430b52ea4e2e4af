"""Checkpoint files: safetensors weights with the card in the header. No pickle is ever loaded."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.errors import CheckpointError
from cxr_studio.files import file_sha256, replaced
from cxr_studio.networks.card import Card

if TYPE_CHECKING:
    from torch import nn


CARD_KEY = "card"
SUFFIX = ".safetensors"
HEADER_LIMIT = 16 << 20
"""Largest JSON header in bytes that is read; real ones have some kilobytes."""


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on disk.

    Attributes:
        path: The .safetensors file.
        card: Its card.
    """

    path: Path
    card: Card

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the file, computed on first use."""
        return file_sha256(self.path)


def read_checkpoint(path: str | Path) -> Checkpoint:
    """Read a checkpoint's card without its weights and without torch.

    Raises:
        CheckpointError: no safetensors file, or no card in it.
    """
    path = Path(path)
    try:
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if not 2 <= length <= HEADER_LIMIT:
                raise ValueError("no safetensors header")
            header = json.loads(stream.read(length))
        card = header["__metadata__"][CARD_KEY]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise CheckpointError(
            "the file is not a checkpoint of CXR Studio (safetensors with a card)",
            file=path,
            remedy="Choose a .safetensors file written by cxr-studio train",
        ) from fault
    try:
        return Checkpoint(path, Card.from_json(card))
    except CheckpointError as fault:
        raise CheckpointError(fault.what, file=path, remedy=fault.remedy) from fault


def save_checkpoint(path: str | Path, module: nn.Module, card: Card, *, half: bool = True) -> None:
    """Write weights and card, atomically.

    Args:
        path: The .safetensors file to make or replace.
        module: Its state dict is stored.
        card: Goes into the header.
        half: Store floating-point tensors as float16.
    """
    from safetensors.torch import save_file

    tensors = {
        name: (t.half() if half and t.is_floating_point() else t).detach().cpu().contiguous()
        for name, t in module.state_dict().items()
    }
    with replaced(path) as beside:
        save_file(tensors, beside, metadata={CARD_KEY: card.to_json()})


def restate(checkpoint: Checkpoint, path: str | Path, card: Card) -> None:
    """Write a checkpoint's weights, unchanged, with another card; atomically."""
    from safetensors.torch import load_file, save_file

    tensors = load_file(checkpoint.path)
    with replaced(path) as beside:
        save_file(tensors, beside, metadata={CARD_KEY: card.to_json()})
