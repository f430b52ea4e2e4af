"""A synthetic reader that sits a study through the same log: for rehearsal, for planning, for tests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cxr_studio.errors import StudioError
from cxr_studio.studies.key import Key
from cxr_studio.studies.sitting import Sitting
from cxr_studio.studies.trial_view import Acknowledged, Break, Finished, Response, TrialView

MEDIAN_S, SPREAD = 4.0, 0.5
"""Median response time, s, and standard deviation of its logarithm."""


@dataclass(frozen=True)
class Observer:
    """How a synthetic reader answers; the same trial always gets the same answer, whatever happened before.

    Attributes:
        accuracy: Probability of a right answer, 0 to 1.
        side_bias: Share of trials answered without looking: above 0 always left (or fake), below 0 right (or real).
        seed: Of its chance.
    """

    accuracy: float
    side_bias: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.accuracy <= 1 or not -1 <= self.side_bias <= 1:
            raise StudioError("accuracy lies between 0 and 1, side bias between -1 and 1")

    def response(self, view: TrialView, right_answer: str, *, shown_ns: int) -> Response:
        """Answer a trial."""
        rng = np.random.default_rng([self.seed, int(view.uid, 16)])
        guess, right, seconds = rng.random(), rng.random(), MEDIAN_S * np.exp(SPREAD * rng.normal())
        first, second = ("left", "right") if view.rules.paradigm == "2afc" else ("fake", "real")
        if guess < abs(self.side_bias):
            choice = first if self.side_bias > 0 else second
        else:
            wrong = second if right_answer == first else first
            choice = right_answer if right < self.accuracy else wrong
        steps = view.rules.answer.confidence
        return Response(
            choice,
            shown_ns + int(seconds * 1e9),
            first_input_ns=shown_ns + int(seconds * 4e8),
            key="simulated",
            confidence=int(rng.integers(1, steps + 1)) if steps else None,
        )


def simulate(sitting: Sitting, key: Key, observer: Observer, *, limit: int | None = None) -> Iterator[Acknowledged]:
    """Sit until the study is finished, or ``limit`` answers; gives every answer once it is on disk.

    Raises:
        StudioError: an answer cannot be kept.
    """
    given = 0
    while (limit is None or given < limit) and not isinstance(step := sitting.current(), Finished):
        if isinstance(step, Break):
            sitting.flush()
            sitting.go_on()
            continue
        sitting.load_started()
        shown = time.monotonic_ns()
        sitting.shown(shown)
        sitting.event("simulated", {"number": step.number}, uid=step.uid)
        right_answer = key.right_answer(key.trials[step.uid])
        yield sitting.answer(observer.response(step, right_answer, shown_ns=shown))
        given += 1
