"""When the plot is shown, and what it follows; never in blind mode."""

from __future__ import annotations

from cxr_studio.quality.comparison.curves import nearest_column
from cxr_studio.ui.qa.comparison import Comparison
from cxr_studio.ui.qa.plot_panel import PlotPanel


class Plots:
    """Drives the plot.

    Args:
        comparison: What is drawn.
        panel: Where.

    Attributes:
        wanted: Whether the user wants it.
    """

    def __init__(self, comparison: Comparison, panel: PlotPanel) -> None:
        self._comparison, self._panel = comparison, panel
        self.wanted = True

    def show(self, wanted: bool) -> None:
        """Show the plot or not."""
        self.wanted = wanted
        self.refresh()

    def refresh(self) -> None:
        """Take the newest curves; in blind mode everything is taken away."""
        blind = self._comparison.lineup.blind
        self._panel.setVisible(self.wanted and not blind)
        if blind:
            self._panel.clear()
        else:
            self._panel.set_curves(self._comparison.curves())

    def jump(self, run: object, step: int) -> None:
        """Go to the column nearest to a place of the plot."""
        lineup = self._comparison.lineup
        column = nearest_column(lineup.columns, run, step)  # type: ignore[arg-type]
        if column is not None and not lineup.blind:
            lineup.go(lineup.row, column.key)
