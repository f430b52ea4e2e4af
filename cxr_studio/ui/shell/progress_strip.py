"""A strip that shows what takes long, how far it is, and a button to cancel it."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

STEPS = 1000
"""Resolution of the bar."""

ETA_FROM = 0.05
"""Share done from which a remaining time is told."""


class ProgressStrip(QWidget):
    """Hidden until something has been running for half a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progressStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = QLabel()
        self._words = QLabel()
        self._words.setProperty("quiet", True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = QPushButton("Cancel")
        self._cancel.setToolTip("Stop; nothing is changed")
        self._started = 0.0
        self._on_cancel: Callable[[], object] = lambda: None
        self._cancel.clicked.connect(lambda: self._on_cancel())
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(10)
        row.addWidget(self._title)
        row.addWidget(self._bar, 1)
        row.addWidget(self._words)
        row.addWidget(self._cancel)
        self.hide()

    def begin(self, title: str, cancel: Callable[[], object]) -> None:
        """Show a job of unknown length."""
        self._title.setText(title)
        self._words.setText("")
        self._on_cancel = cancel
        self._started = time.monotonic()
        self._bar.setRange(0, 0)
        self.show()

    def progress(self, fraction: float, words: str) -> None:
        """Show how far it is (0 to 1), a few words and the time left."""
        self._bar.setRange(0, STEPS)
        self._bar.setValue(round(STEPS * fraction))
        left = ""
        if ETA_FROM < fraction < 1:
            seconds = (time.monotonic() - self._started) * (1 - fraction) / fraction
            left = f" · {seconds:.0f} s left"
        self._words.setText(f"{words}{left}")

    def end(self) -> None:
        """Hide it."""
        self.hide()
