"""The bridge with an engine of its own making: started in the background, asked before it is there, closed."""

from __future__ import annotations

import threading

import pytest

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.engine import Job
from cxr_studio.ui.shell.engine_bridge import LOADING, EngineBridge


class Engine:
    """Keeps what it is asked; says what it is told to say, from any thread."""

    def __init__(self, on_result, on_error, *, on_ready, on_preview) -> None:
        self.say, self.fail, self.ready, self.preview = on_result, on_error, on_ready, on_preview
        self.asked, self.warmed, self.device, self.closed, self.cancelled = [], [], "", False, 0
        self.jobs = []

    def submit_live(self, request):
        self.asked.append(request)

    def submit_job(self, request, *, on_done, progress):
        self.jobs.append((request, on_done, progress))
        return self

    def cancel(self):
        self.cancelled += 1

    def cancel_live(self):
        self.cancelled += 1

    def warm_up(self, generator, _role):
        self.warmed.append(generator)

    def set_device(self, device):
        self.device = device

    def close(self):
        self.closed = True


@pytest.fixture
def made():
    return []


@pytest.fixture
def bridge(qapp, made):
    def maker(*signals, **more):
        made.append(Engine(*signals, **more))
        return made[-1]

    bridge = EngineBridge(maker)
    yield bridge
    bridge.close()


@pytest.fixture
def started(bridge, made, qtbot):
    bridge.start("first")
    qtbot.waitUntil(lambda: bridge.loaded, timeout=5000)
    return made[0]


def from_a_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_it_warms_up_and_says_that_it_loads(bridge, made, qtbot, heard):
    states = heard()
    bridge.state_changed.connect(states)
    bridge.start("first")
    assert states == [LOADING]
    qtbot.waitUntil(lambda: bridge.loaded, timeout=5000)
    assert made[0].warmed == ["first"]
    made[0].ready("first", "CPU")
    qtbot.waitUntil(lambda: states[-1] == "", timeout=5000)


def test_of_what_is_asked_before_it_is_there_the_newest_is_asked(bridge, made, qtbot):
    bridge.submit_live("old")
    bridge.submit_live("new")
    bridge.set_device("cuda")
    bridge.start("first")
    qtbot.waitUntil(lambda: bridge.loaded, timeout=5000)
    assert made[0].asked == ["new"]
    assert made[0].device == "cuda"


def test_a_job_before_it_is_there_is_refused_in_a_sentence(bridge):
    with pytest.raises(GeneratorError, match="still loading"):
        bridge.submit_job("request")


def test_answers_come_on_the_gui_thread(bridge, started, qtbot):
    threads = []
    bridge.answered.connect(lambda _answer: threads.append(threading.current_thread()))
    bridge.job_done.connect(lambda _answer: threads.append(threading.current_thread()))
    bridge.failed.connect(lambda _number, _fault: threads.append(threading.current_thread()))
    bridge.submit_job("request")
    _, done, _ = started.jobs[0]
    from_a_thread(lambda: (started.say("answer"), started.fail(3, GeneratorError("no")), done("job")))
    qtbot.waitUntil(lambda: len(threads) == 3, timeout=5000)
    assert set(threads) == {threading.main_thread()}


def test_an_engine_that_cannot_start_is_told(qapp, qtbot, heard):
    def broken(*_signals, **_more):
        raise ImportError("no torch here")

    bridge, faults = EngineBridge(broken), heard()
    bridge.failed.connect(faults)
    bridge.start("first")
    qtbot.waitUntil(lambda: bool(faults), timeout=5000)
    number, fault = faults[0]
    assert number == 0
    assert "no torch here" in str(fault)
    bridge.close()


def test_closing_closes_the_engine_even_while_it_is_made(qapp, made):
    def slow(*signals, **more):
        made.append(Engine(*signals, **more))
        return made[-1]

    bridge = EngineBridge(slow)
    bridge.start("first")
    bridge.close()
    assert made[0].closed
    bridge.start("first")
    assert len(made) == 1, "a closed bridge starts nothing"


def test_cancelling_reaches_both_lanes(bridge, started):
    bridge.submit_job("a")
    bridge.cancel_jobs()
    bridge.cancel_live()
    assert started.cancelled == 2


def test_jobs_that_nobody_waits_for_are_forgotten(bridge, started, monkeypatch):
    given = [Job(number, lambda **_options: None, lambda _answer: None) for number in range(3)]
    waiting = given[0]
    monkeypatch.setattr(started, "submit_job", lambda _request, **_more: given.pop())
    for _ in range(3):
        bridge.submit_job("a")
    assert [*bridge._jobs] == [waiting]
    bridge.cancel_jobs()
    assert waiting.token.cancelled
