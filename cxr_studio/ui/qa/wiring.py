"""Connects the comparison window: signals up, setters down."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from cxr_studio.quality.comparison.curves import nearest_column
from cxr_studio.settings import save_settings
from cxr_studio.ui.qa import judge_wiring
from cxr_studio.ui.qa.command_rows import MOUSE, QA_CATEGORIES
from cxr_studio.ui.qa.describing import cell_words, values_words, verdict_words
from cxr_studio.ui.qa.look import Against
from cxr_studio.ui.shell.shortcuts_dialog import ShortcutsDialog

if TYPE_CHECKING:
    from cxr_studio.ui.qa.comparison_window import ComparisonWindow

ORDER: tuple[Against, ...] = ("off", "original", "reference")

COUNT_MS = 500
"""The cells that are left are counted so often."""

LONGEST = 14
"""Letters of a reference's title that the top bar has room for."""


def wire(window: ComparisonWindow) -> None:
    """Connect everything."""
    _commands(window)
    judge_wiring.wire(window)
    _signals(window)
    counting = QTimer(window)
    counting.timeout.connect(lambda: show_left(window))
    counting.start(COUNT_MS)
    show_state(window)


def show_state(window: ComparisonWindow) -> None:
    """Status bar, judge bar and bars after a change of the current cell, the look or the cells."""
    comparison, status = window.comparison, window.status
    lineup, look, board = comparison.lineup, comparison.look, comparison.board
    column, blind = lineup.column, lineup.blind
    case = lineup.panel.cases[lineup.row]
    status.set_field("case", case.name if case.healthy else f"{case.name} (not scored)")
    status.set_field("column", column.title if column else "")
    status.set_field("values", values_words(board, lineup.row, column) if column else "")
    cell = comparison.store.cell(case.name, lineup.key) if column and not blind else None
    status.set_field("latency", f"{cell.scores.milliseconds:,.0f} ms per cell" if cell else "")
    show_left(window)
    status.set_field("window", f"window {look.low:.2f} to {look.high:.2f} · zoom {look.zoom:.1f} ×")
    window.judge_bar.show_words(verdict_words(board, lineup.row, column) if column else "")
    window.bar.against.setText(_against_words(window))
    window.bar.set_side(look.side)
    true = lineup.true_column
    window.plot.mark(true.step if true is not None and not blind else None)


def show_left(window: ComparisonWindow) -> None:
    """How many cells are still to be filled."""
    left = window.comparison.store.left()
    words = f"{left:,} cells to fill" if left else "all cells shown" if window.comparison.lineup.shown else ""
    window.status.set_field("left", words)


def _against_words(window: ComparisonWindow) -> str:
    lineup, look = window.comparison.lineup, window.comparison.look
    if look.against == "off":
        return ""
    named = next((column.title for column in lineup.shown if column.key == lineup.reference), "the original")
    to = named if look.against == "reference" else "the original"
    short = to if len(to) <= LONGEST else f"{to[: LONGEST - 1]}…"
    return f"to {short}, {look.gain:g} ×  "


def _signals(window: ComparisonWindow) -> None:
    comparison = window.comparison
    board, look, lineup = comparison.board, comparison.look, comparison.lineup
    for signal in (board.changed, look.changed, look.resized, lineup.moved):
        signal.connect(lambda: show_state(window))
    board.changed.connect(lambda: window.bar.set_metrics(board.metrics, board.metric.name))
    board.metric_changed.connect(lambda: window.bar.set_metrics(board.metrics, board.metric.name))
    window.bar.metric_chosen.connect(board.set_metric)
    window.bar.side_chosen.connect(look.set_side)
    window.grid.looked.connect(comparison.looked)
    window.grid.held.connect(board.set_flicker)
    window.grid.sort_wanted.connect(window.registry.action("column.sort").trigger)
    window.plot.jumped.connect(lambda run, step: _jump(window, run, step))
    comparison.told.connect(window.messages.tell)
    comparison.warned.connect(window.messages.warn)
    comparison.emptied.connect(window.show_empty)
    comparison.curves_changed.connect(lambda: window.plot.set_curves(comparison.curves()))
    comparison.newest_wanted.connect(lambda: _show_newest(window))
    comparison.background.slow.connect(window.progress.begin)
    comparison.background.progressed.connect(window.progress.progress)
    comparison.background.quiet.connect(window.progress.end)
    window.registry.shortcuts_changed.connect(lambda: _keep_shortcuts(window))


