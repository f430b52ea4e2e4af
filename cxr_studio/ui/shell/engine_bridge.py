"""The bridge to the inpainting engine: imported in the background, answers by queued signal."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cxr_studio.errors import GeneratorError, StudioError
from cxr_studio.generation.engine import Job, Work
from cxr_studio.generation.request import AnyRequest
from cxr_studio.generation.result import Result
from cxr_studio.networks.card import Role

EngineMaker = Callable[..., Any]
"""Makes an engine from ``on_result``, ``on_error``, ``on_ready=`` and ``on_preview=``, in the start-up thread."""

LOADING = "Loading generator…"
"""The quiet state in the status bar until requests are answered at once."""

log = logging.getLogger("cxr_studio")


def make_engine(
    on_result: Callable[[Result], None],
    on_error: Callable[[int, StudioError], None],
    *,
    on_ready: Callable[[str, str], None],
    on_preview: Callable[[Result], None],
) -> Any:
    """Import the engine, and with it torch (seconds), and start it."""
    from cxr_studio import roles
    from cxr_studio.generation.engine import Engine

    return Engine(roles, on_result, on_error=on_error, on_ready=on_ready, on_preview=on_preview)


class EngineBridge(QObject):
    """Owns the engine; nothing here blocks the GUI thread.

    Signals:
        state_changed: (words) "Loading generator…", or "" when requests are answered at once.
        previewed: (Result) a smooth answer that the live lane's own will replace, on the GUI thread.
        answered: (Result) of the live lane, on the GUI thread.
        failed: (number, Exception) what went wrong; 0 is no request of ours but a start or a warm-up.
        warmed: (generator, device title) it answers at once from now on.
        job_done: (Result) of the job lane.
        job_progressed: (fraction, words) of the job lane.
    """

    state_changed = Signal(str)
    previewed = Signal(object)
    answered = Signal(object)
    failed = Signal(int, object)
    warmed = Signal(str, str)
    job_done = Signal(object)
    job_progressed = Signal(float, str)

    _made = Signal(object)
    _ready = Signal(str, str)
    _preview = Signal(object)
    _result = Signal(object)
    _fault = Signal(int, object)
    _job_result = Signal(object)
    _job_progress = Signal(float, str)
    _work_done = Signal(object, object)

    def __init__(self, maker: EngineMaker = make_engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._maker = maker
        self._engine: Any = None
        self._unclaimed: Any = None
        self._importing: threading.Thread | None = None
        self._waiting: AnyRequest | None = None
        self._generator = self._loading = ""
        self._device = "auto"
        self._closed = False
        self._jobs = WeakSet[Job]()  # those that somebody still waits for
        queued = Qt.ConnectionType.QueuedConnection
        self._made.connect(self._take_engine, queued)
        self._ready.connect(self._take_ready, queued)
        self._preview.connect(self.previewed, queued)
        self._result.connect(self.answered, queued)
        self._fault.connect(self._take_fault, queued)
        self._job_result.connect(self.job_done, queued)
        self._job_progress.connect(self.job_progressed, queued)
        self._work_done.connect(self._take_work, queued)

    @property
    def loaded(self) -> bool:
        """True once the engine is imported."""
        return self._engine is not None

    def start(self, generator: str) -> None:
        """Import and start the engine in a thread, then warm this generator up."""
        if self._importing is not None or self._closed:
            return
        self._generator = generator
        self.state_changed.emit(LOADING)
        self._importing = threading.Thread(target=self._import, name="cxr-engine-import", daemon=True)
        self._importing.start()

    def warm_up(self, generator: str, role: Role = Role.RESTORE) -> None:
        """Load a generator before its first request, in the background; before the engine is there, that of fills."""
        if role is Role.RESTORE:
            self._generator = generator
        if self._engine is not None and not self._closed:
            self._loading = generator
            self.state_changed.emit(LOADING)
            self._engine.warm_up(generator, role)

    def set_device(self, device: str) -> None:
        """Choose the device of the requests to come: "auto", "cpu", "cuda" or "mps"."""
        self._device = device
        if self._engine is not None:
            self._engine.set_device(device)

    def submit_live(self, request: AnyRequest) -> None:
        """Ask on the live lane; before the engine is there the newest request waits for it."""
        if self._engine is None:
            self._waiting = request
        else:
            self._engine.submit_live(request)

    def submit_job(self, request: AnyRequest) -> Job:
        """Ask on the job lane (in order, none dropped).

        Returns:
            The job, to be cancelled alone.

        Raises:
            GeneratorError: the engine is still loading.
        """
        engine = self._loaded()
        job: Job = engine.submit_job(request, on_done=self._job_result.emit, progress=self._job_progress.emit)
        self._jobs.add(job)
        return job

    def submit_work(self, number: int, work: Work, done: Callable[[Any], None]) -> Job:
        """Do something else that needs networks on the job lane; ``failed`` names it by ``number``.

        Args:
            number: Of the session's requests.
            work: Called on the engine's thread.
            done: Called with what it returned, on the GUI thread.

        Raises:
            GeneratorError: the engine is still loading.
        """
        job: Job = self._loaded().submit_work(number, work, on_done=lambda answer: self._work_done.emit(done, answer))
        return job

    def cancel_jobs(self) -> None:
        """Cancel all jobs that have not been answered; other work is cancelled by who gave it."""
        for job in list(self._jobs):
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
        if self._importing is not None:
            self._importing.join()
            self._importing = None
        engine = self._engine or self._unclaimed
        self._engine = self._unclaimed = None
        if engine is not None:
            engine.close()

    def _loaded(self) -> Any:
        if self._engine is None:
            raise GeneratorError("the generator is still loading", remedy="Try again in a moment")
        return self._engine

    def _import(self) -> None:
        try:
            engine = self._maker(
                self._result.emit, self._fault.emit, on_ready=self._ready.emit, on_preview=self._preview.emit
            )
        except Exception as fault:  # whatever torch raises on import belongs in the message bar
            log.info("The engine did not start", exc_info=True)
            words = f"the inpainting engine did not start ({type(fault).__name__}: {fault})"
            self._fault.emit(0, GeneratorError(words, remedy="Reinstall CXR Studio"))
            return
        self._unclaimed = engine
        self._made.emit(engine)

    @Slot(object)
    def _take_engine(self, engine: Any) -> None:
        if self._closed:
            return
        self._engine, self._unclaimed = engine, None
        engine.set_device(self._device)
        self.warm_up(self._generator)
        if self._waiting is not None:
            request, self._waiting = self._waiting, None
            engine.submit_live(request)

    @Slot(str, str)
    def _take_ready(self, generator: str, device: str) -> None:
        if generator == self._loading:
            self.state_changed.emit("")
        self.warmed.emit(generator, device)

    @Slot(object, object)
    def _take_work(self, done: Callable[[Any], None], answer: Any) -> None:
        if not self._closed:
            done(answer)

    @Slot(int, object)
    def _take_fault(self, number: int, fault: Exception) -> None:
        if number == 0:
            self.state_changed.emit("")
        self.failed.emit(number, fault)
