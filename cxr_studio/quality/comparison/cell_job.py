"""The cells of a comparison as a batch: every case by every column."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from cxr_studio.jobs.batch import Batch
from cxr_studio.quality.comparison.cache import CELLS, CellFolder, key_of, place_of
from cxr_studio.quality.comparison.cells import CellMaker
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.panel import Panel
from cxr_studio.version import program_version


@dataclass(frozen=True)
class CellJob(Batch):
    """Cells, column by column, so that a process keeps one network at a time.

    Attributes:
        panel: The rows.
        columns: The checkpoints.
        folder: Gets the cells, as the program's cache has them.
        keys: Of the cases; see ``LoadedCase.key``.
        device: Where generators run.
    """

    panel: Panel
    columns: tuple[Column, ...]
    folder: Path
    keys: tuple[str, ...]
    device: str = "auto"

    command: ClassVar[str] = "qa"
    noun: ClassVar[str] = "cell"
    kind: ClassVar[str] = "comparison"
    folders: ClassVar[tuple[str, ...]] = tuple(f"{CELLS}/{first:02x}" for first in range(256))

    @property
    def count(self) -> int:
        """Cells."""
        return len(self.keys) * len(self.columns)

    def plan_text(self) -> str:
        """Cases and columns by their hashes."""
        cases = [[case.name, key] for case, key in zip(self.panel.cases, self.keys, strict=True)]
        stated: dict[str, Any] = {"cases": cases, "columns": [[column.key, column.title] for column in self.columns]}
        stated |= {"panel": self.panel.name, "grain": self.panel.grain, "device": self.device}
        return json.dumps({**stated, "version": program_version()}, indent=1, sort_keys=True) + "\n"

    def make(self, index: int) -> None:
        """Draw and measure a cell."""
        column, case = divmod(index, len(self.keys))
        self.maker().make(self.panel.cases[case], self.columns[column])

    def mark(self, index: int) -> str:
        """Its file."""
        column, case = divmod(index, len(self.keys))
        key = key_of(self.keys[case], self.columns[column].key, self.device)
        return f"{CELLS}/{place_of(key).as_posix()}"

    def group(self, index: int) -> int:
        """Its column."""
        return index // len(self.keys)

    def maker(self) -> CellMaker:
        """Makes the cells, or finds them; one in every process."""
        return _maker(self.panel, self.folder, self.device)


def cell_job(panel: Panel, columns: Sequence[Column], folder: Path, *, device: str = "auto") -> CellJob:
    """The job of a comparison.

    Raises:
        StudioError: a case cannot be read.
    """
    maker = _maker(panel, folder, device)
    return CellJob(panel, tuple(columns), folder, tuple(maker.loaded(case).key for case in panel.cases), device)


@lru_cache(maxsize=1)
def _maker(panel: Panel, folder: Path, device: str) -> CellMaker:
    return CellMaker(panel, cache=CellFolder(folder), device=device, timed=False)
