"""Steps: kept by the hash of their inputs, resumed where they stopped, estimated by their kind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cxr_studio.errors import Cancelled, StudioError, WriteError
from cxr_studio.events import CancelToken
from cxr_studio.experiments.steps import RECORD, Doing, Step, run_steps, standings


class Course:
    """Two steps, the second of which reads the first; says what was done."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.done, self.value = folder, [], 1

    def steps(self, *, fails: bool = False) -> list[Step]:
        def first(doing: Doing) -> None:
            self.done.append("first")
            (doing.folder / "out.txt").write_text(str(self.value))

        def second(doing: Doing) -> None:
            self.done.append("second")
            part = doing.folder / "part.txt"
            resumed = part.exists()
            part.write_text("half")
            if fails:
                raise StudioError("no more disk")
            (doing.folder / "out.txt").write_text(f"{(self.folder / 'a/first/out.txt').read_text()} {resumed}")

        facts = {"value": self.value}
        return [
            Step("a/first", "make", "make", facts, (), 10.0, first),
            Step("a/second", "read", "make", {}, ("a/first",), 10.0, second),
        ]

    def run(self, *, fails: bool = False) -> int:
        return run_steps(self.steps(fails=fails), self.folder)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path)


def test_done_steps_are_kept(course: Course) -> None:
    assert course.run() == 2
    assert course.run() == 0
    assert course.done == ["first", "second"]


def test_other_inputs_do_a_step_and_those_behind_it_again(course: Course) -> None:
    course.run()
    course.value = 2
    assert [one.done for one in standings(course.steps(), course.folder)] == [False, False]
    assert course.run() == 2
    assert (course.folder / "a/second/out.txt").read_text() == "2 False"


def test_a_step_that_failed_resumes_in_its_folder(course: Course) -> None:
    with pytest.raises(StudioError, match="No more disk"):
        course.run(fails=True)
    assert course.run() == 1
    assert (course.folder / "a/second/out.txt").read_text() == "1 True"
    assert course.done == ["first", "second", "second"]


def test_cancelling_keeps_what_is_done(course: Course) -> None:
    token = CancelToken()
    steps = course.steps()
    told: list[tuple[float, str]] = []

    def progress(fraction: float, words: str) -> None:
        told.append((fraction, words))
        token.cancel()

    with pytest.raises(Cancelled):
        run_steps(steps, course.folder, progress=progress, cancel=token)
    assert course.done == ["first"]
    assert told == [(0.0, "1 of 2, about 1 min left: make")]


def test_estimates_follow_what_steps_of_the_kind_took(course: Course) -> None:
    course.run()
    record = course.folder / "a/first" / RECORD
    record.write_text(json.dumps({**json.loads(record.read_text()), "seconds": 40.0}))
    shutil.rmtree(course.folder / "a/second")
    now = standings(course.steps(), course.folder)
    assert [(one.done, one.seconds) for one in now] == [(True, 40.0), (False, 40.0)]


def test_a_folder_of_something_else_is_refused(course: Course) -> None:
    (course.folder / "a/first").mkdir(parents=True)
    (course.folder / "a/first/mine.txt").write_text("mine")
    with pytest.raises(WriteError, match="something else"):
        course.run()
    assert (course.folder / "a/first/mine.txt").read_text() == "mine"


def test_a_step_cannot_read_a_later_one(course: Course) -> None:
    with pytest.raises(StudioError, match="stands twice, or before a/first"):
        standings(course.steps()[::-1], course.folder)
