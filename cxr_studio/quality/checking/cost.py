"""What a piece of work costs: wall time, and memory in a process of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median

from cxr_studio.quality.checking.finding import Finding
from cxr_studio.quality.checking.limits import CostLimits

EVERY = 0.005
"""Seconds between two looks at the memory."""

REPEATS = 3

Work = Callable[[], object]


def milliseconds_of(work: Work) -> float:
    """Median wall time of three runs, ms; a first run that loads things is not counted."""
    work()
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return 1000 * median(times)


def megabytes_of(prepared: Callable[[], Work], device: str) -> float:
    """Memory in MB (1e6 bytes) that work takes at most, above what was taken before it.

    It runs in a fresh process, in which nothing has been taken and given back before.

    Args:
        prepared: Can be pickled; called there, it loads what is needed and returns the work.
        device: torch's name of the device; the GPU's memory on CUDA, else the process's resident memory.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_watched, prepared, device).result()


def cost_findings(milliseconds: float, megabytes: float, limits: CostLimits, *, device: str) -> list[Finding]:
    """Two findings: fast enough, small enough."""
    return [
        Finding("fast enough", milliseconds <= limits.milliseconds, f"{milliseconds:.0f} ms on {device}"),
        Finding("memory", megabytes <= limits.megabytes, f"{megabytes:.0f} MB more at most"),
    ]


def _watched(prepared: Callable[[], Work], device: str) -> float:
    work = prepared()
    return _on_cuda(work, device) if device.startswith("cuda") else _resident(work)


def _on_cuda(work: Work, device: str) -> float:
    import torch

    before = torch.cuda.memory_allocated(device)
    torch.cuda.reset_peak_memory_stats(device)
    work()
    return float(torch.cuda.max_memory_allocated(device) - before) / 1e6


def _resident(work: Work) -> float:
    import psutil

    process, done = psutil.Process(), threading.Event()
    before = most = process.memory_info().rss

    def watch() -> None:
        nonlocal most
        while not done.wait(EVERY):
            most = max(most, process.memory_info().rss)

    thread = threading.Thread(target=watch, name="cxr-memory", daemon=True)
    thread.start()
    work()
    done.set()
    thread.join()
    return float(max(most, process.memory_info().rss) - before) / 1e6
