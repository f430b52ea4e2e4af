"""Follows runs that are still training: every second a thread looks for new snapshots and longer journals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from cxr_studio.errors import StudioError
from cxr_studio.quality.comparison.columns import Column, RunWatch, is_run
from cxr_studio.quality.comparison.curves import Curve
from cxr_studio.ui.qa.journals import Journals
from cxr_studio.ui.shell.background import Background
from cxr_studio.ui.shell.fault_net import sentence

POLL_MS = 1000

Found = tuple[tuple[Column, ...], tuple[Curve, ...], tuple[str, ...]]


class Follower(QObject):
    """Looks at what the user named, again and again.

    Signals:
        arrived: (columns) that were not there before; at the first look all, perhaps none.
        read: (curves) the journals say something else.
        refused: (sentence) what was named cannot be compared.

    Args:
        background: Runs the looks.
    """

    arrived = Signal(object)
    read = Signal(object)
    refused = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._watches: list[RunWatch] = []
        self._runs: dict[Path, None] = {}
        self._journals = Journals()
        self._curves: tuple[Curve, ...] = ()
        self._looking = False
        self._turn = 0
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.look)

    def watch(self, paths: Sequence[str | Path], *, besides: bool = False) -> None:
        """Follow these, alone or besides what is followed."""
        if not besides:
            self._turn += 1
            self._looking = False
            self._watches.clear()
            self._runs.clear()
            self._curves = ()
        if paths:
            self._watches.append(RunWatch(paths))
            self._runs |= dict.fromkeys(Path(path) for path in paths if is_run(Path(path)))
        self.look()
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._watches.clear()

    def look(self) -> None:
        """Look now, unless a look is under way."""
        if self._looking or not self._watches:
            return
        self._looking = True
        watches, runs, turn = tuple(self._watches), tuple(self._runs), self._turn
        self._background.run(
            "Looking for snapshots",
            lambda _progress, _token: self._found(watches, runs),
            done=lambda found: self._came(turn, found),
            failed=lambda fault: self._failed(turn, fault),
        )

    def _found(self, watches: tuple[RunWatch, ...], runs: tuple[Path, ...]) -> Found:
        new = tuple(column for watch in watches for column in watch.new())
        faults = tuple(str(fault) for watch in watches for fault in watch.faults)
        every = dict.fromkeys((*runs, *(column.run for column in new if column.run is not None)))
        return new, self._journals.curves(tuple(every)), faults

    def _came(self, turn: int, found: Found) -> None:
        if turn != self._turn:
            return
        self._looking = False
        columns, curves, faults = found
        self._runs |= dict.fromkeys(column.run for column in columns if column.run is not None)
        self.arrived.emit(columns)
        for words in faults:
            self.refused.emit(words)
        if curves != self._curves:
            self._curves = curves
            self.read.emit(curves)

    def _failed(self, turn: int, fault: Exception) -> None:
        if turn != self._turn:
            return
        self._looking = False
        if isinstance(fault, StudioError) or not self._watches:
            self._watches = self._watches[:-1]
        if not self._watches:
            self._timer.stop()
        self.refused.emit(sentence(fault))
