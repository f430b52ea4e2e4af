"""The bridge to the inpainting engine: imported in the background, answers by queued signal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cxr_studio.errors import GeneratorError, StudioError
from cxr_studio.inpainting.request import InpaintRequest, InpaintResult

EngineMaker = Callable[[Callable[[InpaintResult], None], Callable[..., None]], Any]
"""Makes an engine from its two callbacks, ``on_result`` and ``on_error``; called in the start-up thread."""


def make_engine(
    on_result: Callable[[InpaintResult], None], on_error: Callable[..., None], *, device: str = "auto"
) -> Any:
    """Import the engine, and with it torch (seconds), and start it."""
    from cxr_studio.inpainting.engine import Engine

    return Engine(on_result, on_error, device=device)


class EngineLink(QObject):
    """Owns the engine; nothing here blocks the GUI thread.

    Signals:
        state: (words) "Loading generator…", then "" when requests are answered at once.
        ready: The engine answers.
        answered: (InpaintResult) of the live lane, on the GUI thread.
        job_answered: (InpaintResult) of a job.
        job_progressed: (fraction, words) of the running job.
        failed: (Exception) anything that went wrong in the engine.
    """

    state = Signal(str)
    ready = Signal()
    answered = Signal(object)
    job_answered = Signal(object)
    job_progressed = Signal(float, str)
    failed = Signal(object)

    _made = Signal(object)
    _from_live = Signal(object)
    _from_job = Signal(object)
    _from_progress = Signal(float, str)
    _from_fault = Signal(object)
    _warm = Signal(str)

    def __init__(self, maker: EngineMaker = make_engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._maker = maker
        self._engine: Any = None
        self._thread: threading.Thread | None = None
        self._waiting: InpaintRequest | None = None
        self._generator = ""
        self._closed = False
        self._jobs: list[Any] = []
        queued = Qt.ConnectionType.QueuedConnection
        self._made.connect(self._take_engine, queued)
        self._from_live.connect(self._take_live, queued)
        self._from_job.connect(self._take_job, queued)
        self._from_progress.connect(self._take_progress, queued)
        self._from_fault.connect(self._take_fault, queued)
        self._warm.connect(self._take_warm, queued)

    @property
    def is_ready(self) -> bool:
        """True once the engine is imported."""
        return self._engine is not None

    def start(self, generator: str) -> None:
        """Import and start the engine in a thread, then warm this generator up."""
        if self._thread is not None or self._closed:
            return
        self._generator = generator
        self.state.emit("Loading generator…")
        self._thread = threading.Thread(target=self._import, name="cxr-engine-import", daemon=True)
        self._thread.start()

    def warm_up(self, generator: str) -> None:
        """Load a generator before its first request, in the background."""
        self._generator = generator
        if self._engine is None or self._closed:
            return
        self.state.emit("Loading generator…")
        self._start_warming(generator)

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
        job = self._engine.submit_job(
            request, on_done=self._from_job.emit, progress=self._from_progress.emit
        )
        self._jobs.append(job)

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
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _import(self) -> None:
        try:
            engine = self._maker(self._from_live.emit, self._engine_fault)
        except Exception as fault:  # whatever torch raises on import belongs in the message bar
            self._from_fault.emit(fault)
            return
        self._made.emit(engine)
        self._engine = engine
