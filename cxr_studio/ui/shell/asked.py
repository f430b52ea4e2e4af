"""Requests on the job lane that one feature waits for."""

from __future__ import annotations

from typing import Generic, TypeVar

from cxr_studio.generation.engine import Job
from cxr_studio.generation.request import AnyRequest
from cxr_studio.ui.shell.engine_bridge import EngineBridge

About = TypeVar("About")


class Asked(Generic[About]):
    """Knows by their numbers which answers are its feature's, and cancels no other feature's jobs.

    Args:
        link: Answers.
    """

    def __init__(self, link: EngineBridge) -> None:
        self._link = link
        self._jobs: list[Job] = []
        self._waiting: dict[int, About] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def ask(self, request: AnyRequest, about: About) -> None:
        """Ask, and keep what the answer will be about.

        Raises:
            GeneratorError: the engine is still loading.
        """
        self._jobs.append(self._link.submit_job(request))
        self._waiting[request.number] = about

    def take(self, number: int) -> About | None:
        """What an answer or a failure is about, which is then waited for no more; None where it is another's."""
        return self._waiting.pop(number, None)

    def cancel(self) -> None:
        """Give up all."""
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()
        self._waiting.clear()
