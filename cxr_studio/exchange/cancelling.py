"""Calls of an archive that end soon after they are cancelled, however silent the archive is."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

from cxr_studio.errors import Cancelled

Answer = TypeVar("Answer")

LOOK_SECONDS = 0.1
"""How often is asked whether the user cancelled."""

END_SECONDS = 0.6
"""How long a call whose connections are shut is waited for; one that still looks up a host's name is left to itself."""

Current = Callable[[], socket.socket | None]
"""The socket that a connection has now: encryption puts another in its place. None where it has none any more."""


class Connections:
    """What one call has open to an archive, which another thread can shut."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._opened: list[Current] = []
        self._shut = False

    def opened(self, current: Current) -> None:
        """Note a connection; it is shut at once where the call was cancelled before."""
        with self._lock:
            self._opened.append(current)
            shut = self._shut
        if shut:
            shut_down(current)

    def shut(self) -> None:
        """Shut all that is open, and all that will be opened."""
        with self._lock:
            self._shut, opened = True, list(self._opened)
        for current in opened:
            shut_down(current)

    def check(self) -> None:
        """Stop a call that was cancelled, before it begins something.

        Raises:
            Cancelled: it was.
        """
        if self._shut:
            raise Cancelled()


def shut_down(current: Current) -> None:
    """End a connection in both directions: whoever reads from it or writes to it in another thread returns at once.

    Of an encrypted one only what is below the encryption, which takes no part in another thread's call.
    """
    with suppress(OSError):
        found = current()
        if found is not None:
            socket.socket.shutdown(found, socket.SHUT_RDWR)


def cancellable(work: Callable[[Connections], Answer], cancelled: Callable[[], bool]) -> Answer:
    """Run a call in a thread of its own, and wait for it until the user cancels.

    Args:
        work: The call; notes its connections where it is told.
        cancelled: Asked every tenth of a second, in this thread.

    Returns:
        What the call returns.

    Raises:
        Cancelled: within a second of it. Connections are shut then, also at Ctrl-C.
        Exception: what the call raised.
    """
    call, connections = _Call[Answer](), Connections()
    Thread(target=call.run, args=(work, connections), name="cxr-archive", daemon=True).start()
    try:
        while not call.ended.wait(LOOK_SECONDS):
            if cancelled():
                raise Cancelled()
    except BaseException:
        connections.shut()
        call.ended.wait(END_SECONDS)
        raise
    return call.answer()


class _Call(Generic[Answer]):
    """A call in a thread, and what came of it."""

    def __init__(self) -> None:
        self.ended = Event()
        self._answers: list[Answer] = []
        self._fault: BaseException | None = None

    def run(self, work: Callable[[Connections], Answer], connections: Connections) -> None:
        """Do the work; runs in the thread."""
        try:
            self._answers.append(work(connections))
        except BaseException as fault:  # raised where the call is waited for
            self._fault = fault
        finally:
            self.ended.set()

    def answer(self) -> Answer:
        """What the work returned, or raised."""
        if self._fault is not None:
            fault, self._fault = self._fault, None
            try:
                raise fault
            finally:
                del fault  # its traceback holds this frame, and so would keep everything of the call
        return self._answers[0]
