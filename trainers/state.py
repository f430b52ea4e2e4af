"""The state of a training on disk, as safetensors: with it a run resumes bit for bit. No pickle."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from cxr_studio.errors import CheckpointError
from cxr_studio.files import replaced
from trainers.task import Task

RANDOM = "random.cpu"


@dataclass(frozen=True)
class Position:
    """Where a training stands.

    Attributes:
        step: Steps done.
        seconds: Wall time so far, s.
        recipe: TOML text of the recipe that it runs.
        watch: How far a score that is followed has come; see convergence.Watch.
        processor_seconds: Processor time of the steps so far, s.
    """

    step: int
    seconds: float
    recipe: str
    watch: dict[str, Any] = field(default_factory=dict)
    processor_seconds: float = 0.0


def save_state(path: Path, task: Task[Any, Any], position: Position) -> None:
    """Write weights, optimiser moments, random state and position, atomically."""
    tensors: dict[str, Tensor] = {RANDOM: torch.get_rng_state()}
    if torch.cuda.is_available():
        tensors |= {f"random.cuda.{k}": state for k, state in enumerate(torch.cuda.get_rng_state_all())}
    for name, module in task.modules.items():
        tensors |= {f"module.{name}.{key}": value for key, value in module.state_dict().items()}
    for name, optimiser in task.optimisers.items():
        for index, moments in optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{name}.{index}.{key}": torch.as_tensor(v) for key, v in moments.items()}
    unshared = {key: value.detach().cpu().clone().contiguous() for key, value in tensors.items()}
    with replaced(path) as beside:
        save_file(unshared, beside, metadata={"position": json.dumps(vars(position))})


def load_state(path: Path, task: Task[Any, Any]) -> Position:
    """Put a saved state back into a task that was built from the same recipe.

    Raises:
        CheckpointError: the file is missing, damaged, or of another network.
    """
    try:
        with safe_open(path, framework="pt") as archive:
            position = Position(**json.loads(archive.metadata()["position"]))
            tensors = {key: archive.get_tensor(key) for key in archive.keys()}  # noqa: SIM118
        _restore(task, tensors)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as fault:
        raise CheckpointError(
            f"the training cannot be resumed ({str(fault).splitlines()[0]})",
            file=path,
            remedy="Start it in another folder",
        ) from fault
    return position


def _restore(task: Task[Any, Any], tensors: dict[str, Tensor]) -> None:
    for name, module in task.modules.items():
        module.load_state_dict(_below(tensors, f"module.{name}."))
    for name, optimiser in task.optimisers.items():
        state: dict[int, dict[str, Any]] = {}
        for key, value in _below(tensors, f"optimiser.{name}.").items():
            index, moment = key.split(".", 1)
            state.setdefault(int(index), {})[moment] = value
        optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
    torch.set_rng_state(tensors[RANDOM])
    cuda = _below(tensors, "random.cuda.")
    if cuda and torch.cuda.is_available():
        torch.cuda.set_rng_state_all([cuda[key] for key in sorted(cuda, key=int)])


def _below(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key[len(prefix) :]: value for key, value in tensors.items() if key.startswith(prefix)}
