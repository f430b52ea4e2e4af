"""A folder of answers that can be made again, within a limit: the least recently used go first."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from threading import Lock

KEPT = 0.9
"""Share of the limit that is left after the least used have gone."""

RECOUNTED = 1 / 16
"""Share of the limit after which the folder is counted again: other processes write into it too."""


class LimitedFolder:
    """Counts what is written into a folder's subfolders, and deletes what was used longest ago.

    Several programs may share a folder: each may be ahead of the count by ``RECOUNTED`` of the limit.

    Args:
        folder: Where; files one level below it count, hidden ones do not.
        limit: Bytes that they may take.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder, self.limit = folder, limit
        self._taken: int | None = None
        self._since = 0
        self._lock = Lock()

    def used(self, path: Path) -> None:
        """Note that a file was read."""
        with suppress(OSError):
            os.utime(path)

    def written(self, path: Path) -> None:
        """Note that a file was written, and make room where the limit is passed."""
        try:
            added = path.stat().st_size
        except OSError:
            return
        with self._lock:
            self._since += added
            if self._taken is None or self._since > RECOUNTED * self.limit:
                self._taken, self._since = sum(size for _, size, _ in self._listed()), 0
            else:
                self._taken += added
            if self._taken > self.limit:
                self._taken, self._since = self._shrink(), 0

    def _shrink(self) -> int:
        """Remove the least recently used; returns the bytes left."""
        listed = sorted(self._listed())
        left = sum(size for _, size, _ in listed)
        for _, size, path in listed:
            if left <= KEPT * self.limit:
                break
            with suppress(OSError):
                path.unlink(missing_ok=True)
                left -= size
        return left

    def _listed(self) -> list[tuple[int, int, Path]]:
        """When it was used, bytes, file."""
        found = []
        for path in self.folder.glob("*/[!.]*"):
            with suppress(OSError):
                facts = path.stat()
                found.append((facts.st_mtime_ns, facts.st_size, path))
        return found
