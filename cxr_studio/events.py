"""Plain callables by which long work reports and is stopped; no Qt, no threads."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from cxr_studio.errors import Cancelled

Progress = Callable[[float, str], None]
"""Called with the fraction done (0 to 1) and a few words on the current step."""


def silent(fraction: float, words: str) -> None:
    """Report nothing: the default progress."""


def never() -> bool:
    """Go on to the end: the default where a call can be cancelled."""
    return False


class CancelToken:
    """A flag that one thread sets and the working thread looks at between steps.

    Args:
        others: Tokens that cancel this one too.
    """

    def __init__(self, *others: CancelToken) -> None:
        self._event = Event()
        self._others = others

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """True once cancel() was called, of this one or of another that counts."""
        return self._event.is_set() or any(other.cancelled for other in self._others)

    def raise_if_cancelled(self) -> None:
        """Raise Cancelled if cancel() was called."""
        if self.cancelled:
            raise Cancelled()
