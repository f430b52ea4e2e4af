"""Actions of the comparison window that say something of a cell, and blind mode."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cxr_studio.ui.qa.blinding import Blinding
from cxr_studio.ui.qa.comparison import Comparison
from cxr_studio.ui.qa.tags import TAG_COMMANDS
from cxr_studio.ui.qa.verdict_keys import VerdictKeys
from cxr_studio.ui.shell.action import Action


def verdict_actions(keys: VerdictKeys, focus: Callable[[], None]) -> tuple[Action, ...]:
    """Rows that give and take back verdicts; ``focus`` gives the keys back to the grid after a question."""

    def asked(question: Callable[[], object]) -> None:
        question()
        focus()

    return (
        *(_tag(keys, name, tag) for name, tag in TAG_COMMANDS.items()),
        Action(
            "judge.words",
            "Own words…",
            "Tag this cell in your own words.",
            lambda: asked(keys.words),
            keys=("O",),
        ),
        Action("judge.note", "Note…", "Write a note on this cell.", lambda: asked(keys.note), keys=("N",)),
        Action(
            "judge.undo",
            "Take verdict back",
            "Restore the previous verdict.",
            keys.undo,
            icon="undo",
            keys=("U", "Ctrl+Z"),
        ),
    )


def judge_actions(
    keys: VerdictKeys, blinding: Blinding, comparison: Comparison, *, focus: Callable[[], None]
) -> tuple[Action, ...]:
    """Rows about who judges, and whether the columns are named."""

    def name() -> None:
        keys.ask_judge()
        focus()

    return (
        Action(
            "judge.blind",
            "Blind",
            "Shuffle the columns and hide their names.",
            blinding.set_blind,
            icon="hide",
            keys=("B",),
            checked=lambda: comparison.lineup.blind,
        ),
        Action("judge.name", "Judge…", "Set the name for verdicts.", name, keys=("J",)),
    )


def _tag(keys: VerdictKeys, name: str, tag: str) -> Action:
    tip = f"Tag this cell: {tag}; again to remove."
    return Action(name, tag.capitalize(), tip, partial(keys.toggle, tag), keys=(name[-1],))
