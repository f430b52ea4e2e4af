"""Tools that measure and change nothing: ruler, angle, region."""

from __future__ import annotations

from typing import Protocol

from cxr_studio.ui.tools.guides import Guide, Tone, Trail
from cxr_studio.ui.tools.measures import Angle, Measure, Region, Ruler, outline
from cxr_studio.ui.tools.pointer import Key, Modifiers, Point, Pointer
from cxr_studio.ui.tools.tool import Tool

CLICK = 3.0
"""A press that moves fewer screen pixels is a click, which selects."""


class MeasureTarget(Protocol):
    """The measures as a tool sees them."""

    def add(self, measure: Measure) -> None:
        """Keep a measure."""

    def words(self, measure: Measure) -> str:
        """What is said beside it while it is drawn."""

    def select_at(self, point: Point, reach: float) -> bool:
        """Select the measure within ``reach`` image pixels of a point, or none; True where there is one."""


class DragMeasureTool(Tool):
    """Pulled open between two points; a click selects."""

    def __init__(self, target: MeasureTarget) -> None:
        self._target = target
        self._start: Pointer | None = None
        self._end: Pointer | None = None

    @property
    def busy(self) -> bool:
        """True while it is being pulled."""
        return self._start is not None

    def press(self, pointer: Pointer) -> None:
        """Set the first point."""
        self._start, self._end = pointer, None

    def move(self, pointer: Pointer) -> None:
        """Pull the second."""
        if self._start is not None:
            self._end = pointer

    def release(self, pointer: Pointer) -> None:
        """Keep it; without a drag select what is here."""
        self.move(pointer)
        made, start = self._made(), self._start
        self.cancel()
        if made is not None:
            self._target.add(made)
        elif start is not None:
            self._target.select_at(start.point, 2 * CLICK / start.scale)

    def key(self, key: Key) -> bool:
        """Escape drops it."""
        used = key is Key.ESCAPE and self.busy
        if used:
            self.cancel()
        return used

    def cancel(self) -> None:
        """Forget it."""
        self._start = self._end = None

    def guides(self, pointer: Pointer | None) -> tuple[Guide, ...]:  # noqa: ARG002
        """What is pulled so far."""
        made = self._made()
        return () if made is None else outline(made, self._target.words(made))

    def _made(self) -> Measure | None:
        start, end = self._start, self._end
        if start is None or end is None:
            return None
        moved = max(abs(end.screen[0] - start.screen[0]), abs(end.screen[1] - start.screen[1]))
        far = max(abs(end.point[0] - start.point[0]), abs(end.point[1] - start.point[1])) * end.scale
        return self._between(start.point, end) if max(moved, far) > CLICK else None

    def _between(self, start: Point, end: Pointer) -> Measure:
        raise NotImplementedError


class RulerTool(DragMeasureTool):
    """A distance."""

    name = "Ruler"

    def _between(self, start: Point, end: Pointer) -> Measure:
        return Ruler(start, end.point)


class RegionTool(DragMeasureTool):
    """Statistics of a rectangle or an ellipse; Shift makes it a square or a circle."""

    name = "Region"

    def __init__(self, target: MeasureTarget, *, oval: bool) -> None:
        super().__init__(target)
        self._oval = oval

    def _between(self, start: Point, end: Pointer) -> Measure:
        dy, dx = end.point[0] - start[0], end.point[1] - start[1]
        if end.held(Modifiers.SHIFT):
            side = max(abs(dy), abs(dx))
            dy, dx = (side if dy >= 0 else -side), (side if dx >= 0 else -side)
        return Region(start, (start[0] + dy, start[1] + dx), self._oval)


class AngleTool(Tool):
    """Three clicks: the end of one arm, the vertex, the end of the other arm."""

    name = "Angle"

    def __init__(self, target: MeasureTarget) -> None:
        self._target = target
        self._points: list[Point] = []

    @property
    def busy(self) -> bool:
        """True while points are missing."""
        return bool(self._points)

    def press(self, pointer: Pointer) -> None:
        """Set a point; the third one keeps the angle."""
        if not self._points or pointer.point != self._points[-1]:
            self._points.append(pointer.point)
        if len(self._points) == 3:
            first, vertex, second = self._points
            self._points = []
            self._target.add(Angle(first, vertex, second))

    def key(self, key: Key) -> bool:
        """Backspace takes the last point back, Escape all."""
        if not self._points or key is Key.ENTER:
            return False
        self._points = self._points[:-1] if key is Key.BACKSPACE else []
        return True

    def cancel(self) -> None:
        """Forget the points."""
        self._points = []

    def guides(self, pointer: Pointer | None) -> tuple[Guide, ...]:
        """The arms so far."""
        points = (*self._points, *(() if pointer is None else (pointer.point,)))
        if not self._points or len(points) < 2:
            return ()
        if len(points) == 3:
            made = Angle(*points)
            return outline(made, self._target.words(made))
        return (Trail(points, knots=True, tone=Tone.MEASURED),)
