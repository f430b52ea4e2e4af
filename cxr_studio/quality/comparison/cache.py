"""Cells on disk by the hash of all that they depend on; damaged files count as none, and the least used go first."""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from cxr_studio.errors import WriteError
from cxr_studio.files import replaced
from cxr_studio.metrics.frechet import Moments
from cxr_studio.quality.comparison.cell import Cell, CellScores
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.resources import cache_folder

LIMIT = 500 << 20
"""Bytes that the cells may take."""

KEPT = 0.9
"""Share of the limit that is left after the least used have gone."""

SUFFIX = ".npz"

DAMAGED = (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile, zlib.error)
"""What reading a damaged, torn or foreign file raises."""


def cell_key(case: LoadedCase, column_key: str, device: str) -> str:
    """Hex SHA-256 of a cell's provenance."""
    return sha256(f"{case.key} {column_key} {device}".encode()).hexdigest()


class CellCache:
    """Cells by key. Several programs may share a folder.

    Args:
        folder: Where; the program's cache folder by default.
        limit: Bytes that it may take.
    """

    def __init__(self, folder: Path | None = None, *, limit: int = LIMIT) -> None:
        self.folder = (folder or cache_folder()) / "cells"
        self.limit = limit
        self._taken: int | None = None
        self._lock = Lock()

    def read(self, key: str, case: LoadedCase) -> Cell | None:
        """The cell, or None where there is none or it is damaged."""
        path = self._path(key)
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as content:
                stored = content["stored"]
                scores, moments = _figures(content)
            if stored.dtype != case.radiograph.stored.dtype or stored.shape != case.original.shape:
                raise ValueError("another crop")
            os.utime(path)
        except DAMAGED:
            return None
        return Cell(case.unit_values(stored), scores, moments)

    def figures(self, key: str) -> tuple[CellScores, Moments | None] | None:
        """The figures of a cell without its pixels, or None as ``read``."""
        try:
            with np.load(self._path(key), allow_pickle=False) as content:
                return _figures(content)
        except DAMAGED:
            return None

    def write(self, key: str, cell: Cell, stored: Stored) -> None:
        """Keep a cell; where the disk is full or read-only it is not kept.

        Args:
            key: From ``cell_key``.
            cell: The cell.
            stored: Its crop as stored values, from which ``filled`` is made again exactly.
        """
        entries: dict[str, Any] = {"stored": stored}
        if cell.moments is not None:
            entries |= {
                "mean": cell.moments.mean.astype(np.float32),
                "scatter": cell.moments.scatter.astype(np.float32),
            }
        count = 0 if cell.moments is None else cell.moments.count
        words = json.dumps({"scores": cell.scores.as_dict(), "count": count})
        entries["figures"] = np.frombuffer(words.encode(), np.uint8)
        path = self._path(key)
        try:
            with replaced(path) as beside, beside.open("wb") as stream:
                np.savez_compressed(stream, **entries)
            self._count(path.stat().st_size)
        except (WriteError, OSError):
            return

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}{SUFFIX}"

    def _count(self, added: int) -> None:
        with self._lock:
            self._taken = sum(size for _, size, _ in self._listed()) if self._taken is None else self._taken + added
            if self._taken > self.limit:
                self._taken = self._shrink()

    def _shrink(self) -> int:
        """Remove the least recently used; returns the bytes left."""
        listed = sorted(self._listed())
        left = sum(size for _, size, _ in listed)
        for _, size, path in listed:
            if left <= KEPT * self.limit:
                break
            path.unlink(missing_ok=True)
            left -= size
        return left

    def _listed(self) -> list[tuple[int, int, Path]]:
        found = []
        for path in self.folder.glob(f"*/*{SUFFIX}"):
            try:
                facts = path.stat()
            except OSError:
                continue
            found.append((facts.st_mtime_ns, facts.st_size, path))
        return found


def _figures(content: Any) -> tuple[CellScores, Moments | None]:
    words = json.loads(bytes(content["figures"]))
    scores, count = CellScores.from_dict(words["scores"]), int(words["count"])
    if not count:
        return scores, None
    return scores, Moments(count, content["mean"].astype(np.float64), content["scatter"].astype(np.float64))
