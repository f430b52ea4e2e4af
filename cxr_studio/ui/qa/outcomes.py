"""What leaves the window: a report, and a checkpoint kept in the user's models folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.scores import ColumnScores
from cxr_studio.quality.keeping import kept_files
from cxr_studio.ui.qa.asking import Asking
from cxr_studio.ui.qa.comparison import Comparison
from cxr_studio.ui.shell.fault_net import sentence

Told = Callable[[str], None]


class Outcomes:
    """Reports and kept checkpoints.

    Args:
        comparison: What is compared.
        asking: Asks for folders and names.
        told: Says what was done.
        warned: Says what failed.
    """

    def __init__(self, comparison: Comparison, asking: Asking, *, told: Told, warned: Told) -> None:
        self._comparison = comparison
        self._asking = asking
        self._told = told
        self._warned = warned

    def report(self) -> None:
        """Measure every cell and write the report, in the background."""
        columns = self._comparison.lineup.columns
        if not columns:
            self._told("Nothing to report yet.")
            return
        folder = self._asking.folder("Export report: choose an empty folder")
        if folder is None:
            return
        self._comparison.background.run(
            f"Report into {folder.name}",
            lambda progress, token: self._written(columns, folder, (progress, token)),
            done=lambda page: self._told(f"Report written to {page}."),
            failed=lambda fault: self._warned(sentence(fault)),
        )

    def keep(self) -> None:
        """Copy the current column's checkpoint to the user's models folder; asks before it replaces another."""
        lineup = self._comparison.lineup
        column = lineup.true_column
        if column is None or lineup.blind:
            return
        if column.card is None:
            self._warned(f"{column.title} is built in and has no file to copy.")
            return
        name = self._asking.name_for(column.card.name)
        if name is None:
            return
        scores = self._comparison.board.scores.get(column.key) or ColumnScores(0, 0, {})
        replace = bool(kept_files(name))
        if replace and not self._asking.may_replace(f"Your models folder already has a checkpoint named {name}."):
            return
        try:
            path = self._keep(column, scores, name=name, replace=replace)
        except StudioError as fault:
            self._warned(str(fault))
            return
        measured = f"measured on {scores.cases} of {scores.total} cases" if scores.cases else "not measured yet"
        self._told(f"{column.title[:1].upper()}{column.title[1:]} is kept as {path} ({measured}).")

    def _keep(self, column: Column, scores: ColumnScores, *, name: str, replace: bool) -> Path:
        from cxr_studio.quality.comparison.keeping import keep

        return keep(column, scores, self._comparison.lineup.panel, name=name, replace_other=replace)

    def _written(self, columns: tuple[Column, ...], folder: Path, reporting: tuple[Progress, CancelToken]) -> Path:
        from cxr_studio.quality.comparison.report import write_report
        from cxr_studio.quality.comparison.results import measure

        progress, token = reporting
        results = measure(
            self._comparison.maker, columns, cancel=token, progress=lambda part, words: progress(0.9 * part, words)
        )
        token.raise_if_cancelled()
        return write_report(
            folder,
            results,
            verdicts=self._comparison.judging.log,
            progress=lambda part, words: progress(0.9 + 0.1 * part, words),
        )
