"""Items made by the workers of a Dask cluster, which all see the batch's folder."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path
from threading import Lock
from uuid import uuid4

import dask
from distributed import Client, Future, KilledWorker, LocalCluster, Worker, WorkerPlugin, as_completed

from cxr_studio.errors import StudioError, reason_of
from cxr_studio.jobs.batch import NAME, Batch, ItemLost, Made, made
from cxr_studio.jobs.devices import take_device
from cxr_studio.version import program_version

LOCAL = "local"
"""Address of a cluster that is started here, for this batch alone."""

PATIENCE = "10s"
"""How long a scheduler is waited for."""

DEATHS = 3
"""Workers that may die while they make the same items, before these count as what killed them."""

Chunk = tuple[int, ...]


def on_cluster(batch: Batch, chunks: Sequence[Chunk], address: str, *, workers: int) -> Generator[Made, None, None]:
    """Make chunks on a cluster; what a worker that dies was making is given to another.

    Args:
        batch: The job; every worker gets it once, those too that join later.
        chunks: What a worker is given at once.
        address: Of the scheduler, or ``LOCAL``.
        workers: Processes of a local cluster.

    Raises:
        StudioError: the scheduler is not there or was lost, or a worker cannot take part.
    """
    if not chunks:
        return
    with _quiet(), _client(address, workers) as client, _arrived(client, batch) as name:
        futures = client.map(_chunk_made, [name] * len(chunks), chunks, pure=False)
        given = {future.key: chunk for future, chunk in zip(futures, chunks, strict=True)}
        for future in as_completed(futures):
            if future.status == "finished":
                yield from future.result()
            elif future.status == "error":
                yield from _died(batch, given[future.key], future)
            else:
                what = f"the Dask scheduler{'' if address == LOCAL else f' at {address}'} was lost"
                raise StudioError(what, remedy="Start it and run the same command, which resumes")


def _died(batch: Batch, chunk: Chunk, future: Future) -> Iterator[Made]:
    """What is left of items whose workers died; a fault of the program itself is raised."""
    fault = future.exception()
    if not isinstance(fault, KilledWorker):
        raise fault
    for index in chunk:
        words = f"{batch.noun} {index} was not made, because {DEATHS} workers died while they made it"
        remedy = "Give the workers more memory and run the same command"
        yield Made(index, None if batch.done(index) else ItemLost(words, remedy=remedy))


@contextmanager
def _quiet() -> Iterator[None]:
    """Dask says nothing of its own: what matters of it is a sentence here."""
    log = logging.getLogger("distributed")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)


@contextmanager
def _client(address: str, workers: int) -> Iterator[Client]:
    """A connection to the scheduler, or to one that is started here and ended afterwards."""
    settings = {"distributed.scheduler.allowed-failures": DEATHS, "distributed.comm.timeouts.connect": PATIENCE}
    with dask.config.set(settings), tempfile.TemporaryDirectory(prefix="cxr-studio-dask-") as scratch:
        if address != LOCAL:
            with _connected(address) as client:
                yield client
            return
        one_each = {"n_workers": workers, "threads_per_worker": 1, "processes": True, "memory_limit": 0}
        with (
            LocalCluster(**one_each, dashboard_address=None, local_directory=scratch, silence_logs=50) as cluster,
            Client(cluster) as client,
        ):
            yield client


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as fault:
        what = f"there is no Dask scheduler at {address} ({reason_of(fault)})"
        raise StudioError(what, remedy="Start one with dask scheduler, or give --dask local") from fault
    try:
        yield client
    finally:
        client.close(timeout=2)


@contextmanager
def _arrived(client: Client, batch: Batch) -> Iterator[str]:
    """Hand the batch to every worker, those too that join later; gives its name there."""
    name = f"cxr-studio-{uuid4().hex}"
    try:
        client.register_plugin(_Arrival(name, batch), name=name)
    except StudioError:
        raise
    except Exception as fault:
        raise StudioError(f"a worker cannot take part ({reason_of(fault)})") from fault
    try:
        yield name
    finally:
        if client.status == "running":
            client.unregister_worker_plugin(name)


class _Arrival(WorkerPlugin):  # type: ignore[misc]
    """Sets a worker up: one GPU, the same version, the folder in sight, and the batch."""

    def __init__(self, name: str, batch: Batch) -> None:
        self._name, self._batch = name, batch
        self._where, self._plan = Path.cwd(), batch.home / NAME
        self._version = program_version()
        self._settings = {key: value for key, value in os.environ.items() if key.startswith("CXR_STUDIO_")}

    def setup(self, worker: Worker) -> None:
        """Called once at every worker.

        Raises:
            StudioError: it has another version of the program, or does not see the folder.
        """
        import cv2

        own = program_version()
        if own != self._version:
            what = f"the worker {worker.address} has version {own} of the program, and this is {self._version}"
            raise StudioError(what, remedy="Install the same version there")
        os.environ.update(self._settings)
        take_device()
        cv2.setNumThreads(1)
        if not (self._where / self._plan).exists():
            remedy = "Choose one that all workers see under the same path"
            raise StudioError(f"the worker {worker.address} does not see the folder", file=self._plan, remedy=remedy)
        _batches[self._name] = self._where, self._batch

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002
        """Called when the batch is over."""
        _batches.pop(self._name, None)


_batches: dict[str, tuple[Path, Batch]] = {}
"""Batches of this worker by name, with the folder that their paths are relative to."""

_alone = Lock()
"""Items are made one at a time, however many threads a worker has."""


def _chunk_made(name: str, chunk: Chunk) -> list[Made]:
    where, batch = _batches[name]
    with _alone, chdir(where):
        return [made(batch, index) for index in chunk]
