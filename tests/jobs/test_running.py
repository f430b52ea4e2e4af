"""A batch here and in processes: the same files, resumed where it stood, and faults in one sentence."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cxr_studio.errors import Cancelled, StudioError, WriteError
from cxr_studio.events import CancelToken
from cxr_studio.jobs.running import Running, by_group, chunks_of, run
from tests.jobs.squares import Squares, contents


def test_two_processes_make_what_one_makes_and_both_work(tmp_path: Path) -> None:
    one, two = Squares(tmp_path / "one", 400), Squares(tmp_path / "two", 400)
    steps: list[float] = []
    assert run(one, progress=lambda done, words: steps.append(done)).made == 400
    assert steps == pytest.approx([k / 400 for k in range(1, 401)])
    assert run(two, Running(2)).made == 400
    assert contents(two.folder) == contents(one.folder)
    assert two.made() == list(range(400))
    assert os.getpid() in two.made_by()


def test_a_window_leaves_the_work_to_the_others(tmp_path: Path) -> None:
    batch = Squares(tmp_path / "apart")
    assert run(batch, Running(1, apart=True)).made == 20
    assert os.getpid() not in batch.made_by()


def test_it_resumes_and_makes_nothing_twice(tmp_path: Path) -> None:
    batch, token = Squares(tmp_path / "out"), CancelToken()
    with pytest.raises(Cancelled):
        run(batch, progress=lambda done, words: token.cancel() if words == "square 7 of 20" else None, cancel=token)
    assert len(batch.made()) == 7
    (batch.folder / "squares" / ".003-torn.txt").write_text("4")
    assert run(batch).made == 13
    assert batch.made() == list(range(20))
    whole = Squares(tmp_path / "whole")
    run(whole)
    assert contents(batch.folder) == contents(whole.folder)
    assert run(batch).made == 0


def test_items_of_a_group_are_given_to_one_process(tmp_path: Path) -> None:
    batch = Squares(tmp_path, 64)
    chunks = chunks_of(batch, by_group(batch), 2)
    assert sorted(index for chunk in chunks for index in chunk) == list(range(64))
    assert {len(chunk) for chunk in chunks} == {8}
    assert all(len({batch.group(index) for index in chunk}) == 1 for chunk in chunks)
    assert max(len(chunk) for chunk in chunks_of(batch, by_group(batch), 8)) == 2


def test_an_item_that_cannot_be_made_stops_no_other(tmp_path: Path) -> None:
    for workers in (1, 2):
        batch = Squares(tmp_path / str(workers), bad=(4, 9))
        outcome = run(batch, Running(workers))
        assert outcome.made == 18
        assert outcome.faults == {4: "4.txt: this number is bad.", 9: "9.txt: this number is bad."}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_is_one_sentence_and_resumable(tmp_path: Path, workers: int) -> None:
    batch = Squares(tmp_path / "out", full_from=12)
    with pytest.raises(WriteError, match=r"No space left on device.*; the same command resumes\.$"):
        run(batch, Running(workers))
    assert 0 < len(batch.made()) <= 12
    assert not list((batch.folder / "squares").glob(".*"))
    whole = replace(batch, full_from=10**9)
    run(whole, Running(workers))
    assert whole.made() == list(range(20))


def test_a_process_that_is_killed_is_one_sentence(tmp_path: Path) -> None:
    batch = Squares(tmp_path / "out", dies_at=3)
    with pytest.raises(StudioError, match=r"A process was killed.*fewer --workers; it resumes"):
        run(batch, Running(1, apart=True))
    assert run(replace(batch, dies_at=-1)).made <= 20
    assert batch.made() == list(range(20))


def test_another_job_is_refused_and_says_what_differs(tmp_path: Path) -> None:
    run(Squares(tmp_path / "out"))
    with pytest.raises(StudioError, match=r"holds another table of squares, with other options \(numbers, seed\)"):
        run(Squares(tmp_path / "out", 30, 2))
    (tmp_path / "out" / "plan.json").write_text("[1")
    with pytest.raises(StudioError, match="damaged"):
        run(Squares(tmp_path / "out"))


def test_faults_of_other_processes_arrive_as_they_are() -> None:
    fault = WriteError("the disk is full", file="a.png", remedy="Free some space")
    again = copy.copy(fault)
    assert (type(again), str(again)) == (WriteError, "a.png: the disk is full. Free some space.")
    assert isinstance(copy.copy(Cancelled()), Cancelled)


TAKER = """
import os, sys
from cxr_studio.jobs.devices import take_device
print(take_device(), os.environ["CUDA_VISIBLE_DEVICES"], flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="processes share the first GPU there")
def test_every_process_takes_a_gpu_of_its_own(tmp_path: Path) -> None:
    def start(visible: str) -> subprocess.Popen[str]:
        env = {**os.environ, "CUDA_VISIBLE_DEVICES": visible, "TMPDIR": str(tmp_path)}
        pipe = subprocess.PIPE
        return subprocess.Popen([sys.executable, "-c", TAKER], env=env, stdin=pipe, stdout=pipe, text=True)

    def said(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()

    first, second = start("3,GPU-5"), start("3,GPU-5")
    taken = {said(first), said(second)}
    assert taken == {"3 3", "GPU-5 GPU-5"}
    first.communicate()
    third = start("3,GPU-5")
    assert said(third) in taken
    only = start("7")
    assert said(only) == "7"
    for process in (second, third, only):
        process.communicate()


def test_a_part_says_what_it_holds(tmp_path: Path) -> None:
    from cxr_studio.jobs.parts import read_part

    batch = Squares(tmp_path / "out")
    run(batch, Running(part=read_part("2/3")))
    stated = json.loads((tmp_path / "out" / "part.json").read_text())
    assert (stated["number"], stated["of"], len(stated["marks"])) == (2, 3, 7)
    assert sorted(stated["marks"]) == sorted(batch.mark(index) for index in batch.made())
