"""Actions of the comparison window on how cells are looked at."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from cxr_studio.ui.qa.board import Board
from cxr_studio.ui.qa.look import Look
from cxr_studio.ui.qa.references import References
from cxr_studio.ui.shell.action import Action, Condition


def cell_actions(look: Look) -> tuple[Action, ...]:
    """Rows that size cells and put the view back."""
    return (
        Action(
            "look.reset",
            "Reset view",
            "Whole crop, the radiograph's own window.",
            look.reset,
            icon="reset",
            keys=("R", "0"),
        ),
        Action(
            "look.larger",
            "Larger cells",
            "Make every cell larger (Ctrl+wheel).",
            lambda: look.step_side(1),
            icon="zoom",
            keys=("+", "="),
        ),
        Action(
            "look.smaller",
            "Smaller cells",
            "Make every cell smaller (Ctrl+wheel).",
            lambda: look.step_side(-1),
            icon="zoom",
            keys=("-",),
        ),
        Action(
            "look.outline",
            "Mask outline",
            "Draw the hole on the original.",
            look.set_outline,
            icon="show",
            keys=("K",),
            checked=lambda: look.outline,
        ),
    )


def reference_actions(references: References, look: Look, board: Board) -> tuple[Action, ...]:
    """Rows that compare a column with something."""
    return (
        Action(
            "look.difference",
            "Difference",
            "Off, to the original, to the reference column.",
            references.next_difference,
            icon="swipe",
            keys=("D",),
        ),
        Action(
            "look.reference",
            "Take as reference",
            "Compare and flicker with this column.",
            references.take_current,
            icon="stamp",
            keys=("C",),
        ),
        Action(
            "look.no-reference",
            "Original as reference",
            "Compare with the original again.",
            references.take_original,
            keys=("Shift+C",),
        ),
        Action(
            "look.more-gain",
            "More difference gain",
            "Amplify the difference.",
            lambda: look.step_gain(1),
            keys=("Shift+D",),
        ),
        Action(
            "look.less-gain",
            "Less difference gain",
            "Amplify the difference less.",
            lambda: look.step_gain(-1),
            keys=("Alt+D",),
        ),
        Action(
            "look.flicker",
            "Hold for reference",
            "While held, show the original or the reference.",
            lambda: board.set_flicker(not board.flicker),
            keys=("Space",),
            hold=board.set_flicker,
        ),
    )


def plot_actions(
    show: Callable[[bool], None], step: Callable[[int], object], *, shown: Callable[[], bool], why_not: Condition
) -> tuple[Action, ...]:
    """Rows of the plot."""
    return (
        Action(
            "look.plot",
            "Plots",
            "Show figures against the step.",
            show,
            icon="show",
            keys=("L",),
            when=why_not,
            checked=shown,
        ),
        Action(
            "look.next-plot",
            "Next plot",
            "Plot the next figure.",
            lambda: step(1),
            keys=("Alt+Right",),
            when=why_not,
        ),
        Action(
            "look.previous-plot",
            "Previous plot",
            "Plot the previous figure.",
            lambda: step(-1),
            keys=("Alt+Left",),
            when=why_not,
        ),
    )


def screen_action(window: QWidget) -> Action:
    """The row that fills the screen."""
    return Action(
        "look.full-screen",
        "Full screen",
        "Use the whole screen.",
        lambda on: window.showFullScreen() if on else window.showNormal(),
        icon="maximise",
        keys=("F11",),
        checked=window.isFullScreen,
    )
