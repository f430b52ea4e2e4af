"""The networks that are loaded: one pool for all roles, within a budget of memory; the least recently used goes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar, cast

from cxr_studio.networks.checkpoint import Checkpoint

L = TypeVar("L")

Key = tuple[str, str, str]
"""Hash of the checkpoint file, device, and what it was loaded for."""

BUDGET = 2 << 30
"""Bytes of weights that stay loaded on each device; those of the shipped generators together take 0.1 GiB."""


@dataclass
class _Place:
    """One network: loaded once, whoever asks first, while the others wait."""

    path: Path
    lock: RLock = field(default_factory=RLock)
    loaded: Any = None
    size: int = 0


class Pool:
    """Loaded networks by checkpoint and device. Any thread may ask. Once a file changed, its old network goes.

    Args:
        budget: Bytes of weights on each device.

    Attributes:
        budget: The same; a smaller one counts from the next load.
    """

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self._lock = RLock()
        self._places: OrderedDict[Key, _Place] = OrderedDict()

    def take(self, checkpoint: Checkpoint, device: str, load: Callable[[Checkpoint, str], L]) -> L:
        """Return a network that is loaded, or load it; the least recently used ones of its device make room.

        Args:
            checkpoint: Its file; another content is another network.
            device: torch's name of the device.
            load: Loads it, called once; what it returns is a module, or has one as ``module``.

        Raises:
            CheckpointError: the weights do not fit; nothing is kept of it.
        """
        key = checkpoint.sha256, device, f"{load.__module__}.{load.__qualname__}"
        with self._lock:
            place = self._places.setdefault(key, _Place(checkpoint.path))
            self._places.move_to_end(key)
        with place.lock:
            if place.loaded is None:
                size = checkpoint.path.stat().st_size
                self._load(key, place, lambda: load(checkpoint, device), size=size)
            return cast(L, place.loaded)

    def release(self, device: str) -> None:
        """Forget every network on a device: it ran out of memory, or was lost."""
        with self._lock:
            for key in [key for key in self._places if key[1] == device]:
                del self._places[key]

    def used(self, device: str) -> int:
        """Bytes of weights that are kept on a device."""
        with self._lock:
            return sum(place.size for key, place in self._places.items() if key[1] == device)

    def _load(self, key: Key, place: _Place, load: Callable[[], object], *, size: int) -> None:
        try:
            place.loaded = load()
        except BaseException:
            with self._lock:
                if self._places.get(key) is place:
                    del self._places[key]
            raise
        with self._lock:
            place.size = bytes_of(place.loaded) or size
            for old in [one for one, other in self._places.items() if one[0] != key[0] and other.path == place.path]:
                if self._places[old].loaded is not None:
                    del self._places[old]
            self._make_room(key)

    def _make_room(self, newest: Key) -> None:
        """Forget the least recently used ones of a device until the rest fits; what was just loaded stays."""
        over = self.used(newest[1]) - self.budget
        for key in [key for key in self._places if key[1] == newest[1] and key != newest]:
            if over <= 0:
                return
            if self._places[key].loaded is not None:  # else it is being loaded
                over -= self._places.pop(key).size


def bytes_of(loaded: object) -> int:
    """Bytes of a module's weights and buffers; of whatever holds one as ``module``, those of the module."""
    module: Any = getattr(loaded, "module", loaded)
    tensors = (*module.parameters(), *module.buffers())
    return sum(int(tensor.numel() * tensor.element_size()) for tensor in tensors)


POOL = Pool()
"""The program's own."""
