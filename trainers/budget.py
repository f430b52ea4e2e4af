"""A training whose length is so many minutes of one processor's time, whatever else the machine does."""

from __future__ import annotations

import time


class Budget:
    """Counts processor time of the steps, without scoring and writing, and says how long the training will be.

    Time of processes that load data (``run.workers``) is not counted.

    Args:
        minutes: Of one processor; 0 = no limit.
        threads: That compute together; 0 counts as one.

    Attributes:
        threads: As given, at least 1.
        spent: Processor time so far, s, of all threads.
    """

    def __init__(self, minutes: float, threads: int = 1) -> None:
        self.threads = max(1, threads)
        self.limit = 60.0 * minutes * self.threads
        self.spent = 0.0
        self._mark = 0.0

    def begin(self) -> None:
        """From now on time counts."""
        self._mark = time.process_time()

    def pause(self) -> None:
        """Until ``begin``, time does not count."""
        self.spent += time.process_time() - self._mark
        self._mark = time.process_time()

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self.limit > 0 and self.spent >= self.limit

    @property
    def minutes(self) -> float:
        """Time so far as the recipe counts it."""
        return self.spent / 60 / self.threads

    def length(self, step: int) -> int:
        """Steps of the whole training, as far as ``step`` steps tell."""
        return max(step + 1, round(step * self.limit / max(self.spent, 1e-9)))
