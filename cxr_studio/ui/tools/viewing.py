"""Pan, zoom and window by drag: tools that change the view and never the mask."""

from __future__ import annotations

from cxr_studio.ui.tools.pointer import Pointer
from cxr_studio.ui.tools.tool import Tool, ViewTarget

ZOOM_PER_PIXEL = 1.006
"""Factor of a drag by one screen pixel upwards."""


class DragTool(Tool):
    """Hands every drag step on as a distance in screen pixels."""

    def __init__(self, view: ViewTarget) -> None:
        self._view = view
        self._last: tuple[float, float] | None = None
        self._anchor: Pointer | None = None

    @property
    def busy(self) -> bool:
        """True while a drag goes on."""
        return self._last is not None

    def press(self, pointer: Pointer) -> None:
        """Take hold."""
        self._last, self._anchor = pointer.screen, pointer

    def move(self, pointer: Pointer) -> None:
        """Pull."""
        if self._last is None or self._anchor is None:
            return
        dx, dy = pointer.screen[0] - self._last[0], pointer.screen[1] - self._last[1]
        self._last = pointer.screen
        if dx or dy:
            self._drag(dx, dy, self._anchor)

    def release(self, pointer: Pointer) -> None:
        """Let go."""
        self.move(pointer)
        self.cancel()

    def cancel(self) -> None:
        """Let go where it is."""
        self._last = self._anchor = None

    def _drag(self, dx: float, dy: float, anchor: Pointer) -> None:
        raise NotImplementedError


class PanTool(DragTool):
    """Move the image."""

    name = "Pan"

    def _drag(self, dx: float, dy: float, anchor: Pointer) -> None:  # noqa: ARG002
        self._view.pan_by(dx, dy)


class ZoomTool(DragTool):
    """Drag upwards to come closer, about the place where the drag began."""

    name = "Zoom"

    def _drag(self, dx: float, dy: float, anchor: Pointer) -> None:  # noqa: ARG002
        self._view.zoom_by(ZOOM_PER_PIXEL**-dy, anchor)


class WindowTool(DragTool):
    """Drag sideways for contrast (window width), up and down for brightness (window level)."""

    name = "Window/level"

    def _drag(self, dx: float, dy: float, anchor: Pointer) -> None:  # noqa: ARG002
        self._view.window_by(dx, dy)
