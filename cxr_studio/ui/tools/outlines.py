"""Polygon and lasso: areas inside an outline."""

from __future__ import annotations

from cxr_studio.masks.shapes import fill_polygon
from cxr_studio.ui.tools.guides import Guide, Trail
from cxr_studio.ui.tools.pointer import Key, Point, Pointer
from cxr_studio.ui.tools.tool import MaskTarget, Tool, ToolSettings

CLOSE_RADIUS = 9.0
"""A click within so many screen pixels of a polygon's first corner closes it."""


def _distance(first: Point, second: Point) -> float:
    return float(((first[0] - second[0]) ** 2 + (first[1] - second[1]) ** 2) ** 0.5)


class PolygonTool(Tool):
    """Click the corners; a double click, Enter or a click on the first corner closes the area."""

    name = "Polygon"

    def __init__(self, target: MaskTarget, settings: ToolSettings) -> None:
        self._target = target
        self._settings = settings
        self._points: list[Point] = []

    @property
    def busy(self) -> bool:
        """True while corners are waiting to be closed."""
        return bool(self._points)

    def press(self, pointer: Pointer) -> None:
        """Add a corner, or close on the first one."""
        near = CLOSE_RADIUS / max(pointer.scale, 1e-6)
        if len(self._points) >= 3 and _distance(pointer.point, self._points[0]) <= near:
            self._close()
        elif not self._points or _distance(pointer.point, self._points[-1]) > 0.5:
            self._points.append(pointer.point)

    def double(self, pointer: Pointer) -> None:  # noqa: ARG002
        """Close the area; the click before has already placed the last corner."""
        self._close()

    def key(self, key: Key) -> bool:
        """Enter closes, Backspace removes the last corner, Escape drops all."""
        if not self._points:
            return False
        if key is Key.ENTER:
            self._close()
        elif key is Key.BACKSPACE:
            self._points.pop()
        else:
            self.cancel()
        return True

    def cancel(self) -> None:
        """Forget the corners."""
        self._points.clear()

    def guides(self, pointer: Pointer | None) -> tuple[Guide, ...]:
        """The outline so far with a line to the pointer."""
        if not self._points:
            return ()
        free = () if pointer is None else (pointer.point,)
        return (Trail((*self._points, *free), knots=True),)

    def _close(self) -> None:
        points, self._points = self._points, []
        if len(points) < 3:
            return
        self._target.begin()
        self._target.touch(fill_polygon(self._target.mask, points, value=self._settings.value))
        self._target.commit("Polygon")


class LassoTool(Tool):
    """Draw around an area with the button held."""

    name = "Lasso"

    def __init__(self, target: MaskTarget, settings: ToolSettings) -> None:
        self._target = target
        self._settings = settings
        self._points: list[Point] = []

    @property
    def busy(self) -> bool:
        """True while the outline is being drawn."""
        return bool(self._points)

    def press(self, pointer: Pointer) -> None:
        """Start the outline."""
        self._points = [pointer.point]

    def move(self, pointer: Pointer) -> None:
        """Draw on; steps under half a pixel are not kept."""
        if self._points and _distance(pointer.point, self._points[-1]) > 0.5:
            self._points.append(pointer.point)

    def release(self, pointer: Pointer) -> None:
        """Fill the area."""
        self.move(pointer)
        points, self._points = self._points, []
        if len(points) < 3:
            return
        self._target.begin()
        self._target.touch(fill_polygon(self._target.mask, points, value=self._settings.value))
        self._target.commit("Lasso")

    def key(self, key: Key) -> bool:
        """Escape drops the outline."""
        used = key is Key.ESCAPE and self.busy
        if used:
            self.cancel()
        return used

    def cancel(self) -> None:
        """Forget the outline."""
        self._points = []

    def guides(self, pointer: Pointer | None) -> tuple[Guide, ...]:  # noqa: ARG002
        """The outline so far."""
        return (Trail(tuple(self._points), closed=True),) if len(self._points) > 1 else ()
