"""The nodule tool: hover shows its outline, a click places one, a drag moves it, the wheel sizes it."""

from __future__ import annotations

from typing import Protocol

from cxr_studio.ui.tools.guides import Guide, Ring
from cxr_studio.ui.tools.pointer import Key, Point, Pointer
from cxr_studio.ui.tools.tool import Tool


class NoduleTarget(Protocol):
    """The nodules as a tool sees them; points are ``(y, x)`` in image pixels."""

    @property
    def diameter(self) -> float:
        """Of the next nodule, pixels."""

    @property
    def outline(self) -> Ring | None:
        """Around the selected nodule."""

    def press(self, point: Point) -> None:
        """Take hold of the nodule here, or place one."""

    def move(self, point: Point) -> None:
        """Move the nodule that is held."""

    def release(self) -> None:
        """Let it go: one step of the history."""

    def abandon(self) -> None:
        """Put the nodule that is held back to where it was."""

    def resize(self, steps: float) -> None:
        """Change the diameter of the selected nodule, or of the next."""


class NoduleTool(Tool):
    """Places and moves nodules."""

    name = "Nodule"

    def __init__(self, target: NoduleTarget) -> None:
        self._target = target
        self._held = False

    @property
    def busy(self) -> bool:
        """True while a nodule is held."""
        return self._held

    def press(self, pointer: Pointer) -> None:
        """Take hold, or place."""
        self._held = True
        self._target.press(pointer.point)

    def move(self, pointer: Pointer) -> None:
        """Drag."""
        if self._held:
            self._target.move(pointer.point)

    def release(self, pointer: Pointer) -> None:  # noqa: ARG002
        """Let go."""
        if self._held:
            self._held = False
            self._target.release()

    def key(self, key: Key) -> bool:
        """Escape puts the held nodule back."""
        if key is not Key.ESCAPE or not self._held:
            return False
        self.cancel()
        return True

    def cancel(self) -> None:
        """Put the held nodule back."""
        if self._held:
            self._held = False
            self._target.abandon()

    def wheel(self, steps: float, pointer: Pointer) -> bool:  # noqa: ARG002
        """Change the diameter."""
        self._target.resize(steps)
        return True

    def guides(self, pointer: Pointer | None) -> tuple[Guide, ...]:
        """The outline under the pointer to scale, and the selected nodule's."""
        around = self._target.outline
        hover = () if pointer is None or self._held else (Ring(pointer.point, self._target.diameter / 2),)
        return hover if around is None else (*hover, around)
