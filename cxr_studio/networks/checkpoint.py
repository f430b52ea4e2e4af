"""Checkpoint files: safetensors weights with the card in the header, or an ONNX file with the card beside it.

No pickle is ever loaded.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.errors import CheckpointError
from cxr_studio.files import file_sha256, replaced
from cxr_studio.networks.card import Card
from cxr_studio.networks.foreign_card import ONNX_SUFFIX, card_beside, read_foreign_card, write_foreign_card

if TYPE_CHECKING:
    from torch import nn


CARD_KEY = "card"
SUFFIX = ".safetensors"
SUFFIXES = (SUFFIX, ONNX_SUFFIX)
"""What a checkpoint's name ends with."""

HEADER_LIMIT = 16 << 20
"""Largest JSON header in bytes that is read; real ones have some kilobytes."""


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint on disk.

    Attributes:
        path: The .safetensors file, or the .onnx file whose card lies beside it.
        card: Its card.
    """

    path: Path
    card: Card

    @property
    def foreign(self) -> bool:
        """True for a model that was not written here."""
        return self.path.suffix == ONNX_SUFFIX

    @cached_property
    def sha256(self) -> str:
        """Hex digest of weights and card, computed on first use."""
        return checkpoint_sha256(self.path)


def is_checkpoint_name(name: str | Path) -> bool:
    """True for the name of a checkpoint's file, rather than that of a generator."""
    return str(name).endswith(SUFFIXES)


def files_of(path: Path) -> tuple[Path, ...]:
    """The files that a checkpoint is made of: one, or a model and the card beside it."""
    return (path, card_beside(path)) if path.suffix == ONNX_SUFFIX else (path,)


def checkpoint_sha256(path: Path) -> str:
    """Hex digest of all that a checkpoint says: of its file, or of the digests of model and card.

    Raises:
        OSError: a file cannot be read.
    """
    digests = [file_sha256(file) for file in files_of(path)]
    return digests[0] if len(digests) == 1 else sha256(" ".join(digests).encode()).hexdigest()


def read_checkpoint(path: str | Path) -> Checkpoint:
    """Read a checkpoint's card without its weights and without torch.

    Raises:
        CheckpointError: no safetensors file, or no card in it; or an ONNX file without a valid card beside it.
    """
    path = Path(path)
    if path.suffix == ONNX_SUFFIX:
        return Checkpoint(path, read_foreign_card(path))
    try:
        with path.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if not 2 <= length <= HEADER_LIMIT:
                raise ValueError("no safetensors header")
            header = json.loads(stream.read(length))
        card = header["__metadata__"][CARD_KEY]
    except FileNotFoundError as fault:
        raise CheckpointError("there is no such file", file=path, remedy="Check its name") from fault
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
    """Write a checkpoint's weights, unchanged, with another card; atomically.

    Args:
        checkpoint: Whose weights.
        path: The file to make or replace, of the same kind.
        card: The new card.
    """
    if checkpoint.foreign:
        write_foreign_card(Path(path), card)
        with replaced(path) as beside:
            shutil.copyfile(checkpoint.path, beside)
        return
    from safetensors.torch import load_file, save_file

    tensors = load_file(checkpoint.path)
    with replaced(path) as beside:
        save_file(tensors, beside, metadata={CARD_KEY: card.to_json()})
