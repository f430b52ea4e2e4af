"""What the pointer and the keys tell a tool, free of Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, Flag, auto

Point = tuple[float, float]
"""``(y, x)`` in image pixels; the centre of pixel ``[i, j]`` is ``(i, j)``."""


class Button(Enum):
    """A mouse button."""

    LEFT = auto()
    MIDDLE = auto()
    RIGHT = auto()


class Modifiers(Flag):
    """Keys held while the pointer moves."""

    NONE = 0
    SHIFT = auto()
    CONTROL = auto()
    ALT = auto()
    SPACE = auto()


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is.

    Attributes:
        point: In the image.
        screen: ``(x, y)`` in logical screen pixels of the pane.
        modifiers: Keys held.
        scale: Logical screen pixels per image pixel.
    """

    point: Point
    screen: tuple[float, float] = (0.0, 0.0)
    modifiers: Modifiers = Modifiers.NONE
    scale: float = 1.0

    def held(self, modifier: Modifiers) -> bool:
        """Tell whether this key is held."""
        return bool(self.modifiers & modifier)


class Key(Enum):
    """Keys that a tool may use while it is at work."""

    ENTER = auto()
    ESCAPE = auto()
    BACKSPACE = auto()
