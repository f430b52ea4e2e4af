"""Intervals that leave out one patient at a time."""

import numpy as np
import pytest

from cxr_studio.metrics.by_patient import jackknifed, means, patient_counts


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    """Of a mean over patients of one row each, the jackknife gives s / √n exactly."""
    values = np.array([1.0, 2.0, 4.0, 9.0])
    spread = jackknifed(lambda kept: float(values[kept].mean()), list("abcd"))
    half = 1.959964 * values.std(ddof=1) / 2
    assert (spread.value, spread.low, spread.high) == (
        4.0,
        pytest.approx(4 - half, abs=1e-4),
        pytest.approx(4 + half, abs=1e-4),
    )


def test_one_patient_has_no_interval() -> None:
    spread = jackknifed(lambda kept: float(kept.sum()), ["a", "a"])
    assert spread.value == 2
    assert np.isnan(spread.low)


def test_rows_without_a_figure_have_no_mean() -> None:
    counts = patient_counts(["a", "b"], resamples=3)
    assert np.isnan(means(np.full(2, np.nan), counts)).all()
    assert means(np.array([np.nan, 3.0]), counts)[0] == 3
