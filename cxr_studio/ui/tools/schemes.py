"""Which button does what: the reading and the painting scheme."""

from __future__ import annotations

from enum import StrEnum

from cxr_studio.ui.tools.pointer import Button, Modifiers


class Scheme(StrEnum):
    """How the mouse works."""

    READING = "reading"
    PAINTING = "painting"


class Act(StrEnum):
    """What a button starts."""

    TOOL = "tool"
    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    SELECT = "select"


class WheelAct(StrEnum):
    """What the wheel does."""

    ZOOM = "zoom"
    CASE = "case"
    TOOL = "tool"


_BUTTONS: dict[Scheme, dict[Button, Act]] = {
    Scheme.READING: {Button.LEFT: Act.WINDOW, Button.MIDDLE: Act.PAN, Button.RIGHT: Act.ZOOM},
    Scheme.PAINTING: {Button.LEFT: Act.TOOL, Button.MIDDLE: Act.PAN, Button.RIGHT: Act.WINDOW},
}


def act_for(scheme: Scheme, button: Button, modifiers: Modifiers) -> Act:
    """Return what pressing this button starts; with the left one Space always pans, and Ctrl selects when painting."""
    if button is Button.LEFT and modifiers & Modifiers.SPACE:
        return Act.PAN
    if button is Button.LEFT and modifiers & Modifiers.CONTROL and scheme is Scheme.PAINTING:
        return Act.SELECT
    return _BUTTONS[scheme][button]


def wheel_for(scheme: Scheme, modifiers: Modifiers) -> WheelAct:
    """Return what the wheel does: zoom; Ctrl previous/next case when reading; Shift the tool when painting."""
    if scheme is Scheme.READING and modifiers & Modifiers.CONTROL:
        return WheelAct.CASE
    if scheme is Scheme.PAINTING and modifiers & Modifiers.SHIFT:
        return WheelAct.TOOL
    return WheelAct.ZOOM


DESCRIPTIONS: dict[Scheme, str] = {
    Scheme.READING: "Reading: left window/level · middle pan · right zoom · wheel zoom · Ctrl+wheel previous and next",
    Scheme.PAINTING: "Painting: left tool · Ctrl+left select · middle or Space pan · right window/level · wheel zoom · "
    "Shift+wheel size",
}
"""A line for the status tip of each scheme."""