def _commands(window: ComparisonWindow) -> None:
    comparison, registry = window.comparison, window.registry
    board, look, lineup = comparison.board, comparison.look, comparison.lineup
    slots: dict[str, Callable[..., object]] = {
        "run.open": lambda: _open(window, besides=False),
        "run.add": lambda: _open(window, besides=True),
        "run.follow": comparison.set_following,
        "run.measure": lambda on: _measure(window, on),
        "run.report": window.outcomes.report,
        "run.promote": window.outcomes.promote,
        "run.copy": lambda: _copy(window),
        "run.close": window.close,
        "look.reset": look.reset,
        "look.larger": lambda: look.step_side(1),
        "look.smaller": lambda: look.step_side(-1),
        "look.outline": look.set_outline,
        "look.difference": lambda: _next_difference(window),
        "look.reference": lambda: _take_reference(window, lineup.key),
        "look.no-reference": lambda: _take_reference(window, ""),
        "look.more-gain": lambda: look.step_gain(1),
        "look.less-gain": lambda: look.step_gain(-1),
        "look.plot": lambda on: _show_plot(window, on),
        "look.next-plot": lambda: window.plot.step(1),
        "look.previous-plot": lambda: window.plot.step(-1),
        "look.full-screen": lambda on: window.showFullScreen() if on else window.showNormal(),
        "column.left": lambda: lineup.step(0, -1),
        "column.right": lambda: lineup.step(0, 1),
        "column.up": lambda: lineup.step(-1, 0),
        "column.down": lambda: lineup.step(1, 0),
        "column.first": lambda: lineup.step(0, -len(lineup.shown)),
        "column.last": lambda: lineup.step(0, len(lineup.shown)),
        "column.next-metric": lambda: _step_metric(window, 1),
        "column.previous-metric": lambda: _step_metric(window, -1),
        "column.sort": comparison.sort,
        "column.sort-step": lineup.sort_by_step,
        "about.shortcuts": lambda: _shortcuts(window),
    }
    for name, slot in slots.items():
        registry.connect_to(name, slot)
    registry.action("look.flicker").triggered.connect(lambda: board.set_flicker(not board.flicker))
    registry.set_checked("look.outline", look.outline)
    registry.set_checked("look.plot", True)
    window.addActions([registry.action(name) for name in registry.commands])


def _open(window: ComparisonWindow, *, besides: bool) -> None:
    folder = window.asking.folder("Choose a training run or a folder of checkpoints")
    if folder is not None:
        (window.comparison.add if besides else window.comparison.open)([folder])


def _measure(window: ComparisonWindow, on: bool) -> None:
    window.comparison.set_measuring(on)
    show_state(window)


def _copy(window: ComparisonWindow) -> None:
    lineup = window.comparison.lineup
    if lineup.column is not None:
        QApplication.clipboard().setText(cell_words(window.comparison.board, lineup.row, lineup.column))
        window.messages.tell("The cell's values are on the clipboard.")


def _next_difference(window: ComparisonWindow) -> None:
    look, lineup = window.comparison.look, window.comparison.lineup
    order = ORDER if lineup.reference else ORDER[:2]
    look.set_against(order[(order.index(look.against) + 1) % len(order)] if look.against in order else "off")


def _take_reference(window: ComparisonWindow, key: str) -> None:
    look, lineup = window.comparison.look, window.comparison.lineup
    lineup.set_reference(key)
    if not key and look.against == "reference":
        look.set_against("original")
    elif key and look.against == "original":
        look.set_against("reference")
    named = lineup.column.title if key and lineup.column else "the original"
    window.messages.tell(f"Difference and flicker are to {named}.")


def _step_metric(window: ComparisonWindow, step: int) -> None:
    board = window.comparison.board
    if board.lineup.blind:
        return
    names = [metric.name for metric in board.metrics]
    place = names.index(board.metric.name) if board.metric.name in names else 0
    board.set_metric(names[(place + step) % len(names)])


def _show_plot(window: ComparisonWindow, on: bool) -> None:
    window.plot.setVisible(on and not window.comparison.lineup.blind)
    window.plot.set_curves(window.comparison.curves())


def _jump(window: ComparisonWindow, run: object, step: int) -> None:
    lineup = window.comparison.lineup
    column = nearest_column(lineup.columns, run, step)  # type: ignore[arg-type]
    if column is not None and not lineup.blind:
        lineup.go(lineup.row, column.key)


def _show_newest(window: ComparisonWindow) -> None:
    lineup = window.comparison.lineup
    if lineup.columns and not lineup.blind:
        newest = next(k for k, column in enumerate(lineup.shown) if column.key == lineup.columns[-1].key)
        window.grid.scroll_to(lineup.row, newest)


def _keep_shortcuts(window: ComparisonWindow) -> None:
    if window.settings is not None:
        names = window.registry.commands
        others = {name: keys for name, keys in window.settings.shortcuts.items() if name not in names}
        own = {name: list(keys) for name, keys in window.registry.overrides.items() if name in names}
        window.settings.shortcuts = {**others, **own}
        save_settings(window.settings)


def _shortcuts(window: ComparisonWindow) -> None:
    dialog = ShortcutsDialog(window.registry, window, categories=QA_CATEGORIES, mouse=MOUSE)
    dialog.exec()
    dialog.deleteLater()
