"""Running a plan: image after image, on several processes, from where it stands."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from cxr_studio.augmentation.nodules import make
from cxr_studio.augmentation.plan import Plan, claim
from cxr_studio.augmentation.record import FOLDER as RECORDS
from cxr_studio.augmentation.record import IMAGES, MASKS, Record, read_record, record_path
from cxr_studio.augmentation.surroundings import SurroundPlan, make_surroundings
from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.generation.precision import running_in

AnyPlan = Plan | SurroundPlan

Doing = Callable[[AnyPlan, Path, Sequence[int]], Iterable[tuple[int, str]]]
"""Makes many images of a plan; gives each number and a sentence when it failed."""

TOGETHER = 4
"""Images, mostly of one radiograph, that a process is given at once."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        records: Of every image that is whole, by number.
        made: Images made now.
        faults: A sentence for every image that could not be made.
    """

    records: tuple[Record, ...]
    made: int
    faults: tuple[str, ...]


def run(
    plan: AnyPlan,
    folder: Path,
    *,
    workers: int = 1,
    progress: Progress = silent,
    cancel: CancelToken | None = None,
) -> Outcome:
    """Make what is missing. Killed at any moment, the same call goes on; the finished set is always the same.

    The images of one radiograph are made one after the other, so that it is read and its lungs are found once.

    Args:
        plan: The job.
        folder: Gets ``images/``, ``masks/``, ``records/`` and ``plan.json``.
        workers: Processes.
        progress: Called after every image.
        cancel: Stops it after the images that are being made; the same call resumes.

    Raises:
        Cancelled: it was stopped.
        StudioError: the folder holds another job, or cannot be written.
    """
    claim(plan, folder)
    _sweep(folder)
    missing = [index for index in range(plan.count) if not record_path(folder, index).exists()]
    if isinstance(plan, Plan):
        missing.sort(key=partial(_source_first, plan))
    made, faults = 0, []
    with _workers(workers) as doing:
        for _, fault in doing(plan, folder, missing):
            if fault:
                faults.append(fault)
            else:
                made += 1
            done = plan.count - len(missing) + made + len(faults)
            progress(done / plan.count, f"image {done} of {plan.count}")
            if cancel is not None:
                cancel.raise_if_cancelled()
    paths = (record_path(folder, index) for index in range(plan.count))
    return Outcome(tuple(read_record(path) for path in paths if path.exists()), made, tuple(faults))


def _source_first(plan: Plan, index: int) -> tuple[Path, int]:
    return plan.source(index).path, index


def _sweep(folder: Path) -> None:
    """Take away what a killed run was in the middle of writing."""
    for part in (".", IMAGES, MASKS, RECORDS):
        for left in (folder / part).glob(".*-*.*"):
            left.unlink(missing_ok=True)


def _tried(plan: AnyPlan, folder: Path, index: int) -> tuple[int, str]:
    try:
        with running_in(plan.precision):
            if isinstance(plan, SurroundPlan):
                make_surroundings(plan, folder, index)
            else:
                make(plan, folder, index)
    except StudioError as fault:
        return index, str(fault)
    return index, ""


def _one_thread() -> None:
    """The workers share the cores: threads of their own would wait for each other."""
    os.environ["OMP_NUM_THREADS"] = "1"
    import cv2

    cv2.setNumThreads(1)


@contextmanager
def _workers(count: int) -> Iterator[Doing]:
    """A function that makes many images, here or on several processes."""
    if count == 1:
        yield lambda plan, folder, indices: (_tried(plan, folder, index) for index in indices)
        return
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_one_thread)

    def doing(plan: AnyPlan, folder: Path, indices: Sequence[int]) -> Iterator[tuple[int, str]]:
        together = max(1, min(TOGETHER, len(indices) // (4 * count)))
        return pool.map(partial(_tried, plan, folder), indices, chunksize=together)

    try:
        yield doing
    finally:
        pool.shutdown(cancel_futures=True)
