"""Ctrl-C for commands that have something to say before they end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from cxr_studio.events import CancelToken

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells use it."""


@contextmanager
def interruptible() -> Iterator[CancelToken]:
    """A token that Ctrl-C cancels while the block runs; a second Ctrl-C ends the command at once."""
    token = CancelToken()
    if threading.current_thread() is not threading.main_thread():  # only there do signals arrive
        yield token
        return

    def interrupted(*_signal: object) -> None:
        if token.cancelled:
            raise KeyboardInterrupt
        token.cancel()

    former = signal.signal(signal.SIGINT, interrupted)
    try:
        yield token
    finally:
        signal.signal(signal.SIGINT, former)
