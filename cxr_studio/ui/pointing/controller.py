"""From the panes' pointer signals to the tools, and back to the outlines that the panes draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cxr_studio.ui.canvas.canvas import Canvas
from cxr_studio.ui.canvas.pane_grid import PaneGrid
from cxr_studio.ui.canvas.scene import Scene
from cxr_studio.ui.display.controller import DisplayController
from cxr_studio.ui.nodule.controller import NoduleController
from cxr_studio.ui.paint.controller import PaintingController
from cxr_studio.ui.tools.measuring import MeasureTarget
from cxr_studio.ui.tools.pointer import Button, Key, Modifiers, Pointer
from cxr_studio.ui.tools.schemes import Scheme
from cxr_studio.ui.tools.select import SelectTarget
from cxr_studio.ui.tools.toolbox import Toolbox

READ_MS = 25
"""The values under the pointer are told so often; a stroke must not wait for text."""


class SceneView(Protocol):
    """What the view tools act upon."""

    def zoom_by(self, factor: float, *, about: tuple[float, float]) -> None:
        """Scale about an image point."""

    def pan_by(self, dx: float, dy: float) -> None:
        """Move by screen pixels."""


class _View:
    """The view target of the tools: the shared view state and the window."""

    def __init__(self, view: SceneView, display: DisplayController) -> None:
        self._view = view
        self._display = display

    def pan_by(self, dx: float, dy: float) -> None:
        self._view.pan_by(dx, dy)

    def zoom_by(self, factor: float, about: Pointer) -> None:
        self._view.zoom_by(factor, about=about.point)

    def window_by(self, dx: float, dy: float) -> None:
        self._display.drag(dx, dy)


@dataclass(frozen=True)
class Targets:
    """What the tools act upon.

    Attributes:
        painting: The mask tools paint on it.
        display: The window tool changes it, and it reads out values.
        nodules: The nodule tool places them.
        edits: The select tool selects them.
        measures: The measuring tools add to them.
    """

    painting: PaintingController
    display: DisplayController
    nodules: NoduleController
    edits: SelectTarget
    measures: MeasureTarget


class PointingController(QObject):
    """Owns the tools.

    Args:
        grid: The panes.
        targets: What the tools act upon.

    Signals:
        tool_changed: (name) another tool was chosen.
        settings_changed: Radius, paint or erase, tolerance or stamp changed.
        scheme_changed: Another interaction scheme was taken.
        case_wanted: (-1 or 1) the wheel asks for the previous or next radiograph.

    Attributes:
        toolbox: The tools.
        crosshair: Whether the pointer's place is shown in all panes.
        magnifier: Whether the loupe follows the pointer.
    """

    tool_changed = Signal(str)
    settings_changed = Signal()
    scheme_changed = Signal()
    case_wanted = Signal(int)

    def __init__(self, grid: PaneGrid, targets: Targets) -> None:
        nodules, display = targets.nodules, targets.display
        super().__init__(nodules.parent())
        self._grid = grid
        self._nodules = nodules
        nodules.changed.connect(self._settled)
        self._scene: Scene = grid.scene
        self._display = display
        view = _View(self._scene.view, display)
        self.toolbox = Toolbox(targets.painting, view, nodules=nodules, edits=targets.edits, measures=targets.measures)
        self.toolbox.step_case = self.case_wanted.emit
        self.crosshair = True
        self.magnifier = False
        self._pointer: Pointer | None = None
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(READ_MS)
        self._reading.timeout.connect(self._read)
        grid.pressed.connect(self._press)
        grid.moved.connect(self._move)
        grid.released.connect(self._release)
        grid.doubled.connect(self._double)
        grid.wheeled.connect(self._wheel)
        grid.left.connect(self._leave)

    @property
    def place(self) -> tuple[float, float] | None:
        """The image point under the pointer; None while it is beside the panes or nothing is open."""
        return None if self._scene.empty or self._pointer is None else self._pointer.point

    def choose(self, name: str) -> None:
        """Take another tool; a tool for the mask needs the painting scheme."""
        self.toolbox.choose(name)
        self.tool_changed.emit(name)
        self.refresh()

    def take(self, name: str) -> None:
        """Take another tool in the painting scheme, in which the left button is the tool's."""
        if self.toolbox.scheme is Scheme.READING:
            self.set_scheme(Scheme.PAINTING)
        self.choose(name)

    def set_scheme(self, scheme: Scheme) -> None:
        """Take another interaction scheme."""
        self.toolbox.cancel()
        self.toolbox.scheme = scheme
        self.scheme_changed.emit()
        self.refresh()

    def resize(self, steps: float) -> None:
        """Change the brush radius, or the nodule's diameter while its tool is chosen."""
        if self.toolbox.chosen == "nodule":
            self._nodules.resize(steps)
            return
        self.toolbox.settings.resize(steps)
        self._settled()

    def swap_value(self) -> None:
        """Swap painting and erasing."""
        self.toolbox.settings.value = not self.toolbox.settings.value
        self._settled()

    def set_radius(self, radius: float) -> None:
        """Set the brush radius in image pixels."""
        self.toolbox.settings.radius = radius
        self._settled()

    def set_tolerance(self, tolerance: int) -> None:
        """Set the flood's tolerance in grey levels."""
        self.toolbox.settings.tolerance = tolerance
        self._settled()

    def set_side(self, side: int) -> None:
        """Set the stamp's side in image pixels."""
        self.toolbox.settings.stamp_side = side
        self._settled()

    def set_crosshair(self, on: bool) -> None:
        """Show the pointer's place in all panes, or not."""
        self.crosshair = on
        self._follow(self._pointer)

    def set_magnifier(self, on: bool) -> None:
        """Show what is under the pointer larger, in all panes, or not."""
        self.magnifier = on
        self._follow(self._pointer)

    def hold_space(self, held: bool) -> None:
        """Space is held: the left button pans."""
        self._grid.set_space_held(held)
        self.refresh()

    def pan_with_keys(self, dx: float, dy: float) -> None:
        """Move the image by logical screen pixels."""
        if not self._scene.empty:
            self._scene.view.pan_by(dx, dy)

    def move_with_keys(self, canvas: Canvas, dx: float, dy: float) -> None:
        """Move the pointer in a pane by logical screen pixels, from its middle where it was beside it."""
        x, y = (canvas.width() / 2, canvas.height() / 2) if self._pointer is None else self._pointer.screen
        x, y = min(max(x + dx, 0.0), canvas.width() - 1.0), min(max(y + dy, 0.0), canvas.height() - 1.0)
        self._move(canvas.pointer_at(x, y))
        self.refresh()

    def click_with_keys(self) -> None:
        """Press and let go of the tool where the pointer is."""
        if self._pointer is not None and not self._scene.empty:
            self.toolbox.tool.press(self._pointer)
            self.toolbox.tool.release(self._pointer)
            self.refresh()

    def key(self, key: Key) -> bool:
        """Offer a key to the tool."""
        used = self.toolbox.key(key)
        self.refresh()
        return used

    def cancel(self) -> None:
        """Drop what is half done."""
        self._reading.stop()
        self.toolbox.cancel()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Draw the tool's outline and the right cursor."""
        nothing = self._scene.empty
        self._grid.set_guides(() if nothing else self.toolbox.guides(self._pointer))
        self._grid.set_cursor(self._cursor())

    @Slot(object, object)
    def _press(self, button: Button, pointer: Pointer) -> None:
        self._follow(pointer)
        if not self._scene.empty:
            self.toolbox.press(button, pointer)
            self.refresh()

    @Slot(object)
    def _move(self, pointer: Pointer) -> None:
        self._follow(pointer)
        if not self._scene.empty:
            self.toolbox.move(pointer)
            self._grid.set_guides(self.toolbox.guides(pointer))

    @Slot(object)
    def _release(self, pointer: Pointer) -> None:
        self._follow(pointer)
        self.toolbox.release(pointer)
        self.refresh()

    @Slot(object, object)
    def _double(self, button: Button, pointer: Pointer) -> None:
        self._follow(pointer)
        if not self._scene.empty:
            self.toolbox.double(button, pointer)
            self.refresh()

    @Slot(float, object)
    def _wheel(self, steps: float, pointer: Pointer) -> None:
        if not self._scene.empty:
            self.toolbox.wheel(steps, pointer)
            self._settled()

    @Slot()
    def _leave(self) -> None:
        if not self.toolbox.painting:
            self._follow(None)
            self.refresh()

    @Slot()
    def _settled(self) -> None:
        self.settings_changed.emit()
        self.refresh()

    def _follow(self, pointer: Pointer | None) -> None:
        self._pointer = pointer
        nowhere = self._scene.empty or pointer is None
        self._scene.view.set_crosshair(pointer.point if pointer and self.crosshair and not nowhere else None)
        self._scene.magnify(pointer.point if pointer and self.magnifier and not nowhere else None)
        if not self._reading.isActive():
            self._reading.start()

    @Slot()
    def _read(self) -> None:
        self._display.read(*(self.place or (None, None)))

    def _cursor(self) -> Qt.CursorShape:
        held = self._pointer is not None and self._pointer.held(Modifiers.SPACE)
        if self._scene.empty:
            return Qt.CursorShape.ArrowCursor
        return Qt.CursorShape.OpenHandCursor if held else Qt.CursorShape.CrossCursor
