"""What status bar, top bar and judge bar say of the current cell."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from cxr_studio.ui.qa.comparison import Comparison
from cxr_studio.ui.qa.describing import values_words, verdict_words
from cxr_studio.ui.qa.judge_bar import JudgeBar
from cxr_studio.ui.qa.plot_panel import PlotPanel
from cxr_studio.ui.qa.top_bar import TopBar
from cxr_studio.ui.shell.status_fields import StatusFields

LONGEST = 14
"""Letters of a reference's title that the top bar has room for."""


class Readings(QObject):
    """Shows the current cell in words.

    Args:
        comparison: What is compared; owns this.
        status: Case, column, figures, time, what is left.
        judge_bar: What was said of the cell.
        bar: What the difference is to, and the cell size.
        plot: Marks the column's step.
    """

    def __init__(
        self, comparison: Comparison, *, status: StatusFields, judge_bar: JudgeBar, bar: TopBar, plot: PlotPanel
    ) -> None:
        super().__init__(comparison)
        self._comparison, self._status = comparison, status
        self._judge_bar, self._bar, self._plot = judge_bar, bar, plot

    @Slot()
    def refresh(self) -> None:
        """After a change of the current cell, the look or the cells."""
        comparison, status = self._comparison, self._status
        lineup, look, board = comparison.lineup, comparison.look, comparison.board
        column, blind = lineup.column, lineup.blind
        case = lineup.panel.cases[lineup.row]
        status.set_field("case", case.name if case.healthy else f"{case.name} (not scored)")
        status.set_field("column", column.title if column else "")
        status.set_field("values", values_words(board, lineup.row, column) if column else "")
        cell = comparison.store.cell(case.name, lineup.key) if column and not blind else None
        status.set_field("latency", f"{cell.scores.milliseconds:,.0f} ms per cell" if cell else "")
        self.refresh_left()
        status.set_field("window", f"window {look.low:.2f} to {look.high:.2f} · zoom {look.zoom:.1f} ×")
        self._judge_bar.show_words(verdict_words(board, lineup.row, column) if column else "")
        self._bar.against.setText(self._against())
        self._bar.set_side(look.side)
        true = lineup.true_column
        self._plot.mark(true.step if true is not None and not blind else None)

    @Slot()
    def refresh_left(self) -> None:
        """How many cells are still to be filled."""
        left, shown = self._comparison.store.left(), self._comparison.lineup.shown
        self._status.set_field("left", f"{left:,} cells to fill" if left else "all cells shown" if shown else "")

    @Slot()
    def refresh_metrics(self) -> None:
        """The figures to choose from."""
        board = self._comparison.board
        self._bar.set_metrics(board.metrics, board.metric.name)

    def _against(self) -> str:
        lineup, look = self._comparison.lineup, self._comparison.look
        if look.against == "off":
            return ""
        named = next((column.title for column in lineup.shown if column.key == lineup.reference), "the original")
        to = named if look.against == "reference" else "the original"
        short = to if len(to) <= LONGEST else f"{to[: LONGEST - 1]}…"
        return f"to {short}, {look.gain:g} ×  "
