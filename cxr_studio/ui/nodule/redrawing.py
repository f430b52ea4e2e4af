"""Whether a nodule that was let go is drawn once more, and what stays in the end."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.generation.result import Result
from cxr_studio.nodules.drawing_again import Draw, Search
from cxr_studio.nodules.judging import TRIES, Verdict
from cxr_studio.nodules.placement import Placement


class Redrawing:
    """The search of one nodule; see ``Search``.

    A nodule that is there already, and a picked shape, keep their seed; only a grade of subtlety draws them again.
    """

    def __init__(self) -> None:
        self._search: Search | None = None
        self._allowed = True

    def begin(self) -> None:
        """Another nodule, or another look of it."""
        self._search, self._allowed = None, True

    def forbid(self) -> None:
        """What is there stays as it is."""
        self._allowed = False

    def step(
        self, trial: Placement, placed: Result, judge: Callable[[], Verdict], *, there: bool
    ) -> tuple[Placement, Result | None]:
        """What to draw next, and None; or, where the search has ended, what stays.

        Args:
            trial: How the nodule was placed.
            placed: What was drawn.
            judge: Measures it.
            there: It was there before.
        """
        fixed = there or trial.shape_seed is not None
        if not self._allowed or (fixed and trial.subtlety is None):
            return trial, placed
        if self._search is None:
            self._search = Search([] if fixed else range(trial.seed + 1, trial.seed + TRIES))
        following = self._search.next(Draw(trial, placed, judge()))
        if following is not None:
            return following, None
        best = self._search.best
        return best.placement, best.placed

    @property
    def missed(self) -> str:
        """A sentence where what was asked for was not reached, else ""."""
        return "" if self._search is None else self._search.missed
