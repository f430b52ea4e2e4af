from __future__ import annotations

import threading

import pytest

from cxr_studio.errors import ReadError
from cxr_studio.ui.shell.background import Background


@pytest.fixture
def background(qtbot):
    made = Background()
    yield made
    made.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("cxr-")]


def test_the_answer_comes_back_on_the_gui_thread(qtbot, background):
    answers: list[tuple[object, bool]] = []
    on_gui = threading.current_thread()
    background.run(
        "Adding",
        lambda progress, token: 2 + 2,
        done=lambda answer: answers.append((answer, threading.current_thread() is on_gui)),
        failed=pytest.fail,
    )
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [(4, True)]
    assert not background.busy


def test_a_fault_goes_to_failed(qtbot, background):
    faults: list[Exception] = []

    def work(progress, token):
        raise ReadError("the file is empty")

    background.run("Reading", work, done=pytest.fail, failed=faults.append)
    qtbot.waitUntil(lambda: bool(faults))
    assert str(faults[0]) == "The file is empty."


def test_slow_work_shows_progress_and_can_be_cancelled(qtbot, background):
    reports: list[float] = []
    background.progressed.connect(lambda part, words: reports.append(part))

    def work(progress, token):
        for step in range(1000):
            token.raise_if_cancelled()
            progress(step / 1000, "working")
            threading.Event().wait(0.02)

    with qtbot.waitSignal(background.slow, timeout=3000) as slow:
        background.run("Long work", work, done=pytest.fail, failed=pytest.fail)
    title, cancel = slow.args
    assert title == "Long work"
    qtbot.waitUntil(lambda: bool(reports))
    with qtbot.waitSignal(background.quiet, timeout=3000):
        cancel()
    assert not background.busy


def test_quick_work_shows_no_strip(qtbot, background):
    slow: list[str] = []
    background.slow.connect(lambda title, cancel: slow.append(title))
    done: list[object] = []
    background.run("Quick", lambda progress, token: None, done=done.append, failed=pytest.fail)
    qtbot.waitUntil(lambda: bool(done))
    qtbot.wait(600)
    assert slow == []
