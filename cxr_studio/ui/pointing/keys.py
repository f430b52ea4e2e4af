"""Keys that are held, and keys that a tool takes before the shortcuts do."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from cxr_studio.ui.canvas.canvas import Canvas
from cxr_studio.ui.pointing.controller import PointingController
from cxr_studio.ui.shell.registry import ActionRegistry
from cxr_studio.ui.tools.pointer import Key

TOOL_KEYS = {
    Qt.Key.Key_Return: Key.ENTER,
    Qt.Key.Key_Enter: Key.ENTER,
    Qt.Key.Key_Escape: Key.ESCAPE,
    Qt.Key.Key_Backspace: Key.BACKSPACE,
}


ARROWS: dict[Qt.Key, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Right and down."""
PAN, NUDGE = 60.0, 8.0
"""Logical pixels by which an arrow moves the image, and with Shift the pointer."""


class KeyFilter(QObject):
    """Looks at keys only while a canvas has the focus, so that fields and buttons keep theirs."""

    def __init__(self, pointing: PointingController, registry: ActionRegistry, parent: QObject) -> None:
        super().__init__(parent)
        self._pointing = pointing
        self._registry = registry
        self._holding: dict[int, Callable[[bool], object]] = {}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what is ours."""
        kind = event.type()
        if kind == QEvent.Type.WindowDeactivate:
            self.release_all()
            return False
        if not isinstance(event, QKeyEvent) or not isinstance(watched, Canvas):
            return False
        if kind == QEvent.Type.ShortcutOverride:
            return self._override(event)
        if kind == QEvent.Type.KeyPress:
            return self._pressed(watched, event)
        return kind == QEvent.Type.KeyRelease and self._released(event)

    def release_all(self) -> None:
        """Let go of everything that is held; the key's release may have gone elsewhere."""
        for release in self._holding.values():
            release(False)
        self._holding.clear()

    def _override(self, event: QKeyEvent) -> bool:
        key = TOOL_KEYS.get(Qt.Key(event.key()))
        if self._held_action(event) is not None or (key is not None and self._pointing.toolbox.painting):
            event.accept()
            return True
        return False

    def _pressed(self, watched: Canvas, event: QKeyEvent) -> bool:
        action = self._held_action(event)
        if action is not None:
            if not event.isAutoRepeat():
                self._holding[event.key()] = action
                action(True)
            return True
        if Qt.Key(event.key()) in ARROWS and self._arrow(watched, event):
            return True
        if event.key() == Qt.Key.Key_Insert:
            self._pointing.click_with_keys()
            return True
        key = TOOL_KEYS.get(Qt.Key(event.key()))
        return key is not None and self._pointing.toolbox.painting and self._pointing.key(key)

    def _arrow(self, canvas: Canvas, event: QKeyEvent) -> bool:
        """Move the image, or with Shift the pointer, which needs no mouse then."""
        dx, dy = ARROWS[Qt.Key(event.key())]
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.NoModifier:
            self._pointing.pan_with_keys(-PAN * dx, -PAN * dy)
        elif held == Qt.KeyboardModifier.ShiftModifier:
            self._pointing.move_with_keys(canvas, NUDGE * dx, NUDGE * dy)
        else:
            return False
        return True

    def _released(self, event: QKeyEvent) -> bool:
        if event.key() not in self._holding:
            return False
        if not event.isAutoRepeat():
            self._holding.pop(event.key())(False)
        return True

    def _held_action(self, event: QKeyEvent) -> Callable[[bool], object] | None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            return self._pointing.hold_space
        held = self._registry.held_by(QKeySequence(event.keyCombination()))
        return None if held is None else held.hold


def watch(keys: KeyFilter, watched: Iterable[QObject]) -> None:
    """Let the filter see the events of the canvases and of their window; all of the program's would cost too much."""
    for each in watched:
        each.installEventFilter(keys)
