"""Shares of right answers with intervals by patient."""

import numpy as np
import pytest

from cxr_studio.metrics.forced_choice import Rate, rate_by_patient


def test_a_patient_of_many_trials_counts_as_one_patient() -> None:
    """Two patients, one always right, one always wrong: each resample is 0, ½ or 1, with chances ¼, ½, ¼."""
    rate = rate_by_patient(np.array([1.0] * 10 + [0.0] * 10), ["a"] * 10 + ["b"] * 10)
    assert (rate.value, rate.low, rate.high, rate.pairs, rate.patients) == (0.5, 0.0, 1.0, 20, 2)
    alone = rate_by_patient(np.array([1.0] * 10 + [0.0] * 10), [str(k) for k in range(20)])
    assert 0.25 <= alone.low <= 0.35
    assert 0.65 <= alone.high <= 0.75


def test_ties_count_half_and_certainty_has_no_width() -> None:
    assert rate_by_patient(np.full(6, 0.5), list("aabbcc")).value == 0.5
    assert rate_by_patient(np.ones(6), list("aabbcc")) == Rate(1.0, 1.0, 1.0, 6, 3)


def test_words_and_chance() -> None:
    rate = Rate(0.9886, 0.977, 1.0, 270, 45)
    assert str(rate) == "98.9 % (97.7–100)"
    assert not rate.holds_chance
    assert Rate(0.52, 0.48, 0.55, 9, 3).holds_chance
    assert Rate(0.5, 0.5, 0.5, 100, 2).least_width == pytest.approx(0.098, abs=1e-4)


def test_no_answers_are_refused() -> None:
    with pytest.raises(ValueError, match="no answers"):
        rate_by_patient(np.zeros(0), [])
