"""The engine's two lanes under way: stopping what runs, falling back, and lane after lane."""

import queue
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cxr_studio import roles
from cxr_studio.errors import StudioError
from cxr_studio.generation import answering
from cxr_studio.generation.engine import Engine
from cxr_studio.generation.request import ImageView
from cxr_studio.generation.result import Result
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.restore import drawing
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions, FillRequest

PATIENCE = 20


def ask(number: int, **options: Any) -> FillRequest:
    stored = np.random.default_rng(1).integers(0, 4096, (90, 110)).astype(np.uint16)
    mask = np.zeros(stored.shape, bool)
    mask[30:41, 40:52] = True
    grey = linear_greyscale(stored.dtype, 16)
    chosen = FillOptions(**{"generator": "biharmonic", "seed": number, **options})
    return FillRequest(number, ImageView(stored, grey, grey.pixel_range(*grey.modality_range)), chosen, mask)


class Gate:
    """A fill that waits until it is let go or cancelled, and tells in which order it was asked."""

    def __init__(self) -> None:
        self.started: queue.Queue[int] = queue.Queue()
        self.go = threading.Event()
        self.stopped: list[int] = []

    def __call__(self, request: FillRequest, *, cancel: Any, device: str, **rest: Any) -> Result:
        self.started.put(request.number)
        while not self.go.wait(0.005):
            if cancel.cancelled:
                self.stopped.append(request.number)
                cancel.raise_if_cancelled()
        return fill(request, cancel=cancel, device="cpu", **rest)


@pytest.fixture
def told() -> queue.Queue[tuple[str, int]]:
    return queue.Queue()


@pytest.fixture
def engine(told: queue.Queue[tuple[str, int]]) -> Iterator[Engine]:
    def fault(number: int, _: StudioError) -> None:
        told.put(("fault", number))

    engine = Engine(roles, lambda result: told.put(("live", result.number)), on_error=fault)
    yield engine
    engine.close()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    monkeypatch.setattr(roles, "answer", gate)
    return gate


def test_closing_stops_the_running_job_and_the_waiting_ones(
    engine: Engine, gate: Gate, told: queue.Queue[tuple[str, int]]
) -> None:
    for number in (1, 2):
        engine.submit_job(ask(number), on_done=lambda result: told.put(("job", result.number)))
    assert gate.started.get(timeout=PATIENCE) == 1
    closing = threading.Thread(target=engine.close)
    closing.start()
    closing.join(PATIENCE / 4)
    stopped = not closing.is_alive()
    gate.go.set()
    closing.join()
    assert stopped
    assert gate.stopped == [1]
    assert told.empty()


def test_a_running_job_can_be_cancelled_and_the_next_one_comes(
    engine: Engine, gate: Gate, told: queue.Queue[tuple[str, int]]
) -> None:
    jobs = [engine.submit_job(ask(n), on_done=lambda result: told.put(("job", result.number))) for n in (1, 2)]
    assert gate.started.get(timeout=PATIENCE) == 1
    jobs[0].cancel()
    assert gate.started.get(timeout=PATIENCE) == 2
    gate.go.set()
    assert told.get(timeout=PATIENCE) == ("job", 2)


def test_a_newer_live_request_stops_the_running_one(
    engine: Engine, gate: Gate, told: queue.Queue[tuple[str, int]]
) -> None:
    engine.submit_live(ask(1))
    assert gate.started.get(timeout=PATIENCE) == 1
    engine.submit_live(ask(2))
    assert gate.started.get(timeout=PATIENCE) == 2
    assert gate.stopped == [1]
    gate.go.set()
    assert told.get(timeout=PATIENCE) == ("live", 2)
    assert told.empty()


def test_a_live_request_comes_before_the_jobs_that_wait(
    engine: Engine, gate: Gate, told: queue.Queue[tuple[str, int]]
) -> None:
    for number in (1, 2, 3):
        engine.submit_job(ask(number), on_done=lambda result: told.put(("job", result.number)))
    assert gate.started.get(timeout=PATIENCE) == 1
    engine.submit_live(ask(9))
    gate.go.set()
    assert [told.get(timeout=PATIENCE) for _ in range(4)] == [("job", 1), ("live", 9), ("job", 2), ("job", 3)]


def test_a_fault_of_a_stale_request_is_not_told(engine: Engine, gate: Gate, told: queue.Queue[tuple[str, int]]) -> None:
    engine.submit_live(ask(1, generator="nothing"))
    assert gate.started.get(timeout=PATIENCE) == 1
    engine.submit_live(ask(2))
    gate.go.set()
    assert told.get(timeout=PATIENCE) == ("live", 2)
    assert told.empty()


@pytest.mark.parametrize("lane", ["live", "job"])
def test_a_gpu_without_memory_is_replaced_in_both_lanes(lane: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer of the processor, with a sentence; a second failure would be told, not tried for ever."""
    import torch

    real, tried = drawing.fill_region, []

    def failing(asked: Any, facts: Any, device: str, **rest: Any) -> Any:
        tried.append(device)
        if device != "cpu":
            raise torch.cuda.OutOfMemoryError("CUDA out of memory")
        return real(asked, facts, device, **rest)

    monkeypatch.setattr(drawing, "fill_region", failing)
    monkeypatch.setattr(answering, "choose_device", lambda choice: "cuda:0")
    answers: queue.Queue[Any] = queue.Queue()
    engine = Engine(roles, answers.put, on_error=lambda number, fault: answers.put(fault))
    asked = ask(4, generator="context-encoder")
    if lane == "live":
        engine.submit_live(asked)
    else:
        engine.submit_job(asked, on_done=answers.put)
    result = answers.get(timeout=PATIENCE)
    engine.close()
    assert tried == ["cuda:0", "cpu"]
    assert (result.device, result.number) == ("cpu", 4)
    assert "ran out of memory" in result.message
    monkeypatch.undo()
    alone = fill(asked, device="cpu")
    for ours, theirs in zip(result.patches, alone.patches, strict=True):
        np.testing.assert_array_equal(ours.stored, theirs.stored)


def test_an_unknown_device_is_a_fault(told: queue.Queue[tuple[str, int]]) -> None:
    faults: queue.Queue[StudioError] = queue.Queue()
    engine = Engine(roles, lambda result: None, on_error=lambda number, fault: faults.put(fault))
    engine.set_device("abacus")
    engine.submit_live(ask(1, generator="context-encoder"))
    assert "abacus" in str(faults.get(timeout=PATIENCE))
    engine.set_device("cpu")
    engine.submit_job(replace(ask(2), number=2), on_done=lambda result: told.put(("job", result.number)))
    assert told.get(timeout=PATIENCE) == ("job", 2)
    engine.close()


def test_nothing_comes_of_what_is_asked_after_closing(told: queue.Queue[tuple[str, int]]) -> None:
    engine = Engine(
        roles, lambda result: told.put(("live", 0)), on_error=lambda number, fault: told.put(("fault", number))
    )
    engine.close()
    engine.submit_live(ask(1))
    engine.submit_job(ask(2), on_done=lambda result: told.put(("job", 2)))
    engine.close()
    assert told.empty()
