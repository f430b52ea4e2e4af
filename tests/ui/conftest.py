"""What controllers are tested with: an open radiograph, and an engine that answers when it is told to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from cxr_studio.events import silent
from cxr_studio.generation.engine import Job, Work
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.provenance import provenance_of
from cxr_studio.generation.request import AnyRequest
from cxr_studio.generation.result import Area, Patch, Result, Silhouette, area_of
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import cut
from cxr_studio.networks.card import Role
from cxr_studio.nodules.placement import NoduleRequest, Placement
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph, Source
from cxr_studio.restore.options import FillRequest
from cxr_studio.ui.shell.workspace import Workspace

SHAPE = 120, 100


class Bridge(QObject):
    """Stands in for the engine's bridge: keeps what is asked, and answers by hand."""

    state_changed = Signal(str)
    previewed = Signal(object)
    answered = Signal(object)
    failed = Signal(int, object)
    warmed = Signal(str, str)
    job_done = Signal(object)
    job_progressed = Signal(float, str)
    loaded = True

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[FillRequest | NoduleRequest] = []
        self.jobs: list[FillRequest] = []
        self.given: list[Job] = []
        self.works: list[Job] = []
        self.warmed_up: list[str] = []
        self.cancelled = 0

    def submit_live(self, request: FillRequest | NoduleRequest) -> None:
        self.asked.append(request)

    def submit_job(self, request: FillRequest) -> Job:
        self.jobs.append(request)
        self.given.append(Job(request.number, lambda **_options: None, self.job_done.emit))
        return self.given[-1]

    def submit_work(self, number: int, work: Work, done: Callable[[Any], None]) -> Job:
        self.works.append(Job(number, work, done))
        return self.works[-1]

    def do(self, job: Job) -> None:
        """Do what was asked, on the calling thread."""
        if not job.token.cancelled:
            job.on_done(job.work(device="cpu", cancel=job.token, progress=silent))

    def warm_up(self, generator: str, _role: Role = Role.RESTORE) -> None:
        self.warmed_up.append(generator)

    def cancel_live(self) -> None:
        self.cancelled += 1

    def cancel_jobs(self) -> None:
        self.jobs.clear()

    def answer(self, request: FillRequest, value: int = 77, *, seconds: float = 0.02) -> Result:
        """Fill the mask with one value."""
        result = self._filled(request, value, seconds)
        self.answered.emit(result)
        return result

    def preview(self, request: FillRequest, value: int) -> None:
        """Show the mask filled with one value, for the time being."""
        self.previewed.emit(self._filled(request, value, 0.01))

    def _filled(self, request: FillRequest, value: int, seconds: float) -> Result:
        area = area_of(request.mask)
        stored = request.image.stored[cut(area.box)].copy()
        stored[area.mask] = value
        return self._result(request, Patch(area.box, stored), area, seconds)

    def place(self, request: NoduleRequest, value: int = 99) -> Result:
        """Draw a nodule as a square of one value."""
        now = request.options
        half = round(now.diameter / 2)
        box = round(now.y) - half, round(now.x) - half, round(now.y) + half, round(now.x) + half
        stored = request.image.stored[cut(box)].copy()
        stored[...] = value
        solid = Silhouette(box, np.ones(stored.shape, bool), now.diameter)
        result = replace(self._result(request, Patch(box, stored), solid, 0.02), silhouette=solid)
        self.answered.emit(result)
        return result

    def _result(self, request: AnyRequest, patch: Patch, written: Area, seconds: float) -> Result:
        role = Role.INSERT if isinstance(request.options, Placement) else Role.RESTORE
        facts = GeneratorFacts(request.generator, request.generator, role)
        return Result(request.number, (patch,), written, seconds, "cpu", provenance_of(request, facts, "cpu"))


def made_radiograph(name: str = "chest.png", shape: tuple[int, int] = SHAPE) -> Radiograph:
    """A radiograph with a gradient, 12 bits in 16."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    stored = (1000 + 10 * y + 5 * x).astype(np.uint16)
    stored.setflags(write=False)
    return Radiograph(stored, linear_greyscale(stored.dtype, 12), source=Source(Path(name), "", "png", 12))


@pytest.fixture
def bridge(qapp: object) -> Bridge:
    return Bridge()


@pytest.fixture
def workspace(qapp: object) -> Workspace:
    """A workspace with a radiograph open."""
    made = Workspace()
    made.open(Session(made_radiograph()))
    return made


@pytest.fixture
def other_session() -> Session:
    return Session(made_radiograph("other.png"))


class Heard(list):
    """Collects what a signal says."""

    def __call__(self, *words: object) -> None:
        self.append(words[0] if len(words) == 1 else words)


@pytest.fixture
def heard() -> type[Heard]:
    return Heard
