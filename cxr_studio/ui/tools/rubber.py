"""Rectangle and ellipse, pulled open between two corners."""

from __future__ import annotations

from cxr_studio.masks.boxes import Box
from cxr_studio.masks.shapes import fill_ellipse, fill_rectangle
from cxr_studio.ui.tools.guides import Guide, Oval, frame
from cxr_studio.ui.tools.pointer import Key, Modifiers, Point, Pointer
from cxr_studio.ui.tools.tool import MaskTarget, Tool, ToolSettings


class RubberTool(Tool):
    """Pull a shape open; Shift makes it a square or circle, Alt centres it on the first point."""

    def __init__(self, target: MaskTarget, settings: ToolSettings) -> None:
        self._target = target
        self._settings = settings
        self._start: Point | None = None
        self._corners: tuple[Point, Point] | None = None

    @property
    def busy(self) -> bool:
        """True while the shape is being pulled."""
        return self._start is not None

    def press(self, pointer: Pointer) -> None:
        """Set the first corner."""
        self._start = pointer.point
        self._corners = None

    def move(self, pointer: Pointer) -> None:
        """Pull the opposite corner."""
        if self._start is not None:
            self._corners = _corners(self._start, pointer)

    def release(self, pointer: Pointer) -> None:
        """Fill the shape; a click without a drag does nothing."""
        self.move(pointer)
        start, corners = self._start, self._corners
        self.cancel()
        if start is None or corners is None or corners[0] == corners[1]:
            return
        self._target.begin()
        self._target.touch(self._fill(*corners))
        self._target.commit(self.name)

    def key(self, key: Key) -> bool:
        """Escape drops the shape."""
        used = key is Key.ESCAPE and self.busy
        if used:
            self.cancel()
        return used

    def cancel(self) -> None:
        """Forget the shape."""
        self._start = self._corners = None

    def _fill(self, first: Point, second: Point) -> Box:
        raise NotImplementedError


class RectangleTool(RubberTool):
    """A rectangle of the mask."""

    name = "Rectangle"

    def guides(self, pointer: Pointer | None) -> tuple[Guide, ...]:  # noqa: ARG002
        """The rectangle so far."""
        return () if self._corners is None else (frame(*self._corners),)

    def _fill(self, first: Point, second: Point) -> Box:
        return fill_rectangle(self._target.mask, first, second, value=self._settings.value)


class EllipseTool(RubberTool):
    """An ellipse of the mask."""

    name = "Ellipse"

    def guides(self, pointer: Pointer | None) -> tuple[Guide, ...]:  # noqa: ARG002
        """The ellipse so far."""
        return () if self._corners is None else (Oval(*self._corners),)

    def _fill(self, first: Point, second: Point) -> Box:
        return fill_ellipse(self._target.mask, first, second, value=self._settings.value)


def _corners(start: Point, pointer: Pointer) -> tuple[Point, Point]:
    dy, dx = pointer.point[0] - start[0], pointer.point[1] - start[1]
    if pointer.held(Modifiers.SHIFT):
        side = max(abs(dy), abs(dx))
        dy, dx = (side if dy >= 0 else -side), (side if dx >= 0 else -side)
    first = (start[0] - dy, start[1] - dx) if pointer.held(Modifiers.ALT) else start
    return first, (start[0] + dy, start[1] + dx)
