"""Which architectures there are, and which checkpoints can be found."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.errors import CheckpointError
from cxr_studio.networks.card import Card
from cxr_studio.networks.checkpoint import Checkpoint, read_checkpoint
from cxr_studio.resources import resource, user_models

if TYPE_CHECKING:
    from torch import nn

ARCHITECTURES: dict[str, tuple[str, str]] = {
    "context-encoder": ("cxr_studio.networks.context_encoder", "ContextEncoder"),
    "compact-context-encoder": ("cxr_studio.networks.compact", "CompactContextEncoder"),
    "inpainter": ("cxr_studio.networks.inpainter", "Inpainter"),
    "fc-densenet": ("cxr_studio.networks.tiramisu", "FCDenseNet"),
    "texture": ("cxr_studio.networks.texture", "TextureGenerator"),
    "compact-texture": ("cxr_studio.networks.compact_texture", "CompactTextureGenerator"),
    "shape-generator": ("cxr_studio.networks.shape_generator", "ShapeGenerator"),
}
"""Card.architecture → module and class, imported only when one is built."""


def build(card: Card) -> nn.Module:
    """Make the network that a card names, with fresh weights.

    Raises:
        CheckpointError: unknown architecture or parameters that it does not take.
    """
    if card.architecture not in ARCHITECTURES:
        raise CheckpointError(
            f"the card names an unknown network {card.architecture!r}",
            remedy=f"This version knows {', '.join(ARCHITECTURES)}",
        )
    module, name = ARCHITECTURES[card.architecture]
    sides = {"input_side": card.input_side} | ({"hole_side": card.hole_side} if card.hole_side else {})
    try:
        network: nn.Module = getattr(import_module(module), name)(**card.parameters, **sides)
    except (TypeError, ValueError) as fault:
        raise CheckpointError(f"the network {card.architecture!r} cannot be built ({fault})") from fault
    return network


def find_checkpoints() -> dict[str, Checkpoint]:
    """Return every readable checkpoint by its card's name, bundled ones first, then the user's folder.

    A user's checkpoint takes the place of a bundled one of the same name. A file that cannot be read is
    left out here; ``unreadable_checkpoints`` names it.
    """
    found: dict[str, Checkpoint] = {}
    for path in _files():
        try:
            checkpoint = _read(path, path.stat().st_mtime_ns)
        except CheckpointError:
            continue
        found[checkpoint.card.name] = checkpoint
    return found


def unreadable_checkpoints() -> list[CheckpointError]:
    """Return the fault of every checkpoint file that ``find_checkpoints`` left out."""
    faults = []
    for path in _files():
        try:
            read_checkpoint(path)
        except CheckpointError as fault:
            faults.append(fault)
    return faults


def checkpoint_at(path: Path) -> Checkpoint:
    """Read the checkpoint of a file, once for every state of it, so that its hash is computed once too.

    Raises:
        CheckpointError: the file is no checkpoint.
    """
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return read_checkpoint(path)
    return _read(path, changed)


@lru_cache(maxsize=1024)
def _read(path: Path, changed: int) -> Checkpoint:  # noqa: ARG001
    """Read a card once for every state of its file, so that its hash is computed once too."""
    return read_checkpoint(path)


def _files() -> list[Path]:
    folders = [resource("checkpoints"), user_models()]
    return [path for folder in folders for path in sorted(folder.glob("*.safetensors"))]
