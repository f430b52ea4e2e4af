"""Which architectures there are, and which checkpoints can be found."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cxr_studio.errors import CheckpointError, reason_of
from cxr_studio.networks.card import Card
from cxr_studio.networks.checkpoint import SUFFIXES, Checkpoint, files_of, read_checkpoint
from cxr_studio.resources import resource, user_models

if TYPE_CHECKING:
    from torch import nn

State = tuple[Path, tuple[int, ...]]
"""A checkpoint's file, and when it was changed."""


def build(card: Card) -> nn.Module:
    """Make the network that a card names, with fresh weights: ``NETWORK`` of the module of that name in this room.

    Raises:
        CheckpointError: unknown architecture or parameters that it does not take, or its module has a fault.
    """
    network_class = _network_class(card.architecture)
    sides = {"input_side": card.input_side} | ({"hole_side": card.hole_side} if card.hole_side else {})
    try:
        network: nn.Module = network_class(**card.parameters, **sides)
    except (TypeError, ValueError) as fault:
        raise CheckpointError(f"the network {card.architecture!r} cannot be built ({fault})") from fault
    return network


def _network_class(architecture: str) -> type[nn.Module]:
    module = _module(architecture)
    file = f"{module.rpartition('.')[2]}.py"
    try:
        found: type[nn.Module] | None = getattr(import_module(module), "NETWORK", None)
    except (ImportError, SyntaxError, NameError, AttributeError, TypeError) as fault:
        what = f"the network {architecture!r} cannot be read ({reason_of(fault)})"
        raise CheckpointError(what, remedy=f"Fix {file} in cxr_studio/networks") from fault
    if found is None:
        what = f"the card names an unknown network {architecture!r}: its module has no NETWORK"
        raise CheckpointError(what, remedy=f"End cxr_studio/networks/{file} with NETWORK = …")
    return found


def load_network(checkpoint: Checkpoint, device: str = "cpu") -> nn.Module:
    """Build the network that the card names, load its weights as float32, and set it to evaluation.

    Raises:
        CheckpointError: unknown architecture, or the weights do not fit it or are not finite; or an ONNX file cannot be
            run, or is not as its card says.
    """
    if checkpoint.foreign:
        from cxr_studio.networks.onnx_model import onnx_network

        return onnx_network(checkpoint.path, checkpoint.card).eval()
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    card = checkpoint.card
    network = build(card)
    try:
        tensors = load_file(checkpoint.path)
        if not all(bool(torch.isfinite(t).all()) for t in tensors.values() if t.is_floating_point()):
            raise ValueError("a weight is not a finite number")
        network.load_state_dict({k: t.float() if t.is_floating_point() else t for k, t in tensors.items()})
    except (OSError, SafetensorError, RuntimeError, ValueError) as fault:
        reason = str(fault).splitlines()[0]
        raise CheckpointError(
            f"the weights do not fit the network {card.architecture!r} ({reason})",
            file=checkpoint.path,
            remedy="Export the checkpoint again",
        ) from fault
    return network.eval().requires_grad_(False).to(device)


def find_checkpoints() -> dict[str, Checkpoint]:
    """Return every checkpoint that can be offered by its card's name, bundled ones first, then the user's folder.

    A user's checkpoint takes the place of a bundled one of the same name and role. ``unreadable_checkpoints`` names the
    files that are left out.
    """
    return dict(_sorted_out(_states())[0])


def ships(checkpoint: Checkpoint | None) -> bool:
    """True for a checkpoint of the package, rather than a user's."""
    return checkpoint is not None and checkpoint.path.parent == resource("checkpoints")


def unreadable_checkpoints() -> list[CheckpointError]:
    """Return why ``find_checkpoints`` left files out, a sentence for each."""
    faults = _sorted_out(_states())[1]
    return [CheckpointError(fault.what, file=fault.file, remedy=fault.remedy) for fault in faults]


@lru_cache(maxsize=4)
def _sorted_out(states: tuple[State, ...]) -> tuple[dict[str, Checkpoint], tuple[CheckpointError, ...]]:
    """Checkpoints and faults, found out once for every state of the folders: each start asks several times."""
    found: dict[str, Checkpoint] = {}
    faults: list[CheckpointError] = []
    for path, _ in states:
        try:
            checkpoint = checkpoint_at(path)
            if not checkpoint.foreign:
                _module(checkpoint.card.architecture)
            _check_name(checkpoint, found.get(checkpoint.card.name))
        except CheckpointError as fault:
            faults.append(CheckpointError(fault.what, file=fault.file or path, remedy=fault.remedy))
        else:
            found[checkpoint.card.name] = checkpoint
    return found, tuple(faults)


def _check_name(checkpoint: Checkpoint, other: Checkpoint | None) -> None:
    """Refuse a name that another checkpoint has: of another role, or in the same folder.

    Raises:
        CheckpointError: which one.
    """
    if other is None:
        return
    name, role = checkpoint.card.name, other.card.role
    if checkpoint.card.role is not role:
        what = f"its card has the name {name!r}, which a checkpoint of role {role} has"
    elif checkpoint.path.parent == other.path.parent:
        what = f"its card has the name {name!r}, as {other.path.name} has"
    else:
        return
    raise CheckpointError(what, file=checkpoint.path, remedy="Give one of them another name on its card")


def checkpoint_at(path: Path) -> Checkpoint:
    """Read the checkpoint of a file, once for every state of it, so that its hash is computed once too.

    Raises:
        CheckpointError: the file is no checkpoint.
    """
    changed = _changed(path)
    return _read(path, changed) if changed else read_checkpoint(path)


@lru_cache(maxsize=1024)
def _read(path: Path, changed: tuple[int, ...]) -> Checkpoint:  # noqa: ARG001
    """Read a card once for every state of its file, so that its hash is computed once too."""
    return read_checkpoint(path)


def _module(architecture: str) -> str:
    """The module of an architecture: "context-encoder" is ``context_encoder`` in this room.

    Raises:
        CheckpointError: there is none.
    """
    name = f"{__package__}.{architecture.replace('-', '_')}"
    if not architecture.replace("-", "_").isidentifier() or find_spec(name) is None:
        raise _unknown(architecture)
    return name


def _unknown(architecture: str) -> CheckpointError:
    return CheckpointError(
        f"the card names an unknown network {architecture!r}",
        remedy=f"Put its module {architecture.replace('-', '_')}.py into cxr_studio/networks",
    )


def _states() -> tuple[State, ...]:
    """The checkpoint files of both folders, the user's last, each with when it was changed."""
    folders = [resource("checkpoints"), user_models()]
    return tuple((path, _changed(path)) for folder in folders for path in _files(folder))


def _files(folder: Path) -> list[Path]:
    try:
        names = [name for name in os.listdir(folder) if name.endswith(SUFFIXES) and not name.startswith(".")]
    except OSError:
        return []
    return [folder / name for name in sorted(names, key=lambda name: (SUFFIXES.index(Path(name).suffix), name))]


def _changed(path: Path) -> tuple[int, ...]:
    """When the files of a checkpoint were changed, or may be read by somebody else; () where one is missing."""
    try:
        found = [file.stat() for file in files_of(path)]
    except OSError:
        return ()
    return tuple(time for status in found for time in (status.st_mtime_ns, status.st_ctime_ns))
