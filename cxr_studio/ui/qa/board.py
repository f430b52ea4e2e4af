"""What the grid shows: cells, headers and captions, and in blind mode nothing that tells columns apart."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QPixmap

from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.scores import METRICS, ColumnScores, Metric, metric_of
from cxr_studio.quality.comparison.verdicts import Verdict
from cxr_studio.ui.qa.cell_pictures import ORIGINAL, CellPictures
from cxr_studio.ui.qa.cell_store import CellStore, Wanted
from cxr_studio.ui.qa.judging import Judging
from cxr_studio.ui.qa.lineup import Lineup
from cxr_studio.ui.qa.look import Look

UNUSABLE = "cannot be used"


@dataclass(frozen=True)
class HeaderFacts:
    """What a column's header says.

    Attributes:
        title: Of the column, a letter in blind mode.
        words: The figure with its unit, "" where there is none.
        share: 0 (worst of the columns) to 1 (best), None where there is nothing to compare; columns measured on fewer
            cases than others are not compared.
        best: Whether its figure is the best.
        counts: Tags given, by name.
        reference: Whether others are compared with it.
        partial: Cases measured of the panel's healthy ones, "" when all are.
    """

    title: str
    words: str = ""
    share: float | None = None
    best: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    reference: bool = False
    partial: str = ""


class Board(QObject):
    """The parts behind the grid.

    Signals:
        changed: Something in headers or cells is another.
        metric_changed: Another figure is shown.

    Args:
        lineup: Rows and columns.
        look: How cells are looked at.
        store: Cells.
        judging: Verdicts.
    """

    changed = Signal()
    metric_changed = Signal()

    def __init__(self, lineup: Lineup, look: Look, store: CellStore, *, judging: Judging) -> None:
        super().__init__(lineup)
        self.lineup, self.look, self.store, self.judging = lineup, look, store, judging
        self.pictures = CellPictures(store, look)
        self.scores: dict[str, ColumnScores] = {}
        self.faults: dict[str, str] = {}
        self.metric = METRICS[0]
        self.flicker = False
        self._facts: dict[str, HeaderFacts] | None = None
        look.changed.connect(self._look_changed)
        look.resized.connect(self._look_changed)
        for signal in (lineup.changed, lineup.reference_changed, judging.changed):
            signal.connect(self._renew)
        lineup.moved.connect(self.changed)
        store.came.connect(self._came, Qt.ConnectionType.QueuedConnection)
        store.scored.connect(self._scored, Qt.ConnectionType.QueuedConnection)
        store.failed.connect(self._failed, Qt.ConnectionType.QueuedConnection)

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """Figures that can be shown: measured ones and those of the journals."""
        names = dict.fromkeys(name for scores in self.scores.values() for name in scores.journal)
        return (*METRICS, *(metric_of(name) for name in names if name not in {m.name for m in METRICS}))

    def set_metric(self, name: str) -> None:
        """Show another figure."""
        self.metric = metric_of(name)
        self.metric_changed.emit()
        self._renew()

    def step_metric(self, places: int) -> None:
        """Show the figure so many places further on, around the end; not in blind mode."""
        if not self.lineup.blind:
            names = [metric.name for metric in self.metrics]
            place = names.index(self.metric.name) if self.metric.name in names else 0
            self.set_metric(names[(place + places) % len(names)])

    def set_flicker(self, held: bool) -> None:
        """While held the current cell shows what it is compared with."""
        if held != self.flicker:
            self.flicker = held
            self.changed.emit()

    def picture(self, row: int, column: Column) -> QPixmap | None:
        """What a cell shows; None while it is not there."""
        case, against = self.lineup.panel.cases[row].name, self.look.against
        if self.lineup.blind and not self._whole(row):
            return None
        if self.flicker and self.is_current(row, column):
            return self.pictures.picture(case, self.lineup.reference or ORIGINAL)
        if against == "off":
            return self.pictures.picture(case, column.key)
        return self.pictures.picture(case, column.key, self.lineup.reference if against == "reference" else ORIGINAL)

    def original(self, row: int) -> QPixmap | None:
        """A case's original with its outline."""
        return self.pictures.outlined(self.lineup.panel.cases[row].name)

    def is_current(self, row: int, column: Column) -> bool:
        """Whether this is the cell that keys act on."""
        return (row, column.key) == (self.lineup.row, self.lineup.key)

    def value(self, row: int, column: Column) -> str:
        """The shown figure of a cell with its unit; "" in blind mode and where there is none."""
        cell = self.store.cell(self.lineup.panel.cases[row].name, column.key)
        if cell is None or self.lineup.blind or self.metric.name not in (scores := cell.scores.as_dict()):
            return ""
        number = scores[self.metric.name]
        return self.metric.words(number) if np.isfinite(number) else ""

    def verdict(self, row: int, column: Column) -> Verdict | None:
        """What the judge said of a cell."""
        return self.judging.of(self.lineup.panel.cases[row].name, column.key)

    def fault(self, row: int, column: Column) -> str:
        """Why a cell cannot be shown, or ""; in blind mode without names."""
        case = self.lineup.panel.cases[row].name
        found = self.faults.get(case) or self.faults.get(column.key, "")
        return UNUSABLE if found and self.lineup.blind else found

    def header(self, column: Column) -> HeaderFacts:
        """What a column's header says."""
        if self._facts is None:
            self._facts = self._all_facts()
        return self._facts[column.key]

    def wanted(self, rows: range, columns: range) -> list[Wanted]:
        """Cells of a part of the grid, the current one first, then what is nearest to it.

        In blind mode whole rows, one after the other: a row is shown when it is complete, for what was made before
        would tell columns apart.
        """
        cases, shown = self.lineup.panel.cases, self.lineup.shown
        originals: list[Wanted] = [(cases[row], None) for row in rows]
        true = {column.key: column for column in self.lineup.columns}
        if self.lineup.blind:
            near = sorted(rows, key=lambda row: abs(row - self.lineup.row))
            return [*originals, *((cases[row], true[column.key]) for row in near for column in shown)]
        places = sorted(
            ((row, column) for row in rows for column in columns),
            key=lambda place: (abs(place[1] - self.lineup.place), abs(place[0] - self.lineup.row)),
        )
        cells: list[Wanted] = [(cases[row], true[shown[column].key]) for row, column in places]
        compared: list[Wanted] = []
        if self.lineup.reference in true:
            compared = [(cases[row], true[self.lineup.reference]) for row in rows]
        return [*originals, *compared, *cells]

    def _all_facts(self) -> dict[str, HeaderFacts]:
        shown, name, counts = self.lineup.shown, self.metric.name, self.judging.counts()
        if self.lineup.blind:
            return {c.key: HeaderFacts(c.title, counts=counts.get(c.key, {}), reference=self._is(c)) for c in shown}
        values = {c.key: self.scores[c.key].value(name) if c.key in self.scores else np.nan for c in shown}
        most = max((scores.cases for scores in self.scores.values()), default=0)
        ranks = {
            key: self.metric.rank(value)
            for key, value in values.items()
            if np.isfinite(value) and (not self.metric.measured or self.scores[key].cases == most)
        }
        best, worst = min(ranks.values(), default=0.0), max(ranks.values(), default=0.0)
        compared = len(ranks) > 1 and self.metric.better != "" and best < worst
        facts = {}
        for column in shown:
            rank = ranks.get(column.key)
            share = (worst - rank) / (worst - best) if compared and rank is not None else None
            facts[column.key] = HeaderFacts(
                column.title,
                self.metric.words(values[column.key]) if np.isfinite(values[column.key]) else "",
                share,
                compared and rank == best,
                counts.get(column.key, {}),
                self._is(column),
                self._partial(column),
            )
        return facts

    def _whole(self, row: int) -> bool:
        """Whether every cell of a row is there, or cannot be."""
        case = self.lineup.panel.cases[row].name
        return all(c.key in self.faults or self.store.cell(case, c.key) is not None for c in self.lineup.shown)

    def _is(self, column: Column) -> bool:
        return column.key == self.lineup.reference

    def _partial(self, column: Column) -> str:
        scores = self.scores.get(column.key)
        if scores is None or scores.complete or not self.metric.measured:
            return ""
        return f"{scores.cases}/{scores.total}"

    def _renew(self) -> None:
        self._facts = None
        self.changed.emit()

    def _look_changed(self) -> None:
        self.pictures.forget()
        self.changed.emit()

    @Slot(str, str)
    def _came(self, case: str, key: str) -> None:
        self.pictures.forget_case(case, key)
        self.changed.emit()

    @Slot(str, object)
    def _scored(self, key: str, scores: ColumnScores) -> None:
        self.scores[key] = scores
        self._renew()

    @Slot(str, str, str)
    def _failed(self, case: str, key: str, words: str) -> None:
        self.faults[case or key] = words
        self._renew()
