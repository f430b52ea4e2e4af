"""Ways to compare the original and the inpainted image."""

from __future__ import annotations

from cxr_studio.ui.compare.controller import ComparisonController
from cxr_studio.ui.shell.action import Action


def difference_actions(comparison: ComparisonController) -> tuple[Action, ...]:
    """Rows of the difference pane."""
    return (
        Action(
            "view.absolute",
            "Absolute difference",
            "Show the absolute difference.",
            lambda on: comparison.set_mode("absolute" if on else "signed"),
            keys=("D",),
            group="difference",
            checked=lambda: comparison.mode == "absolute",
            also=("compare", "subtract"),
        ),
        Action(
            "view.more-gain",
            "More difference gain",
            "Amplify the difference.",
            lambda: comparison.set_gain(comparison.gain * 2),
            keys=("Shift+D",),
            group="difference",
        ),
        Action(
            "view.less-gain",
            "Less difference gain",
            "Amplify the difference less.",
            lambda: comparison.set_gain(comparison.gain / 2),
            keys=("Alt+D",),
            group="difference",
        ),
    )


def flicker_actions(comparison: ComparisonController) -> tuple[Action, ...]:
    """Rows that put the original beside or in place of the inpainted image."""
    return (
        Action(
            "view.swipe",
            "Swipe line",
            "Show the original on the left of a line.",
            comparison.set_swipe,
            icon="swipe",
            keys=("\\",),
            group="compare",
            checked=lambda: comparison.swipe,
            also=("compare", "before", "slider"),
        ),
        Action(
            "view.flicker",
            "Hold for original",
            "While F is held, show the original.",
            lambda: comparison.set_flicker(not comparison.flicker),
            icon="flicker",
            keys=("F",),
            group="compare",
            hold=comparison.set_flicker,
            also=("compare", "before", "toggle"),
        ),
    )
