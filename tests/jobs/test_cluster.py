"""A batch on a Dask cluster: a killed worker or scheduler costs time, never an item, and none is made twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cxr_studio.cli.main import main
from cxr_studio.errors import StudioError
from cxr_studio.jobs import cluster as cluster_module
from cxr_studio.jobs.running import Running, run
from tests.conftest import draw_phantom
from tests.jobs.squares import Squares, contents

SECONDS = 90
"""For which a cluster's start is waited on a machine that is busy."""


@dataclass
class Cluster:
    """A scheduler and two workers, processes of their own."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


def start(folder: Path) -> Cluster:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1"}
    where = folder / "scheduler.json"

    def program(*words: str) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        line = [sys.executable, "-m", "distributed.cli.dask_" + words[0], "--scheduler-file", str(where), *words[1:]]
        return subprocess.Popen(line, env=env, cwd=folder, stdout=quiet, stderr=quiet)

    scheduler = program("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    own = ("worker", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0")
    workers = [program(*own) for _ in range(2)]
    limit = time.monotonic() + SECONDS
    while not where.exists() and time.monotonic() < limit:
        time.sleep(0.05)
    return Cluster(json.loads(where.read_text())["address"], scheduler, workers)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One for all tests, in their order: at the end nothing of it is alive."""
    started = start(tmp_path_factory.mktemp("cluster"))
    try:
        yield started
    finally:
        started.end()


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    for number in range(3):
        image = np.roll(draw_phantom(400, 380), 7 * number, axis=1)
        Image.fromarray(image).save(folder / f"0000000{number}_000.png")
    return folder


def test_a_killed_worker_costs_nothing_but_time(cluster: Cluster, tmp_path: Path) -> None:
    batch, whole = Squares(tmp_path / "out", 120, pause=0.02), Squares(tmp_path / "whole", 120)

    def kill(_done: float, words: str) -> None:
        if words == "square 20 of 120":
            busiest = max(batch.made_by().items(), key=lambda each: len(each[1]))[0]
            os.kill(busiest, signal.SIGKILL)

    assert run(batch, Running(dask=cluster.address), progress=kill).made == 120
    assert len(set(batch.made())) == len(batch.made())
    run(whole)
    assert contents(batch.folder) == contents(whole.folder)
    assert sum(worker.poll() is not None for worker in cluster.workers) == 1


def test_augment_on_a_cluster_makes_the_same_set(cluster: Cluster, sources: Path, tmp_path: Path) -> None:
    words = ["augment", str(sources), "--count", "6", "--diameter", "uniform:10,30px", "--seed", "5", "--out"]
    assert main([*words, str(tmp_path / "alone"), "--workers", "1"]) == 0
    assert main([*words, str(tmp_path / "cluster-set"), "--dask", cluster.address]) == 0
    assert contents(tmp_path / "cluster-set") == contents(tmp_path / "alone")


def test_a_scheduler_that_is_not_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "PATIENCE", "1s")
    with pytest.raises(StudioError, match=r"There is no Dask scheduler at tcp://127.0.0.1:9 .*--dask local"):
        run(Squares(tmp_path / "out"), Running(dask="tcp://127.0.0.1:9"))


def test_a_lost_scheduler_is_one_sentence_and_resumable(cluster: Cluster, tmp_path: Path) -> None:
    batch = Squares(tmp_path / "out", 120, pause=0.02)

    def kill(_done: float, words: str) -> None:
        if words == "square 20 of 120":
            cluster.scheduler.kill()

    with pytest.raises(StudioError, match=r"^The Dask scheduler at tcp:.* was lost\. Start it and run the same comm"):
        run(batch, Running(dask=cluster.address), progress=kill)
    cluster.end()
    before = len(batch.made())
    assert 20 <= before < 120
    run(replace(batch, pause=0.0))
    assert batch.made() == list(range(120))
