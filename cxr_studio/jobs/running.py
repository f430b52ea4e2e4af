"""Running a batch from where it stands: here, in processes, on a cluster; all or a part. The result is the same."""

from __future__ import annotations

from collections.abc import Generator, Hashable, Sequence
from contextlib import closing
from dataclasses import dataclass

from cxr_studio.errors import StudioError, WriteError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.jobs.batch import Batch, ItemLost, Made, Outcome
from cxr_studio.jobs.claiming import claim
from cxr_studio.jobs.parts import Part, close_part
from cxr_studio.jobs.processes import here, in_processes

TOGETHER = 8
"""Items that a process is given at once, at most: mostly those of one radiograph."""

ROUNDS = 4
"""Times at least that every process is given something, so that none waits long for the last."""

Chunk = tuple[int, ...]


@dataclass(frozen=True)
class Running:
    """Where a batch runs.

    Attributes:
        workers: Processes.
        dask: Address of a Dask scheduler, or "local" for one with ``workers`` processes here; "" for none.
        part: Which part of the batch; None = all of it.
        apart: Whether this process leaves the work to the others, as a window does.
    """

    workers: int = 1
    dask: str = ""
    part: Part | None = None
    apart: bool = False


ALONE = Running()


def run(
    batch: Batch,
    running: Running = ALONE,
    *,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> Outcome:
    """Make what is missing. Killed at any moment, the same call goes on; the finished files are always the same.

    Args:
        batch: The job.
        running: Where it runs.
        progress: Called after every item.
        cancel: Stops it after the items that are being made; the same call resumes.

    Raises:
        Cancelled: it was stopped.
        WriteError: the folder cannot be written, or the disk is full; the same call resumes.
        StudioError: the folder holds another job, a process was killed, the cluster was lost, or cannot be used.
    """
    ordered = by_group(batch)
    items = ordered if running.part is None else running.part.share(ordered)
    claim(batch, running.part, items)
    _sweep(batch)
    missing = [index for index in items if not batch.done(index)]
    before, faults, lost, whole = len(items) - len(missing), dict[int, str](), list[int](), 0
    with closing(_results(batch, missing, running)) as results:
        for one in results:
            if one.fault is not None and one.stops:
                remedy = f"{one.fault.remedy or 'Free some space'}; the same command resumes"
                raise WriteError(one.fault.what, file=one.fault.file, remedy=remedy)
            if one.fault is not None:
                faults[one.index] = str(one.fault)
                lost += [one.index] if isinstance(one.fault, ItemLost) else []
            else:
                whole += 1
            done = before + whole + len(faults)
            progress(done / len(items), f"{batch.noun} {done} of {len(items)}")
            if cancel is not None:
                cancel.raise_if_cancelled()
    if running.part is not None:
        close_part(batch, running.part, items, faults)
    return Outcome(whole, faults, tuple(lost))


def _results(batch: Batch, missing: Sequence[int], running: Running) -> Generator[Made, None, None]:
    """What becomes of the items, as they are made; closing it stops the work."""
    workers = max(1, min(running.workers, len(missing)))
    if running.dask:
        return _on_cluster(batch, chunks_of(batch, missing, workers), running.dask, workers=workers)
    if workers == 1 and not running.apart:
        return here(batch, missing)
    return in_processes(batch, chunks_of(batch, missing, workers), workers, apart=running.apart)


def _on_cluster(batch: Batch, chunks: Sequence[Chunk], address: str, *, workers: int) -> Generator[Made, None, None]:
    try:
        from cxr_studio.jobs.cluster import on_cluster
    except ImportError as fault:
        what = "a cluster needs the package distributed, which is not installed"
        raise StudioError(what, remedy="Run pip install 'cxr-studio[cluster]'") from fault
    return on_cluster(batch, chunks, address, workers=workers)


def chunks_of(batch: Batch, items: Sequence[int], workers: int) -> list[Chunk]:
    """Cut items, which are ordered by group, into what a process is given at once."""
    most = max(1, min(TOGETHER, len(items) // (ROUNDS * workers)))
    chunks: list[list[int]] = []
    last: object = None
    for index in items:
        group = batch.group(index)
        if not chunks or len(chunks[-1]) >= most or group != last:
            chunks.append([])
        chunks[-1].append(index)
        last = group
    return [tuple(chunk) for chunk in chunks]


def by_group(batch: Batch) -> list[int]:
    """All items, those of a group side by side, in order of each group's first."""
    groups: dict[Hashable, list[int]] = {}
    for index in range(batch.count):
        groups.setdefault(batch.group(index), []).append(index)
    return [index for group in groups.values() for index in group]


def _sweep(batch: Batch) -> None:
    """Take away what a killed run was in the middle of writing; its name ends in what ``files.replaced`` added."""
    for folder in {batch.home, *(batch.folder / name for name in (".", *batch.folders))}:
        for left in folder.glob(".*-*.*"):
            if batch.owns(left.name[1:].rpartition("-")[0]):
                left.unlink(missing_ok=True)
