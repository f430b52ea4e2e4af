"""A comparison under way: what is opened, followed, looked at, measured and sorted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import randbelow

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cxr_studio.quality.comparison.blind_log import log_order
from cxr_studio.quality.comparison.cells import CellCache
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.curves import Curve, measured_curves
from cxr_studio.quality.comparison.panel import Panel
from cxr_studio.quality.comparison.verdicts import VerdictLog, verdict_folder
from cxr_studio.ui.qa.board import Board
from cxr_studio.ui.qa.cell_store import CellStore
from cxr_studio.ui.qa.following import Follower
from cxr_studio.ui.qa.judging import Judging
from cxr_studio.ui.qa.lineup import Lineup
from cxr_studio.ui.qa.look import Look
from cxr_studio.ui.qa.shared_maker import SharedMaker
from cxr_studio.ui.shell.background import Background

WAITING = "No snapshot yet. The first appears as soon as training has written it."
NOTHING = "Open a run with Ctrl+O, or drop its folder here."


@dataclass(frozen=True)
class ComparisonOptions:
    """How a comparison is opened.

    Attributes:
        device: "auto", "cpu", "cuda" or "mps".
        judge: Whose verdicts are logged; "" asks at the first one.
        cache: Folder of the filled cells, None for the program's own.
        verdicts: Folder of the verdicts, None for the panel's own.
    """

    device: str = "auto"
    judge: str = ""
    cache: Path | None = None
    verdicts: Path | None = None


class Comparison(QObject):
    """Controller of the window.

    Signals:
        told: (sentence) worth knowing.
        warned: (sentence) something failed.
        emptied: (sentence) why there is nothing to see; "" when there is.
        curves_changed: Figures against the step are others.
        newest_wanted: The newest column must be seen.

    Args:
        panel: The rows.
        options: How.

    Raises:
        ReadError: the verdicts cannot be read.
    """

    told = Signal(str)
    warned = Signal(str)
    emptied = Signal(str)
    curves_changed = Signal()
    newest_wanted = Signal()

    def __init__(self, panel: Panel, options: ComparisonOptions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = options.verdicts or verdict_folder(panel)
        self.maker = SharedMaker(panel, cache=CellCache(options.cache), device=options.device)
        self.lineup, self.look = Lineup(panel, self), Look(self)
        self.store = CellStore(self.maker, self)
        self.judging = Judging(VerdictLog(self.folder), options.judge, self)
        self.board = Board(self.lineup, self.look, self.store, judging=self.judging)
        self.background = Background(self)
        self.quiet_background = Background(self)
        self.follower = Follower(self.quiet_background, self)
        self.journal: tuple[Curve, ...] = ()
        self.paths: tuple[str | Path, ...] = ()
        self.measuring = self.following = False
        self._first = True
        self.follower.arrived.connect(self._arrived)
        self.follower.read.connect(self._read)
        self.follower.refused.connect(self._refused)
        self.judging.refused.connect(self.warned)
        self.store.scored.connect(self._scored, Qt.ConnectionType.QueuedConnection)

    def start(self, paths: Sequence[str | Path]) -> None:
        """Begin with these."""
        self.store.start()
        self.open(paths)

    def open(self, paths: Sequence[str | Path]) -> None:
        """Compare these instead of what is compared."""
        self.paths = tuple(paths)
        self._first = True
        self.lineup.clear()
        self.board.scores.clear()
        self.board.faults.clear()
        self.store.forget_faults()
        self.journal = ()
        self.curves_changed.emit()
        self.emptied.emit("Looking for snapshots…" if paths else NOTHING)
        self.follower.watch(paths)

    def add(self, paths: Sequence[str | Path]) -> None:
        """Compare these besides."""
        self.paths += tuple(paths)
        self.follower.watch(paths, besides=True)

    def close(self) -> None:
        """Stop everything and wait for it."""
        self.follower.stop()
        self.store.close()
        self.quiet_background.close()
        self.background.close()

    def looked(self, rows: range, columns: range) -> None:
        """Cells of this part are seen: get them first."""
        self.store.want(self.board.wanted(rows, columns))

    def set_measuring(self, on: bool) -> None:
        """Fill every cell, when nothing is waited for, or only what is seen."""
        self.measuring = on
        cases = self.lineup.panel.cases
        self.store.measure([(case, column) for column in self.lineup.columns for case in cases] if on else [])

    def set_following(self, on: bool) -> None:
        """Keep the newest column in view or not."""
        self.following = on
        if on:
            self.newest_wanted.emit()

    def sort(self) -> None:
        """Put the best column of the shown figure first."""
        metric, scores = self.board.metric, self.board.scores
        self.lineup.sort(metric.name, scores)
        partial = sum(not (c.key in scores and scores[c.key].complete) for c in self.lineup.columns)
        words = f"Sorted by {metric.title}, best first."
        if metric.measured and partial:
            words += f" {partial} of {len(self.lineup.columns)} columns lack some cases; press M to measure all."
        self.told.emit(words)

    def set_blind(self, on: bool) -> None:
        """Shuffle and unname the columns, or name them again; the order is logged before anything is shown.

        Raises:
            WriteError: the order cannot be logged; then nothing changes.
        """
        if on == self.lineup.blind:
            return
        if on:
            self._begin_blind()
        else:
            held = len(self.lineup.waiting)
            self.judging.set_blind(False)
            fresh = self.lineup.waiting
            self.lineup.end_blind()
            self._prepare(fresh)
            words = (
                f" {held} new {'snapshot has' if held == 1 else 'snapshots have'} arrived meanwhile." if held else ""
            )
            self.told.emit(f"Column names are shown again.{words}")

    def curves(self) -> tuple[Curve, ...]:
        """Journals' and measured figures against the step; none in blind mode."""
        if self.lineup.blind:
            return ()
        return (*measured_curves(self.lineup.columns, self.board.scores), *self.journal)

    def _begin_blind(self) -> None:
        from cxr_studio.quality.comparison.shuffling import blind_order

        seed = randbelow(2**31)
        log_order(self.folder, self.judging.judge, seed, blind_order(self.lineup.columns, seed))
        self.look.set_against("off")
        self.judging.set_blind(True)
        self.lineup.begin_blind(seed)

    def _arrived(self, columns: tuple[Column, ...]) -> None:
        first, self._first = self._first, False
        fresh = self.lineup.add(columns)
        if self.lineup.columns:
            self.emptied.emit("")
        elif first:
            self.emptied.emit(WAITING)
        if not fresh or self.lineup.blind:
            return
        self._prepare(fresh)
        if not first:
            named = fresh[0].title if len(fresh) == 1 else f"{len(fresh)} columns, the last {fresh[-1].title}"
            self.told.emit(f"New: {named}.")
        if self.following:
            self.newest_wanted.emit()

    def _prepare(self, fresh: Sequence[Column]) -> None:
        self.store.score(fresh)
        if self.measuring:
            self.set_measuring(True)

    def _read(self, curves: tuple[Curve, ...]) -> None:
        self.journal = curves
        self.store.score(self.lineup.columns[-1:])
        self.curves_changed.emit()

    @Slot(str, object)
    def _scored(self, _key: str, _scores: object) -> None:
        self.curves_changed.emit()

    def _refused(self, words: str) -> None:
        if not self.lineup.columns:
            self.emptied.emit(words)
        else:
            self.warned.emit(words)
