"""pynetdicom's own thread kept from answers that are ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pynetdicom.association import Association

ARRIVAL_SECONDS = 1.0
"""How long is waited for the thread, which looks every millisecond."""


class _Gate(Event):
    """Holds the thread whatever pynetdicom says, until ``open``."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = Event()
        self._opened = False

    def wait(self, timeout: float | None = None) -> bool:
        """Called by the thread; from here on it takes nothing."""
        self.reached.set()
        return super().wait(timeout)

    def set(self) -> None:
        """Called by pynetdicom after each operation."""
        if self._opened:
            super().set()

    def open(self) -> None:
        """Let the thread go, so that it can end."""
        self._opened = True
        self.set()


@contextmanager
def reactor_held(association: Association) -> Iterator[None]:
    """Hold the thread of an association that we requested, while the block runs.

    It looks for requests of the peer. pynetdicom 3.0 pauses it for each operation, but where it is just passing the
    checkpoint it takes the first answer all the same (pynetdicom issue 875: "Received unexpected C-FIND service
    message"): on a busy machine one search in 600 found nothing, and a C-STORE would have waited until it timed out.
    What a peer may request of a requestor does not matter here, so the thread is held from beginning to end.
    """
    if not hasattr(association, "_reactor_checkpoint"):
        yield
        return
    gate = _Gate()
    association._reactor_checkpoint = gate
    gate.reached.wait(ARRIVAL_SECONDS)
    try:
        yield
    finally:
        gate.open()
