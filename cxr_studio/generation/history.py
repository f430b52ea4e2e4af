"""Undo and redo without a limit: every step holds what it changed, small."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_studio.generation.edit import Edit
from cxr_studio.masks.history import MaskDelta


@dataclass(frozen=True, eq=False)
class Step:
    """One thing the user did.

    Attributes:
        label: What it was ("Brush stroke"), for the menu.
        painted: Change of the mask, or None.
        before: The stack of edits before it.
        after: The stack after it.
    """

    label: str
    painted: MaskDelta | None
    before: tuple[Edit, ...]
    after: tuple[Edit, ...]


class History:
    """The steps done and undone.

    Attributes:
        done: Steps in effect, oldest first.
        undone: Steps that can be redone, the next one last.
    """

    def __init__(self) -> None:
        self.done: list[Step] = []
        self.undone: list[Step] = []

    def add(self, step: Step) -> None:
        """Keep a step that has just been taken; what was undone is forgotten."""
        self.done.append(step)
        self.undone.clear()

    def back(self) -> Step | None:
        """Move the last step to the undone ones and return it; None when there is none."""
        if not self.done:
            return None
        self.undone.append(self.done.pop())
        return self.undone[-1]

    def forth(self) -> Step | None:
        """Move the last undone step back and return it; None when there is none."""
        if not self.undone:
            return None
        self.done.append(self.undone.pop())
        return self.done[-1]
