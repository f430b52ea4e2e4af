"""When to ask the live lane: pure decisions, tested without threads."""

from __future__ import annotations

LIVE_BUDGET = 0.08
"""Seconds below which the fill follows the brush while the stroke goes on."""

SMOOTHING = 0.4
"""Weight of the newest latency in the running estimate."""


class LiveSchedule:
    """Keeps the latency estimate of each generator and whether a request is under way.

    Attributes:
        live: True when strokes ask by themselves.
    """

    def __init__(self) -> None:
        self.live = True
        self._seconds: dict[str, float] = {}
        self._newest = self._answered = -1

    def asked(self, number: int) -> None:
        """Note the generation number of a new request."""
        self._newest = number

    def drop_all(self) -> None:
        """Make every answer still to come stale."""
        self._newest = self._answered = -1

    def accepts(self, number: int) -> bool:
        """Tell whether an answer is the newest one asked for, and note it as come."""
        if number != self._newest or self._newest < 0:
            return False
        self._answered = number
        return True

    def awaits(self, number: int) -> bool:
        """Tell whether the newest request is this one and has no answer yet."""
        return number == self._newest and self.under_way

    def gave_up(self, number: int) -> None:
        """Note that a request failed."""
        if number == self._newest:
            self._answered = number

    @property
    def under_way(self) -> bool:
        """True while the newest request has no answer."""
        return self._answered != self._newest

    def note(self, generator: str, seconds: float) -> None:
        """Take a measured latency into the estimate."""
        last = self._seconds.get(generator)
        self._seconds[generator] = seconds if last is None else (1 - SMOOTHING) * last + SMOOTHING * seconds

    def estimate(self, generator: str) -> float | None:
        """Return the estimated seconds of one request, None before the first."""
        return self._seconds.get(generator)

    def asks_while_stroking(self, generator: str) -> bool:
        """Tell whether to ask now with the stroke still going on."""
        seconds = self._seconds.get(generator)
        return self.live and not self.under_way and seconds is not None and seconds < LIVE_BUDGET
