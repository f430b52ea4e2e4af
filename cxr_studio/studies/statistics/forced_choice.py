"""Sensitivity d′ of a two-alternative forced choice, with and without side bias."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from scipy.stats import norm

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.proportions import CONFIDENCE, Interval, clopper_pearson, exact_test

EXTREME_RULE = "when all or no answers are correct, d′ is that of (k + 0.5)/(n + 1), without a standard error"
"""What is reported at the floor and the ceiling, in the words of the report."""


@dataclass(frozen=True)
class ForcedChoice:
    """d′ = √2 z(p) of one reader.

    Attributes:
        d_prime: Estimate; negative below chance.
        standard_error: By the delta method, SE(p) / (φ(d′/√2)/√2); None at floor and ceiling.
        interval: The Clopper–Pearson limits of p, transformed; infinite at floor and ceiling.
        extreme: All or no answers were correct, and ``EXTREME_RULE`` was used.
    """

    correct: int
    trials: int
    d_prime: float
    standard_error: float | None
    interval: Interval
    extreme: bool


@dataclass(frozen=True)
class SideAware:
    """d′ and bias of a reader who may prefer one side.

    With H = P("left" | target left) and F = P("left" | target right): d′ = (z(H) − z(F))/√2,
    c = −(z(H) + z(F))/2. A negative c is a preference for left.

    Attributes:
        left_answers: Times "left" was chosen.
        p_side: Exact two-sided P of that count against one half.
        corrected: A side was all right or all wrong, so (x + 0.5)/(n + 1) was used for both rates.
    """

    d_prime: float
    bias: float
    left_answers: int
    trials: int
    p_side: float
    corrected: bool


def d_prime_of(proportion_correct: float) -> float:
    """√2 z(p); infinite at 0 and 1."""
    return float(sqrt(2) * norm.ppf(proportion_correct))


def proportion_of(d_prime: float) -> float:
    """Proportion correct that belongs to d′: Φ(d′/√2)."""
    return float(norm.cdf(d_prime / sqrt(2)))


def forced_choice(correct: int, trials: int, *, confidence: float = CONFIDENCE) -> ForcedChoice:
    """d′ of ``correct`` answers in ``trials``, no side bias assumed.

    Raises:
        StatisticsError: no trials, or more correct than trials.
    """
    limits = clopper_pearson(correct, trials, confidence=confidence)
    extreme = correct in (0, trials)
    share = (correct + 0.5) / (trials + 1) if extreme else correct / trials
    d_prime = d_prime_of(share)
    slope = float(norm.pdf(d_prime / sqrt(2))) / sqrt(2)
    return ForcedChoice(
        correct=correct,
        trials=trials,
        d_prime=d_prime,
        standard_error=None if extreme else sqrt(share * (1 - share) / trials) / slope,
        interval=Interval(d_prime_of(limits.low), d_prime_of(limits.high), confidence),
        extreme=extreme,
    )


def side_aware(left: tuple[int, int], right: tuple[int, int]) -> SideAware:
    """d′ and bias from (correct, trials) with the target on the left, and on the right.

    Raises:
        StatisticsError: the target was never on one of the sides.
    """
    (left_correct, left_trials), (right_correct, right_trials) = left, right
    if not (left_trials and right_trials):
        raise StatisticsError("side bias needs trials with the target on either side")
    said_left = (left_correct, right_trials - right_correct)
    corrected = said_left[0] in (0, left_trials) or said_left[1] in (0, right_trials)
    add = 0.5 if corrected else 0.0
    z_hit, z_false = (
        float(norm.ppf((count + add) / (trials + 2 * add)))
        for count, trials in zip(said_left, (left_trials, right_trials), strict=True)
    )
    trials = left_trials + right_trials
    return SideAware(
        d_prime=(z_hit - z_false) / sqrt(2),
        bias=-(z_hit + z_false) / 2,
        left_answers=sum(said_left),
        trials=trials,
        p_side=exact_test(sum(said_left), trials),
        corrected=corrected,
    )
