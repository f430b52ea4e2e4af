"""A widget over an image: it tells where the pointer is in the image, and what its buttons do."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.tools.pointer import Button, Modifiers, Pointer

NOTCH = 120
"""Units of QWheelEvent.angleDelta in one notch."""

BUTTONS = {
    Qt.MouseButton.LeftButton: Button.LEFT,
    Qt.MouseButton.MiddleButton: Button.MIDDLE,
    Qt.MouseButton.RightButton: Button.RIGHT,
}


class PointerWidget(QWidget):
    """Qt's events as pointers in the image.

    Signals:
        pressed: (Button, Pointer).
        moved: (Pointer) with or without a button.
        released: (Pointer).
        doubled: (Button, Pointer).
        wheeled: (steps, Pointer).
        left: The pointer has gone.
        focused: (bool) keys go to this widget, or no longer.

    Attributes:
        space_held: Space is held.
        under_pointer: Whether the pointer is here.
    """

    pressed = Signal(object, object)
    moved = Signal(object)
    released = Signal(object)
    doubled = Signal(object, object)
    wheeled = Signal(float, object)
    left = Signal()
    focused = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.space_held = False
        self.under_pointer = False
        self._taken = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def geometry_now(self) -> Geometry:
        """How the image lies here."""
        raise NotImplementedError

    def takes(self, place: QPointF) -> bool:  # noqa: ARG002
        """Whether a press here takes hold of a part of the widget itself."""
        return False

    def taken_to(self, place: QPointF) -> None:
        """Pull that part here."""

    def pointer_at(self, x: float, y: float, modifiers: Qt.KeyboardModifier | None = None) -> Pointer:
        """The pointer at a place of the widget, logical pixels."""
        geometry = self.geometry_now
        point = geometry.to_image(x * geometry.ratio, y * geometry.ratio)
        held = Modifiers.SPACE if self.space_held else Modifiers.NONE
        for key, meaning in (
            (Qt.KeyboardModifier.ShiftModifier, Modifiers.SHIFT),
            (Qt.KeyboardModifier.ControlModifier, Modifiers.CONTROL),
            (Qt.KeyboardModifier.AltModifier, Modifiers.ALT),
        ):
            if modifiers is not None and modifiers & key:
                held |= meaning
        return Pointer(point, (x, y), held, geometry.scale / geometry.ratio)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Press, or take hold of a part of the widget."""
        if self.takes(event.position()):
            self._taken = True
        elif event.button() in BUTTONS:
            self.pressed.emit(BUTTONS[event.button()], self._pointer(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move."""
        self.under_pointer = True
        if self._taken:
            self.taken_to(event.position())
            return
        self.moved.emit(self._pointer(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Release."""
        if self._taken:
            self._taken = False
        elif event.button() in BUTTONS:
            self.released.emit(self._pointer(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Double click."""
        if event.button() in BUTTONS:
            self.doubled.emit(BUTTONS[event.button()], self._pointer(event))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Wheel; with Alt or Shift some systems turn it sideways."""
        delta = event.angleDelta().y() or event.angleDelta().x()
        self.wheeled.emit(delta / NOTCH, self._pointer(event))
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Take the keyboard, so that keys go where the pointer is."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has gone."""
        self.under_pointer = False
        self.left.emit()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keys come here."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys go elsewhere."""
        super().focusOutEvent(event)
        self.focused.emit(False)

    def _pointer(self, event: QMouseEvent | QWheelEvent) -> Pointer:
        return self.pointer_at(event.position().x(), event.position().y(), event.modifiers())
