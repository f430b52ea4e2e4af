"""What controllers are tested with: an open radiograph, and an engine that answers when it is told to."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from cxr_studio.generation.request import InpaintRequest, InpaintResult, Patch, Provenance
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import bounding_box, cut
from cxr_studio.nodules.placement import NoduleRequest, PlacedNodule
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph, Source
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

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[InpaintRequest | NoduleRequest] = []
        self.jobs: list[InpaintRequest] = []
        self.warmed_up: list[str] = []
        self.cancelled = 0

    def submit_live(self, request: InpaintRequest | NoduleRequest) -> None:
        self.asked.append(request)

    def submit_job(self, request: InpaintRequest) -> None:
        self.jobs.append(request)

    def warm_up(self, generator: str) -> None:
        self.warmed_up.append(generator)

    def cancel_live(self) -> None:
        self.cancelled += 1

    def cancel_jobs(self) -> None:
        self.jobs.clear()

    def answer(self, request: InpaintRequest, value: int = 77, *, seconds: float = 0.02) -> InpaintResult:
        """Fill the mask with one value."""
        result = self._filled(request, value, seconds)
        self.answered.emit(result)
        return result

    def preview(self, request: InpaintRequest, value: int) -> None:
        """Show the mask filled with one value, for the time being."""
        self.previewed.emit(self._filled(request, value, 0.01))

    def _filled(self, request: InpaintRequest, value: int, seconds: float) -> InpaintResult:
        box = bounding_box(request.mask)
        stored = request.stored[cut(box)].copy()
        stored[request.mask[cut(box)]] = value
        result = self._result(request.number, (Patch(box, stored),), request.options.generator, request.options)
        return InpaintResult(result.number, result.patches, seconds, "cpu", result.provenance)

    def place(self, request: NoduleRequest, value: int = 99) -> PlacedNodule:
        """Draw a nodule as a square of one value."""
        now = request.placement
        half = round(now.diameter / 2)
        box = round(now.y) - half, round(now.x) - half, round(now.y) + half, round(now.x) + half
        stored = request.stored[cut(box)].copy()
        stored[...] = value
        solid = np.ones(stored.shape, bool)
        result = self._result(request.number, (Patch(box, stored),), now.generator, now)
        placed = PlacedNodule(result, box, solid, solid, now.diameter)
        self.answered.emit(placed)
        return placed

    def _result(self, number: int, patches: tuple[Patch, ...], generator: str, options: object) -> InpaintResult:
        words = asdict(options)  # type: ignore[call-overload]
        if "placement" not in words and "diameter" in words:
            words = {name: value for name, value in words.items() if name != "profile"}
        provenance = Provenance("", "", generator, "", {}, words, (0.0, 1.0), "cpu", "0")
        return InpaintResult(number, patches, 0.02, "cpu", provenance)


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
