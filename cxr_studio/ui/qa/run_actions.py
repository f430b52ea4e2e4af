"""Actions of the comparison window on runs and what leaves the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from cxr_studio.ui.qa.asking import Asking
from cxr_studio.ui.qa.comparison import Comparison
from cxr_studio.ui.qa.outcomes import Outcomes
from cxr_studio.ui.shell.action import Action, Condition

CHOOSE = "Choose a training run or a folder of checkpoints"


def run_actions(comparison: Comparison, asking: Asking, why_not: Condition) -> tuple[Action, ...]:
    """Rows that open runs and follow them; ``why_not`` keeps off in blind mode what would tell."""

    def choose(take: Callable[[Sequence[str | Path]], object]) -> None:
        folder = asking.folder(CHOOSE)
        if folder is not None:
            take([folder])

    return (
        Action(
            "run.open",
            "Open run…",
            "Compare the snapshots of a run or a folder of checkpoints.",
            lambda: choose(comparison.open),
            icon="open",
            keys=("Ctrl+O",),
            when=why_not,
        ),
        Action(
            "run.add",
            "Add run…",
            "Add the columns of another run.",
            lambda: choose(comparison.add),
            icon="open",
            keys=("Ctrl+Shift+O",),
            when=why_not,
        ),
        Action(
            "run.generators",
            "Add generators…",
            "Add columns of generators that ship or that you keep.",
            lambda: add_generators(comparison, asking),
            icon="open",
            keys=("Ctrl+G",),
            when=why_not,
            also=("shipped", "classical", "compare with", "baseline"),
        ),
        Action(
            "run.follow",
            "Follow",
            "Keep the newest snapshot in view.",
            comparison.set_following,
            icon="live",
            keys=("F",),
            when=why_not,
            checked=lambda: comparison.following,
        ),
        Action(
            "run.measure",
            "Measure all",
            "Fill every cell, not only the visible ones.",
            comparison.set_measuring,
            icon="run",
            keys=("M",),
            checked=lambda: comparison.measuring,
        ),
    )


def add_generators(comparison: Comparison, asking: Asking) -> None:
    """Ask for generators and add their columns."""
    chosen = asking.columns()
    if chosen:
        comparison.add(chosen)


def outcome_actions(
    outcomes: Outcomes, why_not: Condition, *, copy: Callable[[], None], close: Callable[[], object]
) -> tuple[Action, ...]:
    """Rows that write, copy and close."""
    return (
        Action(
            "run.report",
            "Export report…",
            "Write pictures, plots and tables into a folder.",
            outcomes.report,
            icon="export",
            keys=("Ctrl+E",),
            when=why_not,
        ),
        Action(
            "run.keep",
            "Keep…",
            "Copy this column's checkpoint to your models folder, where every command and the window find it.",
            outcomes.keep,
            icon="accept",
            keys=("Ctrl+P",),
            when=why_not,
        ),
        Action(
            "run.copy",
            "Copy values",
            "Copy this cell's case, column and values.",
            copy,
            keys=("Ctrl+C",),
        ),
        Action(
            "run.close",
            "Close",
            "Close this window; verdicts are kept.",
            close,
            icon="close",
            keys=("Ctrl+W", "Ctrl+Q"),
        ),
    )
