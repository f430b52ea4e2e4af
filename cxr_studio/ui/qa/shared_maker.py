"""A maker of cells that the grid and a report may use at the same time."""

from __future__ import annotations

from threading import Lock

from cxr_studio.events import CancelToken
from cxr_studio.quality.comparison.cells import Cell, CellCache, CellMaker
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.panel import Case, Panel


class SharedMaker(CellMaker):
    """Makes one cell at a time, whoever asks."""

    def __init__(self, panel: Panel, *, cache: CellCache | None = None, device: str = "auto") -> None:
        super().__init__(panel, cache=cache, device=device)
        self._one = Lock()

    def make(self, case: Case, column: Column, *, cancel: CancelToken | None = None) -> Cell:
        """See ``CellMaker.make``; waits while another thread makes one."""
        with self._one:
            return super().make(case, column, cancel=cancel)
