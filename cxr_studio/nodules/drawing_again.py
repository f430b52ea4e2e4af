"""A draw that does not look as it should is made again: with another contrast, or with another seed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import isnan, log

from cxr_studio.generation.request import ImageView
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.nodules.answering import draw_nodule
from cxr_studio.nodules.appearance import verdict_on
from cxr_studio.nodules.ct_library import Profile
from cxr_studio.nodules.export import nodule_title, request_for
from cxr_studio.nodules.judging import TRIES, Verdict
from cxr_studio.nodules.placement import CONTRASTS, Placement
from cxr_studio.nodules.subtlety import aim_of, grade_of

STEPS = 3
"""Draws of one seed at most on the way to a grade of subtlety; the answer is nearly proportional to the contrast."""

LEAST_STEP = 0.02
"""Share by which another contrast differs at least."""


@dataclass(frozen=True, eq=False)
class Draw:
    """One draw.

    Attributes:
        placement: How it was placed.
        placed: What was drawn.
        verdict: What was measured.
    """

    placement: Placement
    placed: Result
    verdict: Verdict

    @property
    def passes(self) -> bool:
        """Whether it looks as it was asked for."""
        wanted = self.placement.subtlety
        if wanted is None:
            hazy = self.placement.profile is Profile.GROUND_GLASS
            return not self.verdict.ring if hazy else self.verdict.passes(self.placement.contrast)
        return not self.verdict.ring and (isnan(self.verdict.conspicuity) or self.grade == wanted)

    @property
    def grade(self) -> int | None:
        """Its grade of subtlety."""
        return grade_of(self.verdict.conspicuity)

    @property
    def rank(self) -> tuple[bool, bool, float]:
        """Higher is better: what passes, what is no ring, what is nearest to the grade or stands out most."""
        seen, wanted = self.verdict.conspicuity, self.placement.subtlety
        if isnan(seen):
            near = -1.0 if wanted is None else -10.0
        else:
            near = seen if wanted is None else -abs(log(max(seen, 1e-3) / aim_of(wanted)))
        return self.passes, not self.verdict.ring, near


class Search:
    """Draws of one nodule, until one passes or nothing is left to try.

    Args:
        seeds: For draws after the first, in this order; none leaves the nodule's own.
    """

    def __init__(self, seeds: Iterable[int] = ()) -> None:
        self.draws: list[Draw] = []
        self._seeds = list(seeds)[: TRIES - 1]
        self._steps = 0

    @property
    def best(self) -> Draw:
        """The one to keep."""
        return max(self.draws, key=lambda draw: draw.rank)

    @property
    def missed(self) -> str:
        """A sentence where the grade that was asked for was not reached, else ""."""
        best = self.best
        wanted, got = best.placement.subtlety, best.grade
        if wanted is None or got in (wanted, None):
            return ""
        seen = f"its conspicuity is {best.verdict.conspicuity:.2f}"
        return f"A subtlety of {wanted} cannot be reached here; the nearest that was drawn is of {got} ({seen})."

    def next(self, draw: Draw) -> Placement | None:
        """Note a draw and say what to draw next; None where the search has ended."""
        self.draws.append(draw)
        if draw.passes:
            return None
        self._steps += 1
        nearer = _nearer(draw) if self._steps < STEPS else None
        if nearer is None and self._seeds:
            self._steps = 0
            return replace(draw.placement, seed=self._seeds.pop(0))
        return nearer


def verdict_of(image: ImageView, placed: Result) -> Verdict:
    """Measure a nodule that was drawn into an image.

    Args:
        image: Without it.
        placed: What was drawn.
    """
    return verdict_on(image, placed.patches, placed.drawn)


def add_findable(
    session: Session, placement: Placement, *, seeds: Iterable[int], device: str = "auto"
) -> tuple[Result, Placement]:
    """Draw a nodule and make it an edit of the session; drawn again while it does not look as it should.

    Args:
        session: Where.
        placement: The nodule.
        seeds: For the draws after the first, in this order.
        device: Where the generator runs.

    Returns:
        The nodule and how it was placed; the one that comes nearest where none passes, and then its message says so.

    Raises:
        GeneratorError: it cannot be drawn there.
    """
    search, tried = Search(seeds), placement
    while True:
        request = request_for(session, tried)
        placed = draw_nodule(request, device=device)
        following = search.next(Draw(tried, placed, verdict_of(request.image, placed)))
        if following is None:
            break
        tried = following
    best = search.best
    told = " ".join(part for part in (best.placed.message, search.missed) if part)
    placed = replace(best.placed, message=told)
    session.add(placed, nodule_title(best.placement, session))
    return placed, best.placement


def _nearer(draw: Draw) -> Placement | None:
    """The same nodule with the contrast that should bring it to its grade; None where there is no other."""
    placement, seen = draw.placement, draw.verdict.conspicuity
    if placement.subtlety is None or draw.verdict.ring or isnan(seen) or seen <= 0:
        return None
    low, high = CONTRASTS
    wanted = round(min(max(placement.contrast * aim_of(placement.subtlety) / seen, low), high), 3)
    near = abs(wanted / placement.contrast - 1) < LEAST_STEP
    return None if near else replace(placement, contrast=wanted)
