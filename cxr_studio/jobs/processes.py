"""Items made in this process, and in others beside it."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context

from cxr_studio.errors import StudioError
from cxr_studio.jobs.batch import Batch, Made, made
from cxr_studio.jobs.devices import take_device
from cxr_studio.threads import OneThread

AHEAD = 2
"""Chunks that wait at every process, so that none is idle while this one works."""

Chunk = tuple[int, ...]


def here(batch: Batch, items: Sequence[int]) -> Generator[Made, None, None]:
    """Make items one after the other in this process."""
    for index in items:
        yield made(batch, index)


def in_processes(
    batch: Batch, chunks: Sequence[Chunk], workers: int, *, apart: bool = False
) -> Generator[Made, None, None]:
    """Make chunks in several processes, of which this is one: it works while the others start.

    Args:
        batch: The job; the others get it once.
        chunks: What a process is given at once.
        workers: Processes, this one counted.
        apart: Whether this one leaves the work to the others, which then are as many as ``workers``.

    Raises:
        StudioError: one of them was killed; what is made is kept.
    """
    others = workers if apart else workers - 1
    take_device(pin=False)
    try:
        with OneThread() as limited, _pool(batch, others) as pool:
            yield from _shared_out(chunks, pool, others, own=None if apart else (batch, limited))
    except BrokenProcessPool as fault:
        what = "a process was killed, most often because the memory was used up"
        raise StudioError(what, remedy="Run the same command with fewer --workers; it resumes") from fault


def _shared_out(
    chunks: Sequence[Chunk], pool: ProcessPoolExecutor, others: int, *, own: tuple[Batch, OneThread] | None
) -> Iterator[Made]:
    """Give every process enough, and work on a chunk here where ``own`` says on what."""
    waiting, given = list(reversed(chunks)), set[Future[list[Made]]]()
    while waiting or given:
        while waiting and len(given) < AHEAD * others:
            given.add(pool.submit(_chunk_made, waiting.pop()))
        if waiting and own is not None:
            for index in waiting.pop():
                yield made(own[0], index)
                own[1].keep()
            finished = {one for one in given if one.done()}
        else:
            finished = wait(given, return_when=FIRST_COMPLETED).done
        given -= finished
        for one in finished:
            yield from one.result()


@contextmanager
def _pool(batch: Batch, count: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that know the batch; what they have not begun is given up at the end."""
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_arrive, initargs=(batch,))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


_own: list[tuple[Batch, OneThread]] = []
"""The batch of this process, where it is one of a pool."""


def _arrive(batch: Batch) -> None:
    """Begin as a process of a pool: one thread, also of what is imported later, and one GPU."""
    os.environ["OMP_NUM_THREADS"] = "1"
    take_device()
    _own[:] = [(batch, OneThread())]
    _own[0][1].__enter__()


def _chunk_made(chunk: Chunk) -> list[Made]:
    (batch, limited), found = _own[0], []
    for index in chunk:
        found.append(made(batch, index))
        limited.keep()
    return found
