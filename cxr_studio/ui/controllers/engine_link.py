"""The bridge to the inpainting engine: imported in the background, answers by queued signal."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cxr_studio.errors import GeneratorError
from cxr_studio.inpainting.request import InpaintRequest, InpaintResult

EngineMaker = Callable[[Callable[[InpaintResult], None], Callable[..., None]], Any]
"""Makes an engine from its two callbacks, ``on_result`` and ``on_error``; called in the start-up thread."""

LOADING = "Loading generator…"
"""The quiet state in the status bar until requests are answered at once."""

log = logging.getLogger("cxr_studio")


def make_engine(on_result: Callable[[InpaintResult], None], on_error: Callable[..., None]) -> Any:
    """Import the engine, and with it torch (seconds), and start it."""
    from cxr_studio.inpainting.engine import Engine

    return Engine(on_result, on_error)


class EngineLink(QObject):
    """Owns the engine; nothing here blocks the GUI thread.

    Signals:
        state_changed: (words) "Loading generator…", or "" when requests are answered at once.
        answered: (InpaintResult) of the live lane, on the GUI thread.
        failed: (Exception) anything that went wrong in the engine.
        job_done: (InpaintResult) of the job lane.
        job_progressed: (fraction, words) of the job lane.
    """

    state_changed = Signal(str)
    answered = Signal(object)
    failed = Signal(object)
    job_done = Signal(object)
    job_progressed = Signal(float, str)

    _made = Signal(object)
    _warmed = Signal(str)
    _result = Signal(object)
    _fault = Signal(object)
    _job_result = Signal(object)
    _job_progress = Signal(float, str)

    def __init__(self, maker: EngineMaker = make_engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._maker = maker
        self._engine: Any = None
        self._threads: list[threading.Thread] = []
        self._waiting: InpaintRequest | None = None
        self._generator = ""
        self._closed = False
        self._jobs: list[Any] = []
        queued = Qt.ConnectionType.QueuedConnection
        self._made.connect(self._take_engine, queued)
        self._warmed.connect(self._take_warm, queued)
        self._result.connect(self._take_result, queued)
        self._fault.connect(self._take_fault, queued)
        self._job_result.connect(self._take_job_result, queued)
        self._job_progress.connect(self._take_job_progress, queued)

    @property
    def loaded(self) -> bool:
        """True once the engine is imported."""
        return self._engine is not None

    def start(self, generator: str) -> None:
        """Import and start the engine in a thread, then warm this generator up."""
        if self._threads or self._closed:
            return
        self._generator = generator
        self.state_changed.emit(LOADING)
        self._in_thread(self._import, "cxr-engine-import")

    def warm_up(self, generator: str) -> None:
        """Load a generator before its first request, in the background."""
        self._generator = generator
        if self._engine is not None and not self._closed:
            self.state_changed.emit(LOADING)
            self._in_thread(lambda: self._warm(generator), "cxr-warm-up")

    def submit_live(self, request: InpaintRequest) -> None:
        """Ask on the live lane; before the engine is there the newest request waits for it."""
        if self._engine is None:
            self._waiting = request
        else:
            self._engine.submit_live(request)

    def submit_job(self, request: InpaintRequest) -> None:
        """Ask on the job lane (in order, none dropped).

        Raises:
            GeneratorError: the engine is still loading.
        """
        if self._engine is None:
            raise GeneratorError("the generator is still loading", remedy="Try again in a moment")
        self._jobs.append(
            self._engine.submit_job(request, on_done=self._job_result.emit, progress=self._job_progress.emit)
        )

    def cancel_jobs(self) -> None:
        """Cancel all jobs that have not been answered."""
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()

    def cancel_live(self) -> None:
        """Drop the live request that waits or runs."""
        self._waiting = None
        if self._engine is not None:
            self._engine.cancel_live()

    def close(self) -> None:
        """Stop the engine and wait for its threads."""
        self._closed = True
        self.cancel_jobs()
        for thread in self._threads:
            thread.join()
        self._threads.clear()
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _in_thread(self, work: Callable[[], None], name: str) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=work, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _import(self) -> None:
        try:
            engine = self._maker(self._result.emit, self._engine_fault)
        except Exception as fault:  # whatever torch raises on import belongs in the message bar
            log.exception("The engine did not start")
            self._fault.emit(fault)
            return
        self._made.emit(engine)

    def _warm(self, generator: str) -> None:
        try:
            self._engine.warm_up(generator)
        except Exception as fault:
            log.exception("Warm-up of %s failed", generator)
            self._fault.emit(fault)
        self._warmed.emit(generator)

    def _engine_fault(self, *told: object) -> None:
        fault = next((part for part in told if isinstance(part, Exception)), None)
        self._fault.emit(fault or GeneratorError("the generator stopped"))

    @Slot(object)
    def _take_engine(self, engine: Any) -> None:
        if self._closed:
            engine.close()
            return
        self._engine = engine
        self.warm_up(self._generator)
        if self._waiting is not None:
            request, self._waiting = self._waiting, None
            engine.submit_live(request)

    @Slot(str)
    def _take_warm(self, generator: str) -> None:
        if generator == self._generator:
            self.state_changed.emit("")

    @Slot(object)
    def _take_result(self, result: InpaintResult) -> None:
        self.answered.emit(result)

    @Slot(object)
    def _take_fault(self, fault: Exception) -> None:
        self.failed.emit(fault)

    @Slot(object)
    def _take_job_result(self, result: InpaintResult) -> None:
        self.job_done.emit(result)

    @Slot(float, str)
    def _take_job_progress(self, fraction: float, words: str) -> None:
        self.job_progressed.emit(fraction, words)
