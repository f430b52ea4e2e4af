"""Words over a pane while what it shows is being computed."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

PATIENCE_MS = 150
"""What comes sooner needs no words."""
TICK_MS = 500
"""The seconds are shown anew so often."""
SECONDS_FROM = 2.0
"""What takes longer says how long."""
INSET = 52
"""Logical pixels from the lower edge of the pane: the progress of other work lies below."""


class BusyChip(QLabel):
    """Lies over its pane and lets the pointer through.

    Args:
        pane: What it lies over.
    """

    def __init__(self, pane: QWidget) -> None:
        super().__init__(pane)
        self.setObjectName("busy")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self._pane = pane
        self._words: dict[str, str] = {}
        self._since = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._show_words)
        pane.installEventFilter(self)

    @property
    def words(self) -> str:
        """What is being computed; "" for nothing."""
        return next(reversed(self._words.values()), "")

    def set_words(self, who: str, words: str) -> None:
        """Say what a feature computes; "" when it is done."""
        if words == self._words.get(who, ""):
            return
        self._words.pop(who, None)
        if words:
            self._words[who] = words
        self._since = monotonic()
        if not self._words:
            self._timer.stop()
            self.hide()
        elif not self.isVisible():
            self._timer.start(PATIENCE_MS)
        else:
            self._show_words()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002
        """Stay where it is."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _show_words(self) -> None:
        self._timer.setInterval(TICK_MS)
        took = monotonic() - self._since
        self.setText(f"{self.words}…" + (f" {took:.0f} s" if took >= SECONDS_FROM else ""))
        self._place()
        self.show()

    def _place(self) -> None:
        self.adjustSize()
        pane = self._pane
        self.move((pane.width() - self.width()) // 2, pane.height() - self.height() - INSET)
