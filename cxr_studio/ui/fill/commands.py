"""Filling the mask: now or live, keeping and dropping the fill, other seeds and generators."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.fill.variations import VariationsController
from cxr_studio.ui.shell.action import Action, Condition

SAME_ANATOMY = "With this generator another seed changes the grain alone."
NO_FILL = "Paint over something first."


def run_actions(inpainting: InpaintingController, opened: Condition) -> tuple[Action, ...]:
    """Rows that fill."""
    return (
        Action(
            "inpaint.run",
            "Inpaint now",
            "Fill the mask.",
            inpainting.run,
            icon="run",
            keys=("Return", "Enter"),
            group="run",
            when=opened,
            also=("fill", "remove", "heal"),
        ),
        Action(
            "inpaint.live",
            "Live",
            "Fill when a stroke ends.",
            inpainting.set_live,
            icon="live",
            keys=("Ctrl+L",),
            group="run",
            checked=lambda: inpainting.live,
        ),
    )


def keep_actions(
    inpainting: InpaintingController,
    variations: VariationsController,
    *,
    reject: Callable[[], None],
    opened: Condition,
) -> tuple[Action, ...]:
    """Rows about the fill on trial."""

    def fill() -> str:
        return NO_FILL if inpainting.fill is None else ""

    return (
        Action(
            "inpaint.accept",
            "Accept fill",
            "Keep the fill as an edit.",
            inpainting.accept,
            icon="accept",
            keys=("A",),
            group="keep",
            when=fill,
            also=("keep", "apply"),
        ),
        Action(
            "inpaint.reject",
            "Reject fill",
            "Discard the fill and clear the mask.",
            reject,
            icon="reject",
            keys=("Backspace",),
            group="keep",
            when=opened,
            also=("discard",),
        ),
        Action(
            "inpaint.variations",
            "Variations",
            "Fill with three different seeds.",
            variations.more,
            icon="variations",
            keys=("V",),
            group="keep",
            when=lambda: fill() or ("" if inpainting.varied else SAME_ANATOMY),
        ),
    )


def next_actions(inpainting: InpaintingController) -> tuple[Action, ...]:
    """Rows that fill in another way."""
    return (
        Action(
            "inpaint.next-seed",
            "Next seed",
            "Fill with the next seed.",
            inpainting.next_seed,
            keys=("N",),
            group="next",
        ),
        Action(
            "inpaint.next-generator",
            "Next generator",
            "Fill with the next generator.",
            inpainting.next_generator,
            keys=("Ctrl+G",),
            group="next",
        ),
    )


def cancel_action(cancel: Callable[[], None]) -> Action:
    """The row that stops what is running."""
    return Action(
        "inpaint.cancel",
        "Cancel",
        "Stop what is running.",
        cancel,
        icon="close",
        keys=("Ctrl+.", "Esc"),
        group="cancel",
    )


def card_action(show: Callable[[], None]) -> Action:
    """The row that shows the generator's card."""
    return Action("help.card", "About this generator", "What its card states.", show, icon="info", keys=("Ctrl+F1",))
