"""Which columns stand where: as trained, sorted by a figure, or blind; and which cell is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.panel import Panel
from cxr_studio.quality.comparison.scores import ColumnScores, sorted_columns
from cxr_studio.quality.comparison.shuffling import blind_order


class Lineup(QObject):
    """Rows and columns of the grid and the current cell.

    Signals:
        changed: Columns came, or stand in another order.
        moved: Another cell is the current one.
        reference_changed: Another column, or the original, is the reference.

    Attributes:
        panel: The rows.
        columns: The true columns in the order in which they came.
        shown: As they stand in the grid; in blind mode letters instead of titles.
        blind: Whether they are shuffled and unnamed.
        row: Number of the current case.
        key: Key of the current column, "" while there is none.
        reference: Key of the reference column, "" for the original.
        waiting: Columns that came during blind mode.
    """

    changed = Signal()
    moved = Signal()
    reference_changed = Signal()

    def __init__(self, panel: Panel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.panel = panel
        self.columns: tuple[Column, ...] = ()
        self.shown: tuple[Column, ...] = ()
        self.waiting: tuple[Column, ...] = ()
        self.blind = False
        self.row, self.key, self.reference = 0, "", ""

    @property
    def column(self) -> Column | None:
        """The current column as it is shown."""
        return next((column for column in self.shown if column.key == self.key), None)

    @property
    def true_column(self) -> Column | None:
        """The current column as it is."""
        return next((column for column in self.columns if column.key == self.key), None)

    @property
    def place(self) -> int:
        """Number of the current column, -1 without one."""
        return next((k for k, column in enumerate(self.shown) if column.key == self.key), -1)

    def add(self, new: Sequence[Column]) -> tuple[Column, ...]:
        """Put new columns at the end; in blind mode they wait. Returns those that were not there."""
        known = {column.key for column in (*self.columns, *self.waiting)}
        fresh = tuple(column for column in new if column.key not in known)
        if not fresh:
            return ()
        if self.blind:
            self.waiting += fresh
            return fresh
        self.columns += fresh
        self.shown += fresh
        self.key = self.key or self.shown[0].key
        self.changed.emit()
        return fresh

    def clear(self) -> None:
        """No columns."""
        self.columns = self.shown = self.waiting = ()
        self.blind = False
        self.row, self.key, self.reference = 0, "", ""
        self.changed.emit()

    def sort(self, metric: str, scores: Mapping[str, ColumnScores]) -> None:
        """Put the best column of a metric first."""
        if not self.blind:
            self.shown = sorted_columns(self.shown, scores, metric)
            self.changed.emit()

    def sort_by_step(self) -> None:
        """Put runs in the order named, each in step order."""
        if not self.blind:
            runs = list(dict.fromkeys(column.run for column in self.columns))
            self.shown = tuple(sorted(self.columns, key=lambda c: (runs.index(c.run), c.step or 0)))
            self.changed.emit()

    def begin_blind(self, seed: int) -> None:
        """Shuffle and unname; nothing that was pointed at stays pointed at."""
        self.blind = True
        self.shown = blind_order(self.columns, seed)
        self._start_over()

    def end_blind(self) -> None:
        """Name the columns again, and let those in that have come meanwhile."""
        self.blind = False
        self.columns, self.waiting = self.columns + self.waiting, ()
        self.shown = self.columns
        self._start_over()

    def go(self, row: int, key: str) -> None:
        """Make a cell the current one."""
        if (row, key) != (self.row, self.key) and any(column.key == key for column in self.shown):
            self.row, self.key = min(max(row, 0), len(self.panel.cases) - 1), key
            self.moved.emit()

    def step(self, rows: int, columns: int) -> None:
        """Move the current cell; stops at the edges."""
        if self.shown:
            place = min(max(self.place + columns, 0), len(self.shown) - 1)
            self.go(min(max(self.row + rows, 0), len(self.panel.cases) - 1), self.shown[place].key)

    def set_reference(self, key: str) -> None:
        """Compare with a column, or ("") with the original."""
        self.reference = key
        self.reference_changed.emit()

    def _start_over(self) -> None:
        self.row, self.key, self.reference = 0, self.shown[0].key if self.shown else "", ""
        self.changed.emit()
        self.reference_changed.emit()
        self.moved.emit()
