"""Mouse and wheel on the images of a trial, as in the main window's reading scheme; all of it is logged."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from cxr_studio.ui.display.windowing import between, dragged
from cxr_studio.ui.study.trial_canvas import TrialImages
from cxr_studio.ui.tools.guides import Guide
from cxr_studio.ui.tools.pointer import Button, Pointer
from cxr_studio.ui.tools.schemes import Act, Scheme, act_for
from cxr_studio.ui.tools.toolbox import ZOOM_STEP
from cxr_studio.ui.tools.viewing import DragTool, PanTool, WindowTool, ZoomTool

CLICK = 4.0
"""Logical pixels that the pointer may move for a press to be a click."""

LOG_MS = 50
"""A view that goes on changing is logged so often."""

POINTER_MS = 200
"""Where the pointer is, is logged so often while it moves."""


class _View:
    """What the drag tools act upon: the linked view and the window."""

    def __init__(self, images: TrialImages) -> None:
        self._images = images

    def pan_by(self, dx: float, dy: float) -> None:
        self._images.scene.view.pan_by(dx, dy)

    def zoom_by(self, factor: float, about: Pointer) -> None:
        self._images.scene.view.zoom_by(factor, about=about.point)

    def window_by(self, dx: float, dy: float) -> None:
        scene = self._images.scene
        top = 255.0 if len(scene.table()) == 256 else 65_535.0
        scene.set_window(dragged(scene.window or between(0.0, top), dx=dx, dy=dy, span=top))


class ViewInput(QObject):
    """From the canvases' pointer signals to view, window and mark.

    Signals:
        touched: Some input came.
        clicked: (side, y, x) a left click without a drag, inside the image, image pixels.

    Attributes:
        log: Called with the kind of an event and what happened; None while nothing is to be logged.
        active: False while the images do not react.
    """

    touched = Signal()
    clicked = Signal(str, float, float)

    def __init__(self, images: TrialImages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.log: Callable[[str, dict[str, Any]], None] | None = None
        self.active = False
        self._images = images
        view = _View(images)
        self._tools: dict[Act, DragTool] = {
            Act.WINDOW: WindowTool(view),
            Act.PAN: PanTool(view),
            Act.ZOOM: ZoomTool(view),
        }
        self._tool: DragTool | None = None
        self._pressed: tuple[Button, Pointer] | None = None
        self._dragging = False
        self._view_due = self._timer(LOG_MS, self._log_view)
        self._pointer_due = self._timer(POINTER_MS, self._log_pointer)
        self._pointer: tuple[str, Pointer] | None = None
        images.scene.view.changed.connect(self._view_changed)
        images.scene.window_changed.connect(self._view_changed)
        for canvas in images.canvases:
            canvas.pressed.connect(self._press)
            canvas.doubled.connect(self._press)
            canvas.moved.connect(lambda pointer, canvas=canvas: self._move(images.side_of(canvas), pointer))
            canvas.released.connect(lambda pointer, canvas=canvas: self._release(images.side_of(canvas), pointer))
            canvas.wheeled.connect(self._wheel)

    def view_now(self) -> dict[str, Any]:
        """Window, zoom and place, plain values."""
        scene, canvas = self._images.scene, self._images.canvases[0]
        view, window = scene.view, scene.window
        return {
            "scale": round(view.scale, 5),
            "y": round(view.y, 2),
            "x": round(view.x, 2),
            "window": None if window is None else [round(window.center, 2), round(window.width, 2)],
            "pane": [canvas.width(), canvas.height()],
            "ratio": canvas.devicePixelRatioF(),
        }

    def reset_window(self) -> None:
        """Contrast as at the start."""
        self._images.scene.set_window(None)

    def draw(self, side: str, guides: tuple[Guide, ...]) -> None:
        """Outlines over the image of a side, none over the other."""
        for canvas in self._images.canvases[: self._images.count]:
            canvas.set_guides(guides if self._images.side_of(canvas) == side else ())

    def stop(self) -> None:
        """Let go, and log what has not been."""
        if self._tool is not None:
            self._tool.cancel()
        self._tool, self._pressed, self.active = None, None, False
        for timer, write in ((self._view_due, self._log_view), (self._pointer_due, self._log_pointer)):
            if timer.isActive():
                timer.stop()
                write()

    def _press(self, button: Button, pointer: Pointer) -> None:
        if not self.active or self._tool is not None:
            return
        self.touched.emit()
        self._pressed, self._dragging = (button, pointer), False
        self._tool = self._tools[act_for(Scheme.READING, button, pointer.modifiers)]
        self._tool.press(pointer)

    def _move(self, side: str, pointer: Pointer) -> None:
        if not self.active:
            return
        if self._tool is not None and self._far(pointer):
            self._tool.move(pointer)
        self._pointer = side, pointer
        if not self._pointer_due.isActive():
            self._pointer_due.start()

    def _release(self, side: str, pointer: Pointer) -> None:
        if not self.active or self._tool is None or self._pressed is None:
            return
        button, tool = self._pressed[0], self._tool
        click = button is Button.LEFT and not self._far(pointer)
        self._tool = self._pressed = None
        if not click:
            tool.release(pointer)
            return
        tool.cancel()
        y, x = pointer.point
        height, width = self._images.scene.view.shape
        if -0.5 <= y < height - 0.5 and -0.5 <= x < width - 0.5:
            self.clicked.emit(side, y, x)

    def _far(self, pointer: Pointer) -> bool:
        """The press has become a drag, and stays one."""
        if self._pressed is not None and not self._dragging:
            start = self._pressed[1].screen
            self._dragging = hypot(pointer.screen[0] - start[0], pointer.screen[1] - start[1]) > CLICK
        return self._dragging

    def _wheel(self, steps: float, pointer: Pointer) -> None:
        if self.active:
            self.touched.emit()
            self._images.scene.view.zoom_by(ZOOM_STEP**steps, about=pointer.point)

    def _view_changed(self) -> None:
        if self.active and not self._view_due.isActive():
            self._view_due.start()

    def _log_view(self) -> None:
        if self.log is not None and not self._images.scene.empty:
            self.log("view", self.view_now())

    def _log_pointer(self) -> None:
        if self.log is not None and self._pointer is not None:
            side, pointer = self._pointer
            self.log("pointer", {"side": side, "y": round(pointer.point[0], 1), "x": round(pointer.point[1], 1)})

    def _timer(self, milliseconds: int, write: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(write)
        return timer
