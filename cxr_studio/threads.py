"""How the processor's threads wait for each other."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, ExitStack
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import TracebackType

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


class OneThread:
    """This process computes on one thread inside, as each of several that share the cores."""

    def __init__(self) -> None:
        self._before = ExitStack()
        self._known: set[str] = set()

    def __enter__(self) -> OneThread:
        self._before.enter_context(one_blas_thread())
        self.keep()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._before.close()

    def keep(self) -> None:
        """Limit what was imported meanwhile too."""
        for name, asked, limit in THREADED:
            module = sys.modules.get(name)
            if name not in self._known and hasattr(module, limit):
                self._known.add(name)
                self._before.callback(getattr(module, limit), getattr(module, asked)())
                getattr(module, limit)(1)


THREADED = (("cv2", "getNumThreads", "setNumThreads"), ("torch", "get_num_threads", "set_num_threads"))
"""Libraries with threads of their own, and how they are asked and limited."""


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(internal_api="openblas")
