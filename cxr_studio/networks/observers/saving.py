"""Observers on disk: one safetensors file with all members' weights, the card in its header."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from cxr_studio.errors import CheckpointError
from cxr_studio.files import replaced
from cxr_studio.networks.observers.network import KINDS, Kind, network_of
from cxr_studio.networks.observers.observer import Eye, Observer

CARD_KEY = "observer"
"""Where the card stands in the header; a generator's stands under "card", so neither is taken for the other."""


SHIPPED_FOLDER = "observers"
"""Folder among the resources."""


def save_observer(path: str | Path, observer: Observer) -> None:
    """Write an observer, weights as float16, atomically.

    Raises:
        WriteError: the file cannot be written.
    """
    from safetensors.torch import save_file

    tensors = {
        f"{place}.{name}": value.half().cpu().contiguous()
        for place, member in enumerate(observer.members)
        for name, value in member.state_dict().items()
    }
    card = {
        "kind": observer.kind,
        "eye": asdict(observer.eye),
        "members": len(observer.members),
        "card": observer.card,
    }
    with replaced(path) as beside:
        save_file(tensors, beside, metadata={CARD_KEY: json.dumps(card, sort_keys=True)})


def load_observer(path: str | Path) -> Observer:
    """Read an observer, on the CPU.

    Raises:
        CheckpointError: the file is no observer, or its weights do not fit.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), "pt") as content:
            facts = json.loads((content.metadata() or {})[CARD_KEY])
            tensors = {name: content.get_tensor(name).float() for name in content.keys()}  # noqa: SIM118
        return _observer(facts, tensors)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError) as fault:
        reason = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
        raise CheckpointError(
            f"the file is not an observer file of this version ({reason})",
            file=path,
            remedy="Train observers with cxr-studio evaluate --observer --save DIR",
        ) from fault


def shipped_observer(kind: Kind) -> Observer:
    """The observer of a kind that comes with the program.

    Raises:
        StudioError: it is missing from this installation.
    """
    from cxr_studio.resources import resource

    return load_observer(resource(SHIPPED_FOLDER, f"{kind}.safetensors"))


def _observer(facts: dict[str, Any], tensors: dict[str, Any]) -> Observer:
    if facts["kind"] not in KINDS:
        raise ValueError(f"unknown kind {facts['kind']!r}")
    kind = cast(Kind, facts["kind"])
    members = []
    for place in range(int(facts["members"])):
        network = network_of(kind)
        start = f"{place}."
        network.load_state_dict({k.removeprefix(start): v for k, v in tensors.items() if k.startswith(start)})
        members.append(network.eval().requires_grad_(False))
    if not members:
        raise ValueError("no networks")
    return Observer(kind, tuple(members), Eye(**facts["eye"]), facts["card"])
