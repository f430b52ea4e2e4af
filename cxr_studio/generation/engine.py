"""The live engine: one worker thread, two lanes. The live lane keeps only the newest request, jobs wait their turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Condition, Thread
from typing import Any, Protocol

from cxr_studio.errors import Cancelled, GeneratorError, StudioError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.generation.request import AnyRequest
from cxr_studio.generation.result import Result
from cxr_studio.networks.card import Role

OnResult = Callable[[Result], None]
OnError = Callable[[int, StudioError], None]
"""Called with the request's number (0 for a warm-up) and what went wrong."""

REMEMBERED = 10
"""Answers whose times make the latency estimate."""


class Answering(Protocol):
    """What stands above the roles: it knows which of them answers a request (``cxr_studio.roles``)."""

    def answer(self, request: AnyRequest, *, device: str, cancel: CancelToken, progress: Progress = silent) -> Result:
        """Answer a request of any role."""

    def preview(self, request: AnyRequest, *, device: str, cancel: CancelToken) -> Result | None:
        """Answer at once and roughly, or None where the answer itself comes as soon."""

    def warm_up(self, generator: str, role: Role, *, device: str) -> str:
        """Load a generator and run it once; returns the name of the device to show."""


class Work(Protocol):
    """What is done in the job lane: an answer to a request, or anything else that needs the networks."""

    def __call__(self, *, device: str, cancel: CancelToken, progress: Progress) -> Any:
        """Do it on the engine's thread, on a device; look at ``cancel`` between steps."""


@dataclass(eq=False)
class Job:
    """Work in the job lane under a request's number; ``cancel`` it at any time."""

    number: int
    work: Work
    on_done: Callable[[Any], None]
    progress: Progress = silent
    token: CancelToken = field(default_factory=CancelToken)

    def cancel(self) -> None:
        """Drop the job, or stop it at its next step."""
        self.token.cancel()


class Engine:
    """Runs generators on a thread of its own. All callbacks come on that thread.

    Args:
        roles: Answers the requests.
        on_result: Called with the answer to the newest live request; stale answers are dropped.
        on_error: Called with what went wrong with the newest live request, a job or a warm-up.
        on_ready: Called with the generator's name and the device's title when a warm-up is done.
        on_preview: Called with a smooth answer to the newest live request where its own takes a while.
    """

    def __init__(
        self,
        roles: Answering,
        on_result: OnResult,
        *,
        on_error: OnError,
        on_ready: Callable[[str, str], None] = lambda name, device: None,  # noqa: ARG005
        on_preview: OnResult = lambda result: None,  # noqa: ARG005
    ) -> None:
        self._roles = roles
        self._on_result = on_result
        self._on_error = on_error
        self._on_ready = on_ready
        self._on_preview = on_preview
        self._device = "auto"
        self._changed = Condition()
        self._live: AnyRequest | None = None
        self._live_token = CancelToken()
        self._newest = -1
        self._jobs: deque[Job] = deque()
        self._job: Job | None = None
        self._warm: deque[tuple[str, Role]] = deque()
        self._closing = False
        self._seconds: deque[float] = deque(maxlen=REMEMBERED)
        self._thread = Thread(target=self._work, name="generation", daemon=True)
        self._thread.start()

    def warm_up(self, generator: str, role: Role = Role.RESTORE) -> None:
        """Load a generator and run it once, so that the first stroke is answered as fast as the next."""
        with self._changed:
            self._warm.append((generator, role))
            self._changed.notify()

    def submit_live(self, request: AnyRequest) -> None:
        """Ask live: replaces a waiting request and stops the running one, if it is older."""
        with self._changed:
            self._live_token.cancel()
            self._live, self._newest = request, request.number
            self._live_token = CancelToken()
            self._changed.notify()

    def submit_job(self, request: AnyRequest, *, on_done: OnResult, progress: Progress = silent) -> Job:
        """Ask in order, after every job before and whenever no live request waits."""
        return self.submit_work(
            request.number, partial(self._roles.answer, request), on_done=on_done, progress=progress
        )

    def submit_work(
        self, number: int, work: Work, *, on_done: Callable[[Any], None], progress: Progress = silent
    ) -> Job:
        """Do something else on the engine's thread, as ``submit_job``; faults are told under ``number``."""
        job = Job(number, work, on_done, progress)
        with self._changed:
            self._jobs.append(job)
            self._changed.notify()
        return job

    def cancel_live(self) -> None:
        """Forget the live request; no answer to it will come."""
        with self._changed:
            self._live, self._newest = None, -1
            self._live_token.cancel()

    def set_device(self, device: str) -> None:
        """Choose the device for the requests to come: "auto", "cpu", "cuda" or "mps"."""
        self._device = device

    @property
    def latency(self) -> float | None:
        """Mean seconds of the last answers, or None before the first."""
        seconds = list(self._seconds)
        return sum(seconds) / len(seconds) if seconds else None

    def close(self) -> None:
        """Stop the running work and end the thread; may be called twice."""
        with self._changed:
            self._closing = True
            self._live_token.cancel()
            for job in (*self._jobs, *([self._job] if self._job else [])):
                job.cancel()
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while (step := self._next()) is not None:
            step()

    def _next(self) -> Callable[[], None] | None:
        """Wait for something to do: a warm-up, the newest live request, or the oldest job."""
        with self._changed:
            self._job = None
            while True:
                if self._closing:
                    return None
                if self._warm:
                    return partial(self._guarded, 0, partial(self._warm_now, *self._warm.popleft()))
                if self._live is not None:
                    request, self._live = self._live, None
                    return partial(self._guarded, request.number, partial(self._answer, request, self._live_token))
                if self._jobs:
                    self._job = self._jobs.popleft()
                    return partial(self._guarded, self._job.number, partial(self._run, self._job))
                self._changed.wait()

    def _guarded(self, number: int, step: Callable[[], None]) -> None:
        """Run a step; every fault reaches on_error as a sentence, and the thread lives on."""
        try:
            step()
        except Cancelled:
            pass
        except StudioError as fault:
            self._on_error(number, fault)
        except Exception as fault:
            words = (str(fault).splitlines() or [""])[0]
            self._on_error(number, GeneratorError(f"the generator failed ({type(fault).__name__}: {words})"))

    def _answer(self, request: AnyRequest, token: CancelToken) -> None:
        try:
            self._preview(request, token)
            result = self._roles.answer(request, device=self._device, cancel=token)
        except StudioError:
            if request.number == self._newest:
                raise
            return
        if request.number == self._newest:
            self._seconds.append(result.seconds)
            self._on_result(result)

    def _preview(self, request: AnyRequest, token: CancelToken) -> None:
        try:
            result = self._roles.preview(request, device=self._device, cancel=token)
        except StudioError:  # the answer will say so
            return
        if result is not None and request.number == self._newest:
            self._on_preview(result)

    def _run(self, job: Job) -> None:
        job.token.raise_if_cancelled()
        result = job.work(device=self._device, cancel=job.token, progress=job.progress)
        job.token.raise_if_cancelled()
        job.on_done(result)

    def _warm_now(self, name: str, role: Role) -> None:
        self._on_ready(name, self._roles.warm_up(name, role, device=self._device))
