"""Hashes of checkpoint files, computed once for every state of a file and remembered on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cxr_studio.errors import CheckpointError, WriteError
from cxr_studio.files import replaced
from cxr_studio.networks.checkpoint import checkpoint_sha256, files_of
from cxr_studio.resources import cache_folder

NAME = "hashes.json"

MOST = 5000
"""Files that are remembered; the oldest entries go."""


class HashMemory:
    """SHA-256 of files by path, size and time of change.

    Args:
        folder: Where the memory is kept; the cache folder by default. A damaged memory counts as none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._path = (folder or cache_folder()) / NAME
        self._known: dict[str, list[Any]] = _read(self._path)
        self._changed = False

    def sha256(self, path: Path) -> str:
        """Hex digest of a file.

        Raises:
            CheckpointError: it cannot be read.
        """
        try:
            facts, name = [file.stat() for file in files_of(path)], str(path.resolve())
            state = [sum(one.st_size for one in facts), max(one.st_mtime_ns for one in facts)]
            if self._known.get(name, [])[:2] != state:
                self._known.pop(name, None)
                self._known[name] = [*state, checkpoint_sha256(path)]
                self._changed = True
        except OSError as fault:
            raise CheckpointError(f"the file cannot be read ({fault.strerror})", file=path) from fault
        return str(self._known[name][2])

    def save(self) -> None:
        """Write what is new; a full or read-only disk only costs time later."""
        if not self._changed:
            return
        kept = dict(list(self._known.items())[-MOST:])
        try:
            with replaced(self._path) as beside:
                beside.write_text(json.dumps(kept), encoding="utf-8")
        except WriteError:
            return
        self._changed = False


def _read(path: Path) -> dict[str, list[Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: entry for name, entry in content.items() if isinstance(entry, list) and len(entry) == 3}
