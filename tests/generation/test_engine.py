"""The engine: newest wins, jobs in order, faults as sentences, no thread left."""

from __future__ import annotations

import queue
import threading
from dataclasses import replace

import numpy as np
import pytest

from cxr_studio import roles
from cxr_studio.errors import GeneratorError, StudioError
from cxr_studio.generation.engine import Engine
from cxr_studio.restore.fill import fill
from tests.restore.test_fill import disc, request

PATIENCE = 20


class Heard:
    """An engine and everything that it told."""

    def __init__(self) -> None:
        self.results: queue.Queue = queue.Queue()
        self.faults: queue.Queue = queue.Queue()
        self.ready: queue.Queue = queue.Queue()
        self.previews: queue.Queue = queue.Queue()
        self.engine = Engine(
            roles,
            self.results.put,
            on_error=lambda number, fault: self.faults.put((number, fault)),
            on_ready=lambda name, device: self.ready.put((name, device)),
            on_preview=self.previews.put,
        )


@pytest.fixture
def heard():
    heard = Heard()
    yield heard
    heard.engine.close()
    heard.engine.close()


def numbered(number: int, **options: object):
    return replace(request(disc(), **options), number=number)


def test_the_engine_answers_as_the_synchronous_twin_does(heard):
    asked = numbered(3, seed=2)
    heard.engine.submit_live(asked)
    result = heard.results.get(timeout=PATIENCE)
    twin = fill(asked)
    assert result.number == 3
    assert result.provenance == twin.provenance
    for ours, theirs in zip(result.patches, twin.patches, strict=True):
        assert ours.box == theirs.box
        assert (ours.stored == theirs.stored).all()
    assert heard.engine.latency > 0


def test_a_large_hole_is_shown_smooth_before_it_is_drawn(heard):
    asked = replace(request(disc(150, 140, 30), generator="inpainting"), number=4)
    heard.engine.submit_live(asked)
    result = heard.results.get(timeout=2 * PATIENCE)
    first = heard.previews.get(timeout=PATIENCE)
    assert (first.number, first.provenance.generator) == (4, "biharmonic")
    assert result.provenance.generator == "inpainting"


def test_a_small_hole_needs_no_preview(heard):
    heard.engine.submit_live(replace(request(disc(radius=8), generator="inpainting"), number=5))
    heard.results.get(timeout=2 * PATIENCE)
    assert heard.previews.empty()


def test_only_the_newest_live_request_is_answered(heard, monkeypatch):
    started, go_on, answered = threading.Event(), threading.Event(), []

    def slow(asked, **rest):
        answered.append(asked.number)
        started.set()
        assert go_on.wait(PATIENCE)
        return fill(asked, **rest)

    monkeypatch.setattr(roles, "answer", slow)
    heard.engine.submit_live(numbered(1))
    assert started.wait(PATIENCE)
    for number in (2, 3, 4):
        heard.engine.submit_live(numbered(number))
    go_on.set()
    assert heard.results.get(timeout=PATIENCE).number == 4
    assert answered == [1, 4]
    assert heard.results.empty()
    assert heard.faults.empty()


def test_a_forgotten_request_is_not_answered(heard, monkeypatch):
    started, go_on = threading.Event(), threading.Event()

    def slow(asked, **rest):
        started.set()
        assert go_on.wait(PATIENCE)
        return fill(asked, **rest)

    monkeypatch.setattr(roles, "answer", slow)
    heard.engine.submit_live(numbered(1))
    assert started.wait(PATIENCE)
    heard.engine.cancel_live()
    go_on.set()
    done: queue.Queue = queue.Queue()
    heard.engine.submit_job(numbered(2), on_done=done.put)
    assert done.get(timeout=PATIENCE).number == 2
    assert heard.results.empty()
    assert heard.faults.empty()


def test_jobs_come_in_order_and_a_cancelled_one_not_at_all(heard):
    done: queue.Queue = queue.Queue()
    jobs = [heard.engine.submit_job(numbered(n, seed=n), on_done=done.put) for n in range(5)]
    jobs[4].cancel()
    assert [done.get(timeout=PATIENCE).number for _ in range(4)] == [0, 1, 2, 3]
    heard.engine.submit_live(numbered(9))
    assert heard.results.get(timeout=PATIENCE).number == 9
    assert done.empty()


def test_faults_are_sentences_and_the_engine_lives_on(heard, monkeypatch):
    heard.engine.submit_live(numbered(1, generator="nothing"))
    number, fault = heard.faults.get(timeout=PATIENCE)
    assert number == 1
    assert isinstance(fault, StudioError)

    def broken(_asked, **_rest):
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(roles, "answer", broken)
    heard.engine.submit_live(numbered(2))
    number, fault = heard.faults.get(timeout=PATIENCE)
    assert number == 2
    assert isinstance(fault, GeneratorError)
    assert "\n" not in str(fault)
    monkeypatch.undo()
    heard.engine.submit_live(numbered(3))
    assert heard.results.get(timeout=PATIENCE).number == 3


def test_warm_up_tells_when_a_generator_is_ready(heard):
    heard.engine.warm_up("biharmonic")
    assert heard.ready.get(timeout=PATIENCE) == ("biharmonic", "CPU")
    heard.engine.warm_up("context-encoder")
    name, device = heard.ready.get(timeout=PATIENCE)
    assert name == "context-encoder"
    assert device
    heard.engine.warm_up("nothing")
    assert heard.faults.get(timeout=PATIENCE)[0] == 0


def test_a_closed_engine_has_no_thread():
    before = threading.active_count()
    engine = Engine(roles, lambda _result: None, on_error=lambda _number, _fault: None)
    engine.submit_live(numbered(1))
    engine.close()
    assert threading.active_count() == before


def test_a_large_deep_image_is_answered(heard):
    stored = np.tile(request(disc()).image.stored, (6, 7))[:1800, :1900].copy()
    mask = disc(900, 950, 60, stored.shape)
    heard.engine.submit_live(replace(request(mask, stored), number=5))
    (patch,) = heard.results.get(timeout=PATIENCE).patches
    assert patch.stored.dtype == np.uint16


def test_other_work_is_done_in_the_job_lane_on_the_engines_device(heard):
    done: queue.Queue = queue.Queue()

    def work(*, device, cancel, progress):
        progress(0.5, "half")
        return device, threading.current_thread().name, cancel.cancelled

    told: list[object] = []
    heard.engine.set_device("cpu")
    heard.engine.submit_work(7, work, on_done=done.put, progress=lambda *words: told.append(words))
    assert done.get(timeout=PATIENCE) == ("cpu", "generation", False)
    assert told == [(0.5, "half")]

    def fails(**_options):
        raise GeneratorError("no such thing")

    heard.engine.submit_work(8, fails, on_done=done.put)
    number, fault = heard.faults.get(timeout=PATIENCE)
    assert (number, fault.what) == (8, "no such thing")
