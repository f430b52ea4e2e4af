"""When a key went down: the input event's own time, not when the program came to read it."""

from __future__ import annotations

import time

from PySide6.QtGui import QInputEvent

STALE_NS = 3_000_000_000
"""An event that seems older than this has another clock than those before; its reading begins afresh."""

DRIFT = 1e-4
"""Rate by which the two clocks may run apart; the least delay is forgotten that fast."""


class InputClock:
    """Puts the events' time stamps (ms, from an origin of the window system's) on the monotonic clock.

    The least delay between stamp and arrival that was ever seen is taken as none.
    """

    def __init__(self) -> None:
        self._offset: int | None = None
        self._last = 0

    def moment(self, event: QInputEvent) -> int:
        """Monotonic ns of an event; of one without a time stamp, now."""
        return self.reading(int(event.timestamp()), now=time.monotonic_ns())

    def reading(self, stamp_ms: int, *, now: int) -> int:
        """Monotonic ns of a stamp in ms that arrived at ``now``; 0 is no stamp."""
        if stamp_ms <= 0:
            return now
        stamp = stamp_ms * 1_000_000
        if self._offset is not None:
            self._offset += round((now - self._last) * DRIFT)
        self._last = now
        if self._offset is None or now - stamp < self._offset or now - stamp > self._offset + STALE_NS:
            self._offset = now - stamp
        return min(stamp + self._offset, now)
