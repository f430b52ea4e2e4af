"""Journals of the runs, read again only when they have grown; free of Qt, used in a thread."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.curves import JOURNAL, Curve, figures_at, journal_figures

Figures = dict[str, list[tuple[int, float]]]


class Journals:
    """What the runs' journals say."""

    def __init__(self) -> None:
        self._kept: dict[Path, tuple[tuple[int, int], Figures]] = {}

    def figures(self, run: Path) -> Figures:
        """Every figure of a run; see ``curves.journal_figures``."""
        try:
            facts = (run / JOURNAL).stat()
        except OSError:
            return {}
        state = facts.st_size, facts.st_mtime_ns
        if run not in self._kept or self._kept[run][0] != state:
            self._kept[run] = state, journal_figures(run)
        return self._kept[run][1]

    def at(self, column: Column) -> dict[str, float]:
        """Figures of the column's run at its step."""
        return {} if column.run is None else figures_at(self.figures(column.run), column.step)

    def curves(self, runs: tuple[Path, ...]) -> tuple[Curve, ...]:
        """Every figure of these runs as a curve."""
        return tuple(
            Curve(name, run, tuple(points)) for run in runs for name, points in self.figures(run).items() if points
        )
