"""Weights that a training starts from: checkpoints, or the state of another training."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from cxr_studio.errors import CheckpointError, RecipeError
from cxr_studio.files import file_sha256

MODULE = "module."
"""Begins a network's weights in a state; its name and a dot follow."""

AVERAGE = "average"
"""Name of the averaged weights in a state."""


def start_from(networks: Mapping[str, nn.Module], files: tuple[str, ...], *, main: str) -> tuple[str, ...]:
    """Load weights; optimisers start without history. Takes nothing from torch's random stream.

    A state (``state.safetensors`` of a run) gives every network of the same name its own, with the averaged weights for
    the one that ships; a checkpoint is that of the network that ships. Later files go over earlier ones.

    Args:
        networks: Networks by name.
        files: Safetensors files.
        main: Name of the network that ships.

    Returns:
        A sentence for each file, for the card.

    Raises:
        RecipeError: a file is missing or damaged, or holds no weights of these networks.
        CheckpointError: weights do not fit.
    """
    return tuple(_loaded(networks, Path(file), main) for file in files)


def _loaded(networks: Mapping[str, nn.Module], path: Path, main: str) -> str:
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as fault:
        what = f"start.weights: the weights cannot be read ({fault})"
        raise RecipeError(what, file=path, remedy="Name a state or a checkpoint, a .safetensors file") from fault
    parts = _by_network(tensors, main)
    known = [name for name in networks if name in parts]
    if not known:
        raise RecipeError(
            f"start.weights: the file holds weights of {', '.join(sorted(parts))}, none of {', '.join(networks)}",
            file=path,
            remedy="Name a state or a checkpoint of this system",
        )
    for name in known:
        _load(networks[name], parts[name], path, name)
    return f"Started from the weights of {path.name} (SHA-256 {file_sha256(path)}): {', '.join(known)}."


def _by_network(tensors: dict[str, Tensor], main: str) -> dict[str, dict[str, Tensor]]:
    """Weights by name of the network, full precision."""
    found: dict[str, dict[str, Tensor]] = {}
    state = any(key.startswith(MODULE) for key in tensors)
    for key, value in tensors.items():
        if state and not key.startswith(MODULE):
            continue
        name, _, rest = key.removeprefix(MODULE).partition(".") if state else (main, "", key)
        found.setdefault(name, {})[rest] = value.float() if value.is_floating_point() else value
    if AVERAGE in found:
        found[main] = found.pop(AVERAGE)
    return found


def _load(network: nn.Module, weights: dict[str, Tensor], path: Path, name: str) -> None:
    try:
        network.load_state_dict(weights)
    except RuntimeError as fault:
        reason = " ".join(str(fault).split("\n\t")[1:2]) or str(fault).splitlines()[0]
        raise CheckpointError(
            f"start.weights: they do not fit the {name} ({reason})",
            file=path,
            remedy="Start from weights of the same architecture and parameters",
        ) from fault
