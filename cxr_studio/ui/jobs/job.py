"""A long job behind a dialog: started, reported on the GUI thread, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress
from cxr_studio.ui.shell.background import Background, Task


class JobView(Protocol):
    """What the job shows itself in."""

    def set_running(self, running: bool) -> None:
        """Show that it runs, or that it does not."""

    def set_progress(self, fraction: float, words: str) -> None:
        """Show how far it is."""

    def say(self, *sentences: str) -> None:
        """Show what came of it."""


class Job(QObject):
    """Runs one piece of work at a time.

    Args:
        background: Runs it.
        view: Shows it.
    """

    def __init__(self, background: Background, view: JobView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._view = view
        self._task: Task | None = None

    @property
    def running(self) -> bool:
        """True while it runs."""
        return self._task is not None

    def start(self, title: str, work: Callable[[Progress, CancelToken], Any], *, done: Callable[[Any], None]) -> None:
        """Run work; ``done(answer)`` is called on the GUI thread, a fault is said in the view."""
        if self._task is not None:
            return
        self._view.set_running(True)

        def finished(answer: Any) -> None:
            self._end()
            done(answer)

        self._task = self._background.run(title, work, done=finished, failed=self._failed, quiet=True)
        self._task.report = self._view.set_progress

    def cancel(self) -> None:
        """Stop it; the work ends at its next step, in the background."""
        if self._task is not None:
            self._task.token.cancel()
            self._end()
            self._view.say("Cancelled.")

    def _failed(self, fault: Exception) -> None:
        self._end()
        if not isinstance(fault, StudioError):
            raise fault
        self._view.say(str(fault))

    def _end(self) -> None:
        self._task = None
        self._view.set_running(False)
