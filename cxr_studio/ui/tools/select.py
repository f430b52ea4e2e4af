"""The select tool: a click takes the edit under the pointer."""

from __future__ import annotations

from typing import Protocol

from cxr_studio.ui.tools.pointer import Point, Pointer
from cxr_studio.ui.tools.tool import Tool


class SelectTarget(Protocol):
    """What can be selected, as a tool sees it."""

    def select_at(self, point: Point) -> None:
        """Select the topmost edit at an image point ``(y, x)``; where there is not one, nothing."""


class SelectTool(Tool):
    """Selects; changes nothing."""

    name = "Select"

    def __init__(self, target: SelectTarget) -> None:
        self._target = target

    def press(self, pointer: Pointer) -> None:
        """Select what is here."""
        self._target.select_at(pointer.point)
