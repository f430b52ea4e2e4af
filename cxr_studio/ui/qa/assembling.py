"""The comparison window with everything in it connected: signals up, setters down."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from cxr_studio.quality.comparison.panel import Panel
from cxr_studio.settings import Settings, save_settings
from cxr_studio.ui.qa import comparison_window as windows
from cxr_studio.ui.qa.asking import Asking, QtAsking
from cxr_studio.ui.qa.blinding import Blinding
from cxr_studio.ui.qa.cell_grid import CellGrid
from cxr_studio.ui.qa.column_actions import order_actions, walk_actions
from cxr_studio.ui.qa.comparison import Comparison, ComparisonOptions
from cxr_studio.ui.qa.describing import cell_words
from cxr_studio.ui.qa.judge_actions import judge_actions, verdict_actions
from cxr_studio.ui.qa.look_actions import cell_actions, plot_actions, reference_actions, screen_action
from cxr_studio.ui.qa.menus import MOUSE, QA_MENUS
from cxr_studio.ui.qa.outcomes import Outcomes
from cxr_studio.ui.qa.plot_panel import PlotPanel
from cxr_studio.ui.qa.plots import Plots
from cxr_studio.ui.qa.readings import Readings
from cxr_studio.ui.qa.references import References
from cxr_studio.ui.qa.run_actions import outcome_actions, run_actions
from cxr_studio.ui.qa.top_bar import TopBar
from cxr_studio.ui.qa.verdict_keys import VerdictKeys
from cxr_studio.ui.shell.action import Action
from cxr_studio.ui.shell.message_bar import MessageBar
from cxr_studio.ui.shell.progress_strip import ProgressStrip
from cxr_studio.ui.shell.registry import ActionRegistry
from cxr_studio.ui.shell.shortcuts_dialog import ShortcutsDialog

COUNT_MS = 500
"""The cells that are left are counted so often."""
BLIND_WORDS = "Blind: columns are shuffled and named A, B, C, …; press B to end."


def comparison_window(
    panel: Panel,
    options: ComparisonOptions | None = None,
    *,
    settings: Settings | None = None,
    asking: Asking | None = None,
) -> windows.ComparisonWindow:
    """A window on a panel, ready to be shown.

    Args:
        panel: The rows.
        options: How it is opened.
        settings: The user's shortcuts; None for the defaults.
        asking: Asks for names and folders; None for Qt's dialogs.

    Raises:
        ReadError: the verdicts on this panel cannot be read.
    """
    comparison = Comparison(panel, options or ComparisonOptions())
    window = windows.ComparisonWindow(comparison, settings.shortcuts if settings is not None else {})
    asked, tell, warn = asking or QtAsking(window), window.messages.tell, window.messages.warn
    keys = VerdictKeys(comparison.judging, comparison.lineup, asking=asked, tell=tell, warn=warn)
    blinding, plots = Blinding(comparison, keys, warn), Plots(comparison, window.plot)
    outcomes = Outcomes(comparison, asked, told=tell, warned=warn)
    board, look, focus = comparison.board, comparison.look, window.grid.setFocus
    window.registry.add(
        *run_actions(comparison, asked, blinding.why_not),
        *outcome_actions(outcomes, blinding.why_not, copy=lambda: copy_values(comparison, tell), close=window.close),
        *cell_actions(look),
        *reference_actions(References(look, comparison.lineup, tell), look, board),
        *plot_actions(plots.show, window.plot.step, shown=lambda: plots.wanted, why_not=blinding.why_not),
        screen_action(window),
        *walk_actions(comparison.lineup),
        *order_actions(comparison, blinding.why_not),
        *verdict_actions(keys, focus),
        *judge_actions(keys, blinding, comparison, focus=focus),
        _shortcuts(window.registry, window),
    )
    window.build()
    readings = Readings(comparison, status=window.status, judge_bar=window.judge_bar, bar=window.bar, plot=window.plot)
    _follow_cells(comparison, readings, bar=window.bar, grid=window.grid, registry=window.registry)
    _follow_work(comparison, window.messages, window.progress)
    _follow_plots(comparison, plots, panel=window.plot, grid=window.grid)
    comparison.emptied.connect(window.show_empty)
    blinding.about_to.connect(window.messages.clear)
    blinding.changed.connect(window.set_blind)
    blinding.changed.connect(lambda blind: tell(BLIND_WORDS) if blind else None)
    blinding.changed.connect(lambda _blind: plots.refresh())
    blinding.changed.connect(lambda _blind: window.registry.review())
    if settings is not None:
        window.registry.shortcuts_changed.connect(lambda: keep_shortcuts(window.registry, settings))
    readings.refresh()
    return window


def _follow_cells(
    comparison: Comparison, readings: Readings, *, bar: TopBar, grid: CellGrid, registry: ActionRegistry
) -> None:
    board, look, lineup = comparison.board, comparison.look, comparison.lineup
    for signal in (board.changed, look.changed, look.resized, lineup.moved):
        signal.connect(readings.refresh)
    for signal in (board.changed, board.metric_changed):
        signal.connect(readings.refresh_metrics)
    bar.metric_chosen.connect(board.set_metric)
    bar.side_chosen.connect(look.set_side)
    grid.looked.connect(comparison.looked)
    grid.held.connect(board.set_flicker)
    grid.sort_wanted.connect(registry.action("column.sort").trigger)
    counting = QTimer(grid)
    counting.timeout.connect(readings.refresh_left)
    counting.start(COUNT_MS)


def _follow_work(comparison: Comparison, messages: MessageBar, progress: ProgressStrip) -> None:
    comparison.told.connect(messages.tell)
    comparison.warned.connect(messages.warn)
    comparison.background.slow.connect(progress.begin)
    comparison.background.progressed.connect(progress.progress)
    comparison.background.quiet.connect(progress.end)


def _follow_plots(comparison: Comparison, plots: Plots, *, panel: PlotPanel, grid: CellGrid) -> None:
    lineup = comparison.lineup

    def newest() -> None:
        if lineup.columns and not lineup.blind:
            column = next(k for k, shown in enumerate(lineup.shown) if shown.key == lineup.columns[-1].key)
            grid.scroll_to(lineup.row, column)

    panel.jumped.connect(plots.jump)
    comparison.curves_changed.connect(lambda: panel.set_curves(comparison.curves()))
    comparison.newest_wanted.connect(newest)


def copy_values(comparison: Comparison, tell: Callable[[str], None]) -> None:
    """Put the current cell's values on the clipboard."""
    lineup = comparison.lineup
    if lineup.column is not None:
        QApplication.clipboard().setText(cell_words(comparison.board, lineup.row, lineup.column))
        tell("Cell values copied to the clipboard.")


def keep_shortcuts(registry: ActionRegistry, settings: Settings) -> None:
    """Write this window's shortcuts beside those of the others."""
    others = {name: keys for name, keys in settings.shortcuts.items() if name not in registry.rows}
    own = {name: list(keys) for name, keys in registry.overrides.items() if name in registry.rows}
    settings.shortcuts = {**others, **own}
    save_settings(settings)


def _shortcuts(registry: ActionRegistry, parent: QWidget) -> Action:
    def show() -> None:
        dialog = ShortcutsDialog(registry, parent, menus=QA_MENUS, mouse=MOUSE)
        dialog.exec()
        dialog.deleteLater()

    return Action(
        "about.shortcuts",
        "Shortcuts…",
        "Search and change the shortcuts.",
        show,
        icon="keyboard",
        keys=("F1",),
    )
