"""A number to type: it applies at Enter, and letters go on to the shortcuts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QWidget

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NumberField(QDoubleSpinBox):
    """A number with its unit.

    Signals:
        entered: (float) the user set it: at Enter, by arrows or wheel, or by leaving the field.

    Args:
        name: For screen readers.
        tip: What it is.
        decimals: Digits after the point.
    """

    entered = Signal(float)

    def __init__(self, name: str, tip: str, *, decimals: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDecimals(decimals)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setKeyboardTracking(False)
        self.valueChanged.connect(self.entered)

    def show_value(self, value: float, limits: tuple[float, float], unit: str) -> None:
        """Show a value without a signal."""
        with QSignalBlocker(self):
            self.setSuffix(f" {unit}" if unit else "")
            self.setRange(*limits)
            self.setValue(value)


class NumberKeys(QObject):
    """What keys mean in the number fields of a window.

    Enter applies what was typed and Escape takes it back; both give the keyboard back to the image. A letter is never
    part of a number, so it reaches the shortcuts.

    Args:
        leave: Gives the keyboard back to the image.
        parent: The window.
    """

    def __init__(self, leave: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._leave = leave

    def watch(self, window: QWidget) -> None:
        """Take every number field of the window."""
        for box in window.findChildren(QAbstractSpinBox):
            box.setKeyboardTracking(False)
            box.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is ours."""
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QAbstractSpinBox):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._override(event)
        return event.type() == QEvent.Type.KeyPress and self._pressed(watched, event)

    def _override(self, event: QKeyEvent) -> bool:
        ours = event.key() in (*ENTER, Qt.Key.Key_Escape)
        if ours:
            event.accept()
        elif event.text().isalpha():
            event.ignore()
        return ours or event.text().isalpha()

    def _pressed(self, box: QAbstractSpinBox, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            box.lineEdit().setText(box.prefix() + box.textFromValue(box.value()) + box.suffix())  # type: ignore[attr-defined]
        elif event.key() in ENTER:
            box.interpretText()
        else:
            return False
        self._leave()
        return True
