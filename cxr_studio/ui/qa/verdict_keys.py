"""What the judge's keys do: tags, own words, a note, taking back, and who judges."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.errors import StudioError
from cxr_studio.quality.comparison.verdicts import TAGS
from cxr_studio.ui.qa.asking import Asking
from cxr_studio.ui.qa.judging import Judging, Place
from cxr_studio.ui.qa.lineup import Lineup

Say = Callable[[str], None]


class VerdictKeys:
    """Gives verdicts on the current cell; asks first who judges.

    Args:
        judging: Keeps the verdicts.
        lineup: Says which cell is the current one.
        asking: Asks for names and words.
        tell: Says what was done.
        warn: Says what failed.
    """

    def __init__(self, judging: Judging, lineup: Lineup, *, asking: Asking, tell: Say, warn: Say) -> None:
        self._judging, self._lineup, self._asking = judging, lineup, asking
        self._tell, self._warn = tell, warn

    def toggle(self, tag: str) -> None:
        """Give a tag, or take it away."""
        self._say(lambda place: self._judging.toggle(place, tag))

    def words(self) -> None:
        """Ask for tags in own words."""

        def ask(place: Place) -> None:
            now = self._judging.of(*place)
            own = [tag for tag in now.tags if tag not in TAGS] if now else []
            text = self._asking.words(", ".join(own))
            if text is not None:
                words = dict.fromkeys(word.strip() for word in text.split(",") if word.strip())
                self._judging.set_own(place, tuple(words))

        self._say(ask)

    def note(self) -> None:
        """Ask for a note."""

        def ask(place: Place) -> None:
            now = self._judging.of(*place)
            text = self._asking.note(now.note if now else "")
            if text is not None:
                self._judging.set_note(place, text)

        self._say(ask)

    def undo(self) -> None:
        """Return to what was said before, and to the cell of which it was said."""
        place = self._judging.undo()
        if place is None:
            self._tell("No verdict in this session to undo.")
            return
        row = next(k for k, case in enumerate(self._lineup.panel.cases) if case.name == place[0])
        self._lineup.go(row, place[1])

    def ask_judge(self) -> bool:
        """Ask who judges; returns whether it is known."""
        name = self._asking.judge(self._judging.judge)
        if name and name != self._judging.judge:
            try:
                self._judging.set_judge(name)
            except StudioError as fault:
                self._warn(str(fault))
        return bool(self._judging.judge)

    def known(self) -> bool:
        """Whether it is known who judges, asked for where it is not."""
        return bool(self._judging.judge) or self.ask_judge()

    def _say(self, verdict: Callable[[Place], None]) -> None:
        lineup = self._lineup
        if lineup.column is not None and self.known():
            verdict((lineup.panel.cases[lineup.row].name, lineup.key))
