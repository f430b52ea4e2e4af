"""Work off the GUI thread whose answer comes back on it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cxr_studio.errors import Cancelled
from cxr_studio.events import CancelToken, Progress, silent

Work = Callable[[Progress, CancelToken], Any]
"""What is run in a thread: it may report progress and look at the token."""

PATIENCE_MS = 500
"""Work that takes longer shows a progress strip."""


@dataclass
class Task:
    """One running piece of work.

    Attributes:
        number: Its number, rising.
        title: What the progress strip says, e.g. "Reading chest.dcm".
        token: Cancels it.
        report: Called on the GUI thread with its progress, until it is cancelled.
    """

    number: int
    title: str
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    token: CancelToken = field(default_factory=CancelToken)
    report: Progress = silent


class Background(QObject):
    """Runs work in threads of its own and calls back on the GUI thread.

    Signals:
        slow: (title, cancel) a task has been running for half a second.
        progressed: (fraction, words) of a task that is slow.
        quiet: No slow task is left.
    """

    slow = Signal(str, object)
    progressed = Signal(float, str)
    quiet = Signal()

    _finished = Signal(int, object, object)
    _reported = Signal(int, float, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = count(1)
        self._tasks: dict[int, Task] = {}
        self._threads: dict[int, threading.Thread] = {}
        self._slow: set[int] = set()
        self._finished.connect(self._finish, Qt.ConnectionType.QueuedConnection)
        self._reported.connect(self._report, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """True while any task runs."""
        return bool(self._tasks)

    def run(
        self,
        title: str,
        work: Work,
        *,
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        quiet: bool = False,
    ) -> Task:
        """Start work in a thread; ``done(answer)`` or ``failed(fault)`` is called on the GUI thread.

        A cancelled task calls neither. One that is ``quiet`` shows no progress, however long it takes.
        """
        task = Task(next(self._numbers), title, done, failed)
        self._tasks[task.number] = task
        thread = threading.Thread(target=self._work, args=(task, work), name=f"cxr-{title}", daemon=True)
        self._threads[task.number] = thread
        thread.start()
        if not quiet:
            QTimer.singleShot(PATIENCE_MS, self, lambda: self._lost_patience(task.number))
        return task

    def close(self, seconds: float = 5.0) -> None:
        """Cancel all tasks and wait for their threads."""
        for task in self._tasks.values():
            task.token.cancel()
        for thread in list(self._threads.values()):
            thread.join(seconds)
        self._tasks.clear()
        self._threads.clear()

    def _work(self, task: Task, work: Work) -> None:
        try:
            answer = work(lambda part, words: self._reported.emit(task.number, part, words), task.token)
        except Exception as fault:  # every fault belongs to the caller's failed()
            self._finished.emit(task.number, None, fault)
        else:
            self._finished.emit(task.number, answer, None)

    def _lost_patience(self, number: int) -> None:
        task = self._tasks.get(number)
        if task is not None:
            self._slow.add(number)
            self.slow.emit(task.title, task.token.cancel)

    @Slot(int, float, str)
    def _report(self, number: int, fraction: float, words: str) -> None:
        if number in self._slow:
            self.progressed.emit(fraction, words)
        task = self._tasks.get(number)
        if task is not None and not task.token.cancelled:
            task.report(fraction, words)

    @Slot(int, object, object)
    def _finish(self, number: int, answer: object, fault: Exception | None) -> None:
        task = self._tasks.pop(number, None)
        thread = self._threads.pop(number, None)
        if thread is not None:
            thread.join()
        if number in self._slow:
            self._slow.discard(number)
            if not self._slow:
                self.quiet.emit()
        if task is None or task.token.cancelled or isinstance(fault, Cancelled):
            return
        if fault is not None:
            task.failed(fault)
        else:
            task.done(answer)
