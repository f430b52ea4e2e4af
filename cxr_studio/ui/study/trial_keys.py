"""What each key means in a trial."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import Qt

from cxr_studio.studies.protocol_parts import Rules


class Act(Enum):
    """What a key asks for."""

    CHOOSE = auto()
    RATE = auto()
    CONFIRM = auto()
    TAKE_BACK = auto()
    PAUSE = auto()
    FIT = auto()
    RESET_WINDOW = auto()


@dataclass(frozen=True)
class Meaning:
    """A key's meaning.

    Attributes:
        act: What to do.
        choice: Of CHOOSE.
        rating: Of RATE, from 1.
    """

    act: Act
    choice: str = ""
    rating: int = 0


FIRST = (Qt.Key.Key_Left, Qt.Key.Key_F)
SECOND = (Qt.Key.Key_Right, Qt.Key.Key_J)
RATINGS = (*(Qt.Key(Qt.Key.Key_1 + k) for k in range(9)), Qt.Key.Key_0, Qt.Key.Key_Minus)
"""Keys of confidence 1 to 11: the row of digits."""

PLAIN = {
    Qt.Key.Key_Return: Act.CONFIRM,
    Qt.Key.Key_Enter: Act.CONFIRM,
    Qt.Key.Key_U: Act.TAKE_BACK,
    Qt.Key.Key_Backspace: Act.TAKE_BACK,
    Qt.Key.Key_Escape: Act.PAUSE,
    Qt.Key.Key_Home: Act.FIT,
    Qt.Key.Key_R: Act.RESET_WINDOW,
}


def sides(rules: Rules) -> tuple[str, str]:
    """The two answers as they stand on the screen; F and the left arrow give the first: F is "fake"."""
    return ("left", "right") if rules.paradigm == "2afc" else ("fake", "real")


def meaning(key: int, rules: Rules) -> Meaning | None:
    """What a key (Qt.Key, no modifier) means under these rules; None for nothing."""
    first, second = sides(rules)
    if key in FIRST:
        return Meaning(Act.CHOOSE, first)
    if key in SECOND:
        return Meaning(Act.CHOOSE, second)
    if key in RATINGS:
        rating = RATINGS.index(Qt.Key(key)) + 1
        return Meaning(Act.RATE, rating=rating) if rating <= rules.answer.confidence else None
    act = PLAIN.get(Qt.Key(key))
    return None if act is None else Meaning(act)


def rating_key(rating: int) -> str:
    """Name of the key of a confidence."""
    return "1234567890-"[rating - 1]
