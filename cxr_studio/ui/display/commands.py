"""Zoom, and the window through which grey values are shown."""

from __future__ import annotations

from collections.abc import Callable

from cxr_studio.ui.canvas.geometry import UPRIGHT
from cxr_studio.ui.canvas.view_state import ViewState
from cxr_studio.ui.display.controller import DisplayController
from cxr_studio.ui.shell.action import Action, Condition

ZOOM_STEP = 1.25

Pointer = Callable[[], tuple[float, float] | None]
"""Gives an image point ``(y, x)``, or None."""


def zoom_actions(
    view: ViewState, ratio: Callable[[], float], *, pointer: Pointer, opened: Condition
) -> tuple[Action, ...]:
    """Rows that scale the image about the pointer.

    Args:
        view: What is scaled.
        ratio: Gives the device pixels of a logical one.
        pointer: Gives the image point under the pointer; None beside the panes.
        opened: Says why there is nothing to scale.
    """
    return (
        Action(
            "view.fit",
            "Fit",
            "Show the whole image.",
            view.fit,
            icon="fit",
            keys=("Home", "0"),
            group="zoom",
            when=opened,
            also=("whole", "zoom"),
        ),
        Action(
            "view.one-to-one",
            "Actual pixels",
            "One image pixel on one screen pixel.",
            lambda: view.zoom_to(1.0 / ratio(), about=pointer()),
            icon="one-to-one",
            keys=("Ctrl+1",),
            group="zoom",
            when=opened,
            also=("100 %", "magnify", "full resolution"),
        ),
        Action(
            "view.zoom-in",
            "Zoom in",
            "Come closer.",
            lambda: view.zoom_to(view.scale * ZOOM_STEP, about=pointer()),
            icon="zoom",
            keys=("+", "="),
            group="zoom",
            when=opened,
        ),
        Action(
            "view.zoom-out",
            "Zoom out",
            "Step back.",
            lambda: view.zoom_to(view.scale / ZOOM_STEP, about=pointer()),
            icon="zoom",
            keys=("-",),
            group="zoom",
            when=opened,
        ),
    )


def turn_actions(view: ViewState, opened: Condition) -> tuple[Action, ...]:
    """Rows that turn and mirror the display; the radiograph itself is not changed."""
    rows = (
        ("turn-right", "Turn display right", "Turn it by 90° clockwise.", lambda: view.turn.turned(1), "Shift+T"),
        ("turn-left", "Turn display left", "Turn it by 90° anticlockwise.", lambda: view.turn.turned(3), "Alt+Shift+T"),
        ("mirror", "Mirror display", "Swap left and right of the display.", lambda: view.turn.mirrored(), "Shift+H"),
        ("flip", "Flip display", "Swap top and bottom of the display.", lambda: view.turn.flipped(), "Shift+V"),
        ("upright", "Upright display", "Show the radiograph as it is stored.", lambda: UPRIGHT, "Shift+Home"),
    )
    return tuple(
        Action(
            f"view.{name}",
            title,
            tip,
            lambda turn=turn: view.set_turn(turn()),
            icon="redo" if "turn" in name else "swipe",
            keys=(key,),
            group="turn",
            when=opened,
            also=("rotate", "orientation", "flip"),
        )
        for name, title, tip, turn, key in rows
    )


def window_actions(display: DisplayController, opened: Condition) -> tuple[Action, ...]:
    """Rows that change how grey values are shown."""
    return (
        Action(
            "view.invert",
            "Invert",
            "Swap black and white on the screen.",
            display.set_inverted,
            icon="invert",
            keys=("I",),
            group="window",
            checked=lambda: display.inverted,
            also=("negative", "black and white"),
        ),
        Action(
            "view.reset-window",
            "Reset window",
            "Return to the file's own window.",
            display.reset,
            icon="reset",
            keys=("R",),
            group="window",
            when=opened,
            also=("contrast", "default"),
        ),
        Action(
            "view.percentiles",
            "Percentile window",
            "From the darkest to the brightest 0.1 %.",
            display.percentiles,
            icon="window",
            keys=("Shift+W",),
            group="window",
            when=opened,
            also=("contrast", "auto"),
        ),
        Action(
            "view.mask-window",
            "Window of the mask",
            "Spread the greys around the mask.",
            display.fit_to_mask,
            icon="window",
            keys=("Ctrl+Shift+W",),
            group="window",
            when=opened,
        ),
    )
