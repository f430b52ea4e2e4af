"""Actions of the comparison window that walk over the grid and order its columns."""

from __future__ import annotations

from cxr_studio.ui.qa.comparison import Comparison
from cxr_studio.ui.qa.lineup import Lineup
from cxr_studio.ui.shell.action import Action, Condition


def walk_actions(lineup: Lineup) -> tuple[Action, ...]:
    """Rows that choose another cell."""
    rows = (
        ("left", "Cell to the left", "Previous column.", lambda: lineup.step(0, -1), "Left"),
        ("right", "Cell to the right", "Next column.", lambda: lineup.step(0, 1), "Right"),
        ("up", "Cell above", "Previous case.", lambda: lineup.step(-1, 0), "Up"),
        ("down", "Cell below", "Next case.", lambda: lineup.step(1, 0), "Down"),
        ("first", "First column", "Go to the first column.", lambda: lineup.step(0, -len(lineup.shown)), "Home"),
        ("last", "Last column", "Go to the last column.", lambda: lineup.step(0, len(lineup.shown)), "End"),
    )
    return tuple(Action(f"column.{name}", title, tip, run, keys=(key,)) for name, title, tip, run, key in rows)


def order_actions(comparison: Comparison, why_not: Condition) -> tuple[Action, ...]:
    """Rows that choose the shown figure and sort by it."""
    board, lineup = comparison.board, comparison.lineup
    return (
        Action(
            "column.next-metric",
            "Next metric",
            "Show another figure in the headers.",
            lambda: board.step_metric(1),
            keys=("]",),
            when=why_not,
        ),
        Action(
            "column.previous-metric",
            "Previous metric",
            "Show the previous figure.",
            lambda: board.step_metric(-1),
            keys=("[",),
            when=why_not,
        ),
        Action("column.sort", "Sort by metric", "The best column first.", comparison.sort, keys=("S",), when=why_not),
        Action(
            "column.sort-step",
            "Sort by step",
            "In training order.",
            lineup.sort_by_step,
            keys=("T",),
            when=why_not,
        ),
    )
