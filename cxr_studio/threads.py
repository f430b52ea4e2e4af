"""How the processor's threads wait for each other."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController


def wait_passively() -> None:
    """Let idle OpenMP threads sleep instead of spinning; to be called before torch is imported.

    On two cores that other programs use too, a network answers 5 to 20 times sooner (18 instead of 52 to 834 ms for a
    context encoder). Whoever set ``OMP_WAIT_POLICY`` keeps it; processes started from here inherit it.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def one_blas_thread() -> AbstractContextManager[Any]:
    """Let OpenBLAS use one thread for a while.

    Its idle threads spin on after a call and take the cores from whatever follows, and small systems gain nothing
    from a second one: 80 ms of a hole's banded solve on two cores, seconds of a donor's fit beside another program.
    """
    limited: AbstractContextManager[Any] = _blas().limit(limits=1)
    return limited


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(internal_api="openblas")
