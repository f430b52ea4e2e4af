"""Trying again after a connection was lost: pauses that grow, and work that stays done."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from cxr_studio.errors import ArchiveError, Cancelled

STEP_SECONDS = 0.1
"""How often a pause asks whether it was cancelled."""


class ConnectionLost(ArchiveError):
    """The archive could not be reached, broke off, or is too busy: what may work in a moment."""


@dataclass(frozen=True)
class Patience:
    """How long is waited for an archive, in seconds.

    Attributes:
        connection: For a TCP connection.
        association: For the answer to an association request.
        answer: For the next DIMSE message, or the next bytes of a web answer.
        network: For anything at all on an open association.
        pauses: Between attempts that brought nothing; one that brought something starts them over.
    """

    connection: float = 5.0
    association: float = 10.0
    answer: float = 30.0
    network: float = 60.0
    pauses: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0)


def persist(
    attempt: Callable[[], None], *, left: Callable[[], int], pauses: tuple[float, ...], cancelled: Callable[[], bool]
) -> None:
    """Call ``attempt`` until nothing is left.

    Args:
        attempt: Does what it can; raises ConnectionLost where trying again may help.
        left: Items that are still to be done.
        pauses: See ``Patience``.
        cancelled: True to stop during a pause.

    Raises:
        ConnectionLost: as many attempts in a row as there are pauses, and one, brought nothing.
        Cancelled: during a pause.
    """
    failures = 0
    while before := left():
        try:
            attempt()
        except ConnectionLost:
            failures = 0 if left() < before else failures + 1
            if left() and failures > len(pauses):
                raise
        else:
            return
        if left():
            rest(pauses[max(failures - 1, 0)] if pauses else 0.0, cancelled)


def rest(seconds: float, cancelled: Callable[[], bool]) -> None:
    """Wait, and look every tenth of a second whether to stop.

    Raises:
        Cancelled: while waiting.
    """
    end = time.monotonic() + seconds
    while True:
        if cancelled():
            raise Cancelled()
        remaining = end - time.monotonic()
        if remaining <= 0:
            return
        time.sleep(min(STEP_SECONDS, remaining))
