"""Percent correct of one reader: exact and Wilson intervals, exact test against guessing, equivalence."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats

from cxr_studio.errors import StatisticsError

CHANCE = 0.5
"""Proportion correct of a guessing reader in 2AFC; in real or fake only where half of the images are fake."""

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """Limits of an interval, and the confidence it was made for (0–1)."""

    low: float
    high: float
    confidence: float = CONFIDENCE


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided exact tests (TOST) of "within ``margin`` of chance".

    Attributes:
        margin: Half-width of the equivalence range around 0.5, stated before the data.
        alpha: Level of each one-sided test.
        p_below: P of the test that the proportion is not above 0.5 − margin.
        p_above: P of the test that the proportion is not below 0.5 + margin.
        interval: Clopper–Pearson interval of confidence 1 − 2 alpha.
        shown: Both tests reject, which is when the interval lies inside the range.
    """

    margin: float
    alpha: float
    p_below: float
    p_above: float
    interval: Interval
    shown: bool

    @property
    def p_value(self) -> float:
        """The larger of the two."""
        return max(self.p_below, self.p_above)


@dataclass(frozen=True)
class Proportion:
    """``correct`` of ``trials`` with both intervals and the two-sided exact test against 0.5."""

    correct: int
    trials: int
    value: float
    exact: Interval
    wilson: Interval
    p_value: float


def proportion(correct: int, trials: int, *, confidence: float = CONFIDENCE) -> Proportion:
    """Everything about one count.

    Raises:
        StatisticsError: no trials, or more correct than trials.
    """
    return Proportion(
        correct=correct,
        trials=trials,
        value=correct / _checked(correct, trials),
        exact=clopper_pearson(correct, trials, confidence=confidence),
        wilson=wilson(correct, trials, confidence=confidence),
        p_value=exact_test(correct, trials),
    )


def clopper_pearson(correct: int, trials: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Exact interval: quantiles of Beta(k, n − k + 1) and Beta(k + 1, n − k)."""
    _checked(correct, trials)
    tail = (1 - confidence) / 2
    low = float(stats.beta.ppf(tail, correct, trials - correct + 1)) if correct else 0.0
    high = float(stats.beta.ppf(1 - tail, correct + 1, trials - correct)) if correct < trials else 1.0
    return Interval(low, high, confidence)


def wilson(correct: int, trials: int, *, confidence: float = CONFIDENCE, continuity: bool = False) -> Interval:
    """Score interval, with continuity correction if asked."""
    _checked(correct, trials)
    method = "wilsoncc" if continuity else "wilson"
    limits = stats.binomtest(correct, trials).proportion_ci(confidence_level=confidence, method=method)
    return Interval(float(limits.low), float(limits.high), confidence)


def exact_test(correct: int, trials: int, *, chance: float = CHANCE) -> float:
    """Two-sided exact P: the binomial probabilities that are no larger than that of ``correct``, summed."""
    _checked(correct, trials)
    return float(stats.binomtest(correct, trials, chance).pvalue)


def equivalence(correct: int, trials: int, *, margin: float, alpha: float = 0.05) -> Equivalence:
    """Whether the proportion is shown to lie within ``margin`` of 0.5.

    Raises:
        StatisticsError: the margin is not between 0 and 0.5, or there are no trials.
    """
    _checked(correct, trials)
    if not 0 < margin < CHANCE:
        raise StatisticsError(f"the margin {margin:g} is not between 0 and 0.5", remedy="Give it as a proportion")
    below = float(stats.binom.sf(correct - 1, trials, CHANCE - margin))
    above = float(stats.binom.cdf(correct, trials, CHANCE + margin))
    return Equivalence(
        margin=margin,
        alpha=alpha,
        p_below=below,
        p_above=above,
        interval=clopper_pearson(correct, trials, confidence=1 - 2 * alpha),
        shown=max(below, above) <= alpha,
    )


def correct_of(percent: float, trials: int) -> int:
    """The count behind a printed percentage, e.g. 22 of 37 behind 59.45 %.

    A printed percentage may be rounded or cut after its last digit, so a count within 0.01 percentage
    points of it is accepted.

    Raises:
        StatisticsError: no whole number of ``trials`` gives this percentage.
    """
    correct = round(percent / 100 * _checked(0, trials))
    if not 0 <= correct <= trials or abs(100 * correct / trials - percent) > 0.01:
        raise StatisticsError(
            f"no whole number of correct answers in {trials} trials is {percent:g} %",
            remedy="Check the percentage and the number of trials, or give the count with --correct",
        )
    return correct


def _checked(correct: int, trials: int) -> int:
    if trials < 1 or not 0 <= correct <= trials:
        raise StatisticsError(f"{correct} correct of {trials} trials is not a proportion")
    return trials
