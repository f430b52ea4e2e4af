"""Verdicts by key: each is on disk before anything else happens, and taken back by another row."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cxr_studio.errors import StudioError
from cxr_studio.quality.comparison.verdicts import TAGS, Verdict, VerdictLog, utc_now

Place = tuple[str, str]
"""Name of the case and key of the column."""


class Judging(QObject):
    """What one judge says of the cells.

    Signals:
        changed: A verdict was given or taken back.
        refused: (sentence) it could not be written.

    Args:
        log: Where verdicts are kept.
        judge: Who judges; "" until known.

    Raises:
        ReadError: the log is there but cannot be read.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, log: VerdictLog, judge: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log = log
        self.judge = judge
        self.blind = False
        self._latest: dict[Place, Verdict] = log.latest(judge) if judge else {}
        self._this_time: set[Place] = set()
        self._steps: list[tuple[Place, Verdict | None, bool]] = []

    def set_judge(self, name: str) -> None:
        """Another judge: their verdicts are shown.

        Raises:
            ReadError: the log cannot be read.
        """
        self.judge = name
        self._latest = self.log.latest(name)
        self._this_time.clear()
        self._steps.clear()
        self.changed.emit()

    def set_blind(self, blind: bool) -> None:
        """In blind mode only what was said since it began is shown: earlier verdicts would tell columns apart."""
        self.blind = blind
        self._this_time.clear()
        self._steps.clear()
        self.changed.emit()

    def of(self, case: str, key: str) -> Verdict | None:
        """What is shown of a cell."""
        if self.blind and (case, key) not in self._this_time:
            return None
        return self._latest.get((case, key))

    def counts(self) -> dict[str, dict[str, int]]:
        """How often each tag was given to the cells of each column, by its key; other words are counted under ""."""
        found: dict[str, dict[str, int]] = {}
        for case, key in self._latest:
            verdict = self.of(case, key)
            counted = found.setdefault(key, {})
            for tag in verdict.tags if verdict else ():
                name = tag if tag in TAGS else ""
                counted[name] = counted.get(name, 0) + 1
        return found

    def toggle(self, place: Place, tag: str) -> None:
        """Give a tag, or take it away."""
        now = self.of(*place)
        tags = now.tags if now else ()
        kept = tuple(other for other in tags if other != tag) if tag in tags else (*tags, tag)
        self._say(place, kept, now.note if now else "")

    def set_own(self, place: Place, words: tuple[str, ...]) -> None:
        """Give own words beside the usual tags."""
        now = self.of(*place)
        usual = tuple(tag for tag in (now.tags if now else ()) if tag in TAGS)
        self._say(place, (*usual, *words), now.note if now else "")

    def set_note(self, place: Place, note: str) -> None:
        """Write a note."""
        now = self.of(*place)
        self._say(place, now.tags if now else (), note)

    def undo(self) -> Place | None:
        """Return to what was said before by a row of its own; returns the cell, None when there is nothing."""
        if not self._steps:
            return None
        place, before, shown = self._steps[-1]
        blind = before.blind if before else self.blind
        if not self._write(place, before.tags if before else (), before.note if before else "", blind=blind):
            return None
        self._steps.pop()
        if not shown:
            self._this_time.discard(place)
        self.changed.emit()
        return place

    def _say(self, place: Place, tags: tuple[str, ...], note: str) -> None:
        before, shown = self._latest.get(place), place in self._this_time
        if self._write(place, tags, note, blind=self.blind):
            self._steps.append((place, before, shown))
            self.changed.emit()

    def _write(self, place: Place, tags: tuple[str, ...], note: str, *, blind: bool) -> bool:
        verdict = Verdict(utc_now(), self.judge, *place, blind=blind, tags=tags, note=note)
        try:
            self.log.add(verdict)
        except StudioError as fault:
            self.refused.emit(str(fault))
            return False
        self._latest.pop(place, None)
        if tags or note:
            self._latest[place] = verdict
        self._this_time.add(place)
        return True
