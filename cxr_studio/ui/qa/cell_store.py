"""Cells off the GUI thread: what is looked at now comes first, from the disk's cache without torch where it can."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from cxr_studio.errors import Cancelled, StudioError
from cxr_studio.events import CancelToken
from cxr_studio.quality.comparison.cells import Cell, CellMaker
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.loading import LoadedCase
from cxr_studio.quality.comparison.panel import Case
from cxr_studio.quality.comparison.scores import ColumnScores
from cxr_studio.ui.qa.journals import Journals
from cxr_studio.ui.shell.fault_net import sentence

Wanted = tuple[Case, Column | None]
"""A cell; without a column the case's original."""

MEMORY = 400 << 20
"""Bytes of cells kept in memory."""


class CellStore(QObject):
    """Two threads: one reads what was made before, one fills what was not.

    Signals:
        came: (case, column key) a cell, or with "" an original, is in memory.
        scored: (column key, ColumnScores) from the cells made so far.
        failed: (case, column key, sentence) it cannot be made; "" for the case or the key where that part is sound.

    Args:
        maker: Makes the cells.
    """

    came = Signal(str, str)
    scored = Signal(str, object)
    failed = Signal(str, str, str)

    def __init__(self, maker: CellMaker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.maker = maker
        self._journals = Journals()
        self._ready = threading.Condition()
        self._cells: OrderedDict[tuple[str, str], Cell] = OrderedDict()
        self._cases: dict[str, LoadedCase] = {}
        self._bytes = 0
        self._pokes = 0
        self._wanted: list[Wanted] = []
        self._rest: list[tuple[Case, Column]] = []
        self._missing: set[tuple[str, str]] = set()
        self._scores: OrderedDict[str, Column] = OrderedDict()
        self._faults: set[str] = set()
        self._cancel = CancelToken()
        self._threads = [
            threading.Thread(target=self._work, args=(step,), name=f"cxr-qa-{step.__name__}", daemon=True)
            for step in (self._read_one, self._make_one)
        ]

    def start(self) -> None:
        """Begin working."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop the threads and wait for them."""
        self._cancel.cancel()
        with self._ready:
            self._poke()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(10)

    def cell(self, case: str, key: str) -> Cell | None:
        """A cell, if it is in memory."""
        return self._cells.get((case, key))

    def case(self, name: str) -> LoadedCase | None:
        """A case with its original, if it is in memory."""
        return self._cases.get(name)

    def want(self, wanted: Sequence[Wanted]) -> None:
        """Get these, the first first; what was wanted before and is not among them is dropped."""
        with self._ready:
            self._wanted = list(wanted)
            for case, column in self._wanted:
                if column is not None and (case.name, column.key) in self._cells:
                    self._cells.move_to_end((case.name, column.key))
            self._poke()

    def measure(self, rest: Sequence[tuple[Case, Column]]) -> None:
        """Make these whenever nothing is waited for; none stops it."""
        with self._ready:
            self._rest = list(rest)
            self._poke()

    def score(self, columns: Sequence[Column]) -> None:
        """Sum up columns once there is time."""
        with self._ready:
            for column in columns:
                self._scores[column.key] = column
            self._poke()

    def left(self) -> int:
        """Cells that are still to be made."""
        with self._ready:
            return sum(not self._settled(one) for one in self._wanted) + len(self._rest)

    def forget_faults(self) -> None:
        """Try again what failed."""
        with self._ready:
            self._faults.clear()
            self._poke()

    def _work(self, step: object) -> None:
        assert callable(step)
        while not self._cancel.cancelled:
            with self._ready:
                pokes = self._pokes
            if not step():
                self._rest_since(pokes)

    def _rest_since(self, pokes: int) -> None:
        with self._ready:
            self._ready.wait_for(lambda: self._pokes != pokes or self._cancel.cancelled)

    def _poke(self) -> None:
        """Wake the threads, the lock held: there may be something to do."""
        self._pokes += 1
        self._ready.notify_all()

    def _settled(self, wanted: Wanted) -> bool:
        case, column = wanted
        if case.name in self._faults or (column is not None and column.key in self._faults):
            return True
        return case.name in self._cases if column is None else (case.name, column.key) in self._cells

    def _read_one(self) -> bool:
        """Take one thing from the disk; False when there is nothing to do."""
        with self._ready:
            found = next(
                (one for one in self._wanted if not self._settled(one) and _name(one) not in self._missing), None
            )
            scored = None if found or not self._scores else self._scores.popitem(last=False)[1]
        if found is not None:
            self._read(*found)
        elif scored is not None:
            self._sum_up(scored)
        return found is not None or scored is not None

    def _read(self, case: Case, column: Column | None) -> None:
        if not self._load(case) or column is None:
            return
        cell = self.maker.cached(case, column)
        if cell is not None:
            self._keep(case, column, cell)
            return
        with self._ready:
            self._missing.add((case.name, column.key))
            self._poke()

    def _make_one(self) -> bool:
        """Fill one cell; False when there is nothing to do."""
        with self._ready:
            found = next((one for one in self._wanted if not self._settled(one) and _name(one) in self._missing), None)
            busy = any(not self._settled(one) for one in self._wanted)
            rest = self._rest.pop(0) if found is None and not busy and self._rest else None
        if found is not None and found[1] is not None:
            self._make(found[0], found[1], shown=True)
        elif rest is not None:
            self._make(*rest, shown=False)
        return found is not None or rest is not None

    def _make(self, case: Case, column: Column, *, shown: bool) -> None:
        if column.key in self._faults or not self._load(case):
            return
        try:
            if not shown and self.maker.figures(case, column) is not None:
                return
            cell = self.maker.make(case, column, cancel=self._cancel)
        except Cancelled:
            return
        except Exception as fault:  # said in the column; the others go on
            self._fail("", column.key, fault)
            return
        if shown:
            self._keep(case, column, cell)
        self.score([column])

    def _load(self, case: Case) -> bool:
        if case.name in self._cases or case.name in self._faults:
            return case.name in self._cases
        try:
            loaded = self.maker.loaded(case)
            _ = loaded.original
        except Exception as fault:  # said in the row; the others go on
            self._fail(case.name, "", fault)
            return False
        with self._ready:
            self._cases[case.name] = loaded
            self._poke()
        self.came.emit(case.name, "")
        return True

    def _keep(self, case: Case, column: Column, cell: Cell) -> None:
        with self._ready:
            self._cells[case.name, column.key] = cell
            self._missing.discard((case.name, column.key))
            self._bytes += cell.filled.nbytes
            while self._bytes > MEMORY:
                self._bytes -= self._cells.popitem(last=False)[1].filled.nbytes
            self._poke()
        self.came.emit(case.name, column.key)

    def _sum_up(self, column: Column) -> None:
        try:
            scores: ColumnScores = self.maker.column_scores(column, journal=self._journals.at(column))
        except StudioError:
            return
        self.scored.emit(column.key, scores)

    def _fail(self, case: str, key: str, fault: Exception) -> None:
        with self._ready:
            self._faults.add(case or key)
            self._poke()
        if not self._cancel.cancelled:
            self.failed.emit(case, key, sentence(fault))


def _name(wanted: Wanted) -> tuple[str, str]:
    return wanted[0].name, wanted[1].key if wanted[1] is not None else ""
