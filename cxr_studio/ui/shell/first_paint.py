"""When a window has been painted for the first time."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

UNSEEN_MS = 1000
"""Milliseconds after which a window that nobody sees, minimised or on another desktop, counts as painted."""


class FirstPaint(QObject):
    """Calls once, when a window's first picture is on the screen.

    Args:
        window: What is painted.
        then: Called from the event loop.
    """

    def __init__(self, window: QWidget, then: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._then = then
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look for the first paint of the window."""
        if event.type() == QEvent.Type.Show:
            QTimer.singleShot(UNSEEN_MS, self, self._call)
        elif event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._call)  # the children are painted, and all of it is shown, before that
        return super().eventFilter(watched, event)

    def _call(self) -> None:
        then, self._then = self._then, lambda: None
        self._window.removeEventFilter(self)
        then()
