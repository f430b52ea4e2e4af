"""A dialog of a long job: what is wanted, how far it is, what came of it. It leaves the window free to work in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

STEPS = 1000
ETA_FROM = 0.03
"""Share done from which the time left is said."""
MINUTE, HOUR = 60, 3600


class JobDialog(QDialog):
    """A form, a bar with a sentence, and buttons.

    Signals:
        started: The job is asked for.
        cancelled: It is to be stopped.

    Args:
        title: Of the window.
        form: What is wanted; switched off while the job runs.
        start: Words of the button that starts it.
        parent: The main window.
    """

    started = Signal()
    cancelled = Signal()

    def __init__(self, title: str, form: QWidget, *, start: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form = form
        self._began = 0.0
        self._running = False
        self._bar = QProgressBar()
        self._bar.setRange(0, STEPS)
        self._bar.setTextVisible(False)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._start = QPushButton(start)
        self._start.setProperty("primary", True)
        self._start.setDefault(True)
        self._stop = QPushButton("Close")
        self._extra = QPushButton()
        self._extra.setVisible(False)
        self._run_extra: Callable[[], object] = lambda: None
        self._extra.clicked.connect(lambda: self._run_extra())
        self._start.clicked.connect(self.started)
        self._stop.clicked.connect(self.reject)
        self._lay_out()
        self.set_running(False)

    def set_extra(self, title: str, tip: str, run: Callable[[], object]) -> None:
        """Show the button at the left, which does something else."""
        self._run_extra = run
        self._extra.setText(title)
        self._extra.setToolTip(tip)
        self._extra.show()

    def hide_extra(self) -> None:
        """Take the button at the left away."""
        self._extra.hide()

    def enter_presses(self, button: QPushButton) -> None:
        """Let Enter press another button than the one that starts the job."""
        self._start.setDefault(False)
        self._start.setAutoDefault(False)
        button.setDefault(True)

    def set_running(self, running: bool) -> None:
        """Show that the job runs, or that it does not."""
        self._running = running
        self._began = time.monotonic()
        self.form.setEnabled(not running)
        self._start.setEnabled(not running)
        self._extra.setEnabled(not running)
        self._bar.setVisible(running)
        self._bar.setValue(0)
        self._stop.setText("Cancel" if running else "Close")
        self._stop.setToolTip("Stop it (Esc)" if running else "Close this window (Esc)")

    def set_progress(self, fraction: float, words: str) -> None:
        """Show how far it is, 0 to 1, with a few words; the time left is added."""
        self._bar.setValue(round(STEPS * fraction))
        left = ""
        if ETA_FROM < fraction < 1:
            left = f" · {time_words((time.monotonic() - self._began) * (1 - fraction) / fraction)} left"
        self._words.setText(f"{words}{left}")

    def set_start(self, title: str, *, ready: bool = True) -> None:
        """Name the button that starts it; ``ready`` is whether it can be pressed."""
        self._start.setText(title)
        self._start.setEnabled(ready and not self._running)

    def say(self, *sentences: str) -> None:
        """Show what came of it, or what is wrong."""
        self._words.setText("\n".join(sentences))

    def event(self, event: QEvent) -> bool:
        """Grow where a sentence needs more lines than there is room for."""
        layout = self.layout()
        if event.type() is QEvent.Type.LayoutRequest and layout is not None and self.isVisible():
            needed = layout.totalHeightForWidth(self.width())
            if needed > self.height():
                self.resize(self.width(), min(needed, self.screen().availableGeometry().height()))
        return super().event(event)

    @property
    def words(self) -> str:
        """The sentence that is shown."""
        return self._words.text()

    def reject(self) -> None:
        """Escape and Close: a running job is cancelled first, and the dialog stays."""
        if self._running:
            self.cancelled.emit()
        else:
            super().reject()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self._extra)
        buttons.addStretch(1)
        for part in (self._start, self._stop, self._extra):
            part.setAutoDefault(part is self._start)
        buttons.addWidget(self._start)
        buttons.addWidget(self._stop)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(self.form, 1)
        column.addWidget(self._bar)
        column.addWidget(self._words)
        column.addLayout(buttons)


def offer_folder(dialog: JobDialog, folder: Path) -> None:
    """Give the dialog a button that shows a folder in the system's file browser."""
    dialog.set_extra("Open folder", str(folder), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))


def time_words(seconds: float) -> str:
    """A length of time in words: ``40 s``, ``3 min``, ``2 h 10 min``."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{int(seconds // HOUR)} h {round(seconds % HOUR / MINUTE)} min"


def few(sentences: Sequence[str], most: int = 3) -> list[str]:
    """The first sentences, and how many more there are."""
    shown = list(dict.fromkeys(sentences))
    return shown if len(shown) <= most else [*shown[:most], f"… and {len(shown) - most} more."]
