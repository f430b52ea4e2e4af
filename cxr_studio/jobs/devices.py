"""One GPU for each process of a machine, whoever started them: a pool, a Dask worker, another command."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import IO

VISIBLE = "CUDA_VISIBLE_DEVICES"
GPUS = Path("/proc/driver/nvidia/gpus")
"""Where Linux lists them; elsewhere all processes share the first one, as without this module."""

_held: list[IO[bytes]] = []
"""Locks of this process; the system gives them back when it ends, however it ends."""


def devices() -> list[str]:
    """Names of the GPUs that this process may use, as CUDA takes them."""
    named = os.environ.get(VISIBLE)
    if named is not None:
        return [name.strip() for name in named.split(",") if name.strip()]
    return [str(number) for number, _ in enumerate(GPUS.iterdir())] if GPUS.is_dir() else []


def take_device(*, pin: bool = True) -> str:
    """Take a GPU that no other process of this user has, before anything uses CUDA; "" where there are not several.

    Where all are taken, processes share them in turn.

    Args:
        pin: Whether this process is to see no other; without, the GPU is only marked as taken.
    """
    names = devices()
    if len(names) < 2:
        return ""
    chosen = next((name for name in names if _taken(name)), names[os.getpid() % len(names)])
    if pin:
        os.environ[VISIBLE] = chosen
    return chosen


def _taken(name: str) -> bool:
    """Take the lock of a device, if no process has it."""
    import fcntl

    folder = Path(tempfile.gettempdir()) / f"cxr-studio-devices-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = (folder / f"{name.replace('/', '-')}.lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return False
    _held.append(lock)
    return True
