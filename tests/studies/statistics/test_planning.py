"""Digits of sensR (discrimSS, discrimPwr) and of exact enumeration."""

import numpy as np
import pytest
from scipy import stats

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.forced_choice import proportion_of
from cxr_studio.studies.statistics.mrmc_covariance import UNBIASED
from cxr_studio.studies.statistics.mrmc_kernels import auc_kernels, binary_kernels
from cxr_studio.studies.statistics.mrmc_planning import Pilot, cases_needed, pilot_of, planned, power_table
from cxr_studio.studies.statistics.mrmc_ustatistics import difference_statistic
from cxr_studio.studies.statistics.observations import Observation, reading_study
from cxr_studio.studies.statistics.planning import (
    binomial_power,
    equivalence_power,
    equivalence_trials,
    half_width,
    trials_needed,
)
from cxr_studio.studies.statistics.proportions import equivalence


def test_one_sided_as_in_sensr():
    found = trials_needed(0.75, sides=1)
    assert (found.first, found.stable) == (23, 28)
    assert trials_needed(proportion_of(1), power=0.9, sides=1).first == 30
    assert binomial_power(30, proportion_of(1), sides=1) == pytest.approx(0.917255217993622, abs=1e-14)


@pytest.mark.parametrize(
    ("accuracy", "first", "stable"), [(0.6, 199, 210), (0.65, 90, 97), (0.7, 49, 54), (0.75, 30, 35), (0.8, 20, 23)]
)
def test_two_sided_first_and_stable(accuracy, first, stable):
    found = trials_needed(accuracy)
    assert (found.first, found.stable) == (first, stable)
    assert found.power >= 0.8


@pytest.mark.parametrize(("trials", "width"), [(100, 0.086), (200, 0.060), (300, 0.049), (400, 0.042)])
def test_half_widths(trials, width):
    assert half_width(trials) == pytest.approx(width, abs=5e-4)


def test_equivalence_power_counts_the_outcomes_that_show_it():
    exact = sum(stats.binom.pmf(k, 300, 0.5) for k in range(301) if equivalence(k, 300, margin=0.1).shown)
    assert equivalence_power(300, 0.1) == pytest.approx(exact, abs=1e-12)
    found = equivalence_trials(0.1)
    assert equivalence_power(found.stable, 0.1) >= 0.8 > equivalence_power(found.first - 1, 0.1)
    with pytest.raises(StatisticsError):
        equivalence_trials(0.05, accuracy=0.6)
    with pytest.raises(StatisticsError):
        trials_needed(0.5)


def test_a_plan_of_the_pilots_own_size_has_the_pilots_standard_error(example):
    kernels = auc_kernels(example)
    pilot = pilot_of(kernels, covariance=UNBIASED)
    own = planned(pilot, 0.05, readers=5, cases=80)
    assert own.standard_error**2 == pytest.approx(difference_statistic(kernels, 0, 1).variance, rel=1e-9)
    assert own.df == pytest.approx(7.43533593, rel=5e-9)


def test_more_cases_and_more_readers_help_until_readers_are_the_limit(example):
    pilot = pilot_of(auc_kernels(example))
    cells = {(s.readers, s.cases): s.power for s in power_table(pilot, 0.1, readers=(5, 10), cases=(80, 400))}
    assert cells[5, 80] < cells[5, 400] < cells[10, 400]
    found = cases_needed(pilot, 0.15, readers=12)
    assert found.power >= 0.8 > planned(pilot, 0.15, readers=12, cases=found.cases - 1).power
    assert cases_needed(pilot, 0.01, readers=3) is None


def test_planned_power_is_the_share_of_simulated_studies_that_reject():
    rng = np.random.default_rng(1)
    normal = planned_model(0.05, alone=0.2, together=0.1)
    rejections = 0
    for _ in range(1500):
        shared = rng.normal(0, np.sqrt(2 * 0.1 / 50))
        each = rng.normal(0.2 + shared, np.sqrt(2 * (0.05 + 0.2 / 50)), 6)
        error = np.sqrt(2 * normal_spread(each) / 6)
        rejections += abs(each.mean()) / error > stats.t.isf(0.025, normal.df)
    assert rejections / 1500 == pytest.approx(normal.power, abs=0.05)


def planned_model(reader, *, alone, together):
    return planned(Pilot(reader, alone / 50, together / 50, 50, difference=True), 0.2, readers=6, cases=50)


def normal_spread(each):
    return each.var(ddof=1) / 2 + 6 * 0.1 / 50


def test_one_modality_is_planned_against_chance(example):
    only = reading_study([o for o in example.observations if o.modality == "testA"], example.truth)
    pilot = pilot_of(binary_kernels(only, 0.5))
    assert not pilot.difference
    assert planned(pilot, 0.2, readers=8, cases=200).power > planned(pilot, 0.2, readers=4, cases=200).power
    with pytest.raises(StatisticsError, match="two readers"):
        pilot_of(
            binary_kernels(
                reading_study([Observation("r", f"c{k}", "m", k) for k in range(9)], {f"c{k}": 1 for k in range(9)}), 4
            )
        )
