"""Cells on disk by the hash of all that they depend on; damaged files count as none, and the least used go first."""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from cxr_studio.errors import WriteError
from cxr_studio.files import replaced
from cxr_studio.metrics.frechet import Moments
from cxr_studio.quality.comparison.cell import Cell, CellScores, figure
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.quality.limited_folder import LimitedFolder
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.resources import cache_folder

LIMIT = 500 << 20
"""Bytes that the cells may take."""

PACKING = 1
"""zlib's level: pictures with noise hardly shrink further."""

CELLS = "cells"
"""Folder of the cells, within a cache's or a job's."""

CELL, MEANS = ".cell", ".json"
"""Endings of a cell's file and of a column's means."""

DAMAGED = (OSError, ValueError, KeyError, TypeError, SafetensorError, zlib.error)
"""What reading a damaged, torn or foreign file raises."""


def cell_key(case: LoadedCase, column_key: str, device: str) -> str:
    """Hex SHA-256 of a cell's provenance."""
    return key_of(case.key, column_key, device)


def key_of(case_key: str, column_key: str, device: str) -> str:
    """The same, of a case that is not loaded."""
    return sha256(f"{case_key} {column_key} {device}".encode()).hexdigest()


def means_key(cases: Sequence[LoadedCase], column_key: str, device: str) -> str:
    """Hex SHA-256 of all that a column's means depend on."""
    return sha256(" ".join(cell_key(case, column_key, device) for case in cases).encode()).hexdigest()


def place_of(key: str, suffix: str = CELL) -> Path:
    """Where what has a key lies, within the folder of the cells."""
    return Path(key[:2]) / f"{key}{suffix}"


class CellCache:
    """Cells by key. Several programs may share a folder.

    Args:
        folder: Where; the program's cache folder by default.
        limit: Bytes that it may take.
    """

    def __init__(self, folder: Path | None = None, *, limit: int = LIMIT) -> None:
        self.folder = (folder or cache_folder()) / CELLS
        self._room = LimitedFolder(self.folder, limit)

    def read(self, key: str, case: LoadedCase) -> Cell | None:
        """The cell, or None where there is none or it is damaged."""
        path = self._path(key)
        try:
            with safe_open(path, framework="np") as content:
                scores, moments = _figures(content)
                stored = _stored(content, case)
            self._room.used(path)
        except DAMAGED:
            return None
        return Cell(case.unit_values(stored), scores, moments)

    def figures(self, key: str) -> tuple[CellScores, Moments | None] | None:
        """The figures of a cell without its pixels, or None as ``read``."""
        try:
            with safe_open(self._path(key), framework="np") as content:
                return _figures(content)
        except DAMAGED:
            return None

    def write(self, key: str, cell: Cell, stored: Stored) -> bool:
        """Keep a cell; False where the disk is full or read-only and it is not kept.

        Args:
            key: From ``cell_key``.
            cell: The cell.
            stored: Its crop as stored values, from which ``filled`` is made again exactly.
        """
        try:
            self._save(key, cell, stored)
        except (WriteError, OSError):
            return False
        return True

    def means(self, key: str) -> dict[str, float] | None:
        """A column's means that were kept, or None where there are none or they are damaged."""
        path = self._path(key, MEANS)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            found = {str(name): figure(value) for name, value in content.items()}
            self._room.used(path)
        except (*DAMAGED, AttributeError):
            return None
        return found

    def keep_means(self, key: str, means: dict[str, float]) -> None:
        """Keep a column's means, so that its cells need not be looked through again; or not, as ``write``."""
        path = self._path(key, MEANS)
        try:
            with replaced(path) as beside:
                beside.write_text(json.dumps(means), encoding="utf-8")
            self._room.written(path)
        except (WriteError, OSError):
            return

    def _save(self, key: str, cell: Cell, stored: Stored) -> None:
        packed = zlib.compress(np.ascontiguousarray(stored).data, PACKING)
        numbers = np.zeros(0, np.float32)
        if cell.moments is not None:
            upper = cell.moments.scatter[_upper(len(cell.moments.mean))]
            numbers = np.concatenate([cell.moments.mean, upper]).astype(np.float32)
        entries: dict[str, Any] = {"stored": np.frombuffer(packed, np.uint8), "moments": numbers}
        count = 0 if cell.moments is None else cell.moments.count
        words = json.dumps({"scores": cell.scores.as_dict(), "count": count})
        checksum = zlib.crc32(words.encode() + numbers.tobytes())
        from safetensors.numpy import save_file

        path = self._path(key)  # several entries of metadata would stand in another order in every process
        with replaced(path) as beside:
            save_file(entries, beside, metadata={"cell": json.dumps([words, checksum])})
        self._room.written(path)

    def _path(self, key: str, suffix: str = CELL) -> Path:
        return self.folder / place_of(key, suffix)


class CellFolder(CellCache):
    """Cells of a job: none gives way to others, and one that cannot be kept is a fault.

    Args:
        folder: Of the job.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, limit=sys.maxsize)

    def write(self, key: str, cell: Cell, stored: Stored) -> bool:
        """Keep a cell; see ``CellCache.write``.

        Raises:
            WriteError: the disk is full or read-only.
        """
        self._save(key, cell, stored)
        return True


def _figures(content: Any) -> tuple[CellScores, Moments | None]:
    (figures, checksum), numbers = json.loads(content.metadata()["cell"]), content.get_tensor("moments")
    if zlib.crc32(figures.encode() + numbers.tobytes()) != checksum:
        raise ValueError("damaged")
    words = json.loads(figures)
    scores, count = CellScores.from_dict(words["scores"]), int(words["count"])
    if not count:
        return scores, None
    side = int(np.sqrt(2 * len(numbers) + 2.25) - 1.5)
    scatter = np.empty((side, side))
    rows, columns = _upper(side)
    scatter[rows, columns] = scatter[columns, rows] = numbers[side:]
    return scores, Moments(count, numbers[:side].astype(np.float64), scatter)


@lru_cache(maxsize=8)
def _upper(side: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of the upper triangle, diagonal included."""
    rows, columns = np.triu_indices(side)
    return rows, columns


def _stored(content: Any, case: LoadedCase) -> Stored:
    stored = np.frombuffer(zlib.decompress(content.get_tensor("stored").data), case.radiograph.stored.dtype)
    return stored.reshape(case.original.shape)  # type: ignore[return-value]
