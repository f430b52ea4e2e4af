"""Digits of scipy (R binom.test), statsmodels (R DescTools), sensR and the stated formulas."""

from itertools import pairwise
from math import comb

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import chi2

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.statistics.agreement import cohen_kappa, cross_table, fleiss_kappa
from cxr_studio.studies.statistics.detection import by_pathology, detection, empirical_auc, roc_points
from cxr_studio.studies.statistics.drift import drift
from cxr_studio.studies.statistics.forced_choice import d_prime_of, forced_choice, proportion_of, side_aware
from cxr_studio.studies.statistics.proportions import (
    clopper_pearson,
    correct_of,
    equivalence,
    exact_test,
    proportion,
    wilson,
)
from cxr_studio.studies.statistics.response_times import response_times


@pytest.mark.parametrize(
    ("correct", "trials", "chance", "p"),
    [
        (20, 100, 0.25, 0.2983720970096),
        (3, 50, 0.2, 0.01191714),
        (3, 10, 0.5, 0.34375),
        (60, 100, 0.5, 0.05688793),
        (26, 51, 0.5, 1.0),
    ],
)
def test_exact_test(correct, trials, chance, p):
    assert exact_test(correct, trials, chance=chance) == pytest.approx(p, rel=5e-7)


@pytest.mark.parametrize(
    ("correct", "trials", "confidence", "low", "high"),
    [
        (20, 100, 0.95, 0.1266555521019559, 0.2918426890886281),
        (3, 50, 0.99, 0.006872485, 0.202706269),
        (0, 10, 0.95, 0.0, 0.3084971),
        (10, 10, 0.95, 0.6915029, 1.0),
        (100, 200, 0.95, 0.4286584, 0.5713416),
        (60, 100, 0.95, 0.4972092, 0.6967052),
        (26, 51, 0.95, 0.3659571, 0.652472),
    ],
)
def test_clopper_pearson(correct, trials, confidence, low, high):
    found = clopper_pearson(correct, trials, confidence=confidence)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-8)


@pytest.mark.parametrize(
    ("correct", "trials", "continuity", "low", "high"),
    [
        (3, 10, False, 0.1077913, 0.6032219),
        (3, 10, True, 0.08094782, 0.64632928),
        (100, 200, False, 0.4313609, 0.5686391),
        (60, 100, False, 0.5020026, 0.6905987),
    ],
)
def test_wilson(correct, trials, continuity, low, high):
    found = wilson(correct, trials, continuity=continuity)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-8)


def test_the_two_intervals_disagree_at_the_edge_and_both_are_given():
    found = proportion(60, 100)
    assert found.exact.low < 0.5 < found.wilson.low
    assert found.p_value > 0.05


def test_equivalence_is_the_ninety_percent_interval_inside_the_margin():
    shown, not_shown = equivalence(150, 300, margin=0.05), equivalence(100, 200, margin=0.05)
    assert shown.interval.confidence == 0.9
    assert shown.shown
    assert not not_shown.shown
    for found, margin in ((shown, 0.05), (not_shown, 0.05)):
        inside = 0.5 - margin < found.interval.low and found.interval.high < 0.5 + margin
        assert inside == found.shown
    with pytest.raises(StatisticsError, match="margin"):
        equivalence(5, 10, margin=0.6)


def test_the_published_single_reader_percentage_needs_a_matching_count():
    assert correct_of(59.45, 37) == 22
    found = forced_choice(22, 37)
    assert found.d_prime == pytest.approx(d_prime_of(22 / 37))
    assert d_prime_of(0.5945) == pytest.approx(0.3382, abs=5e-5)
    with pytest.raises(StatisticsError, match="whole number"):
        correct_of(59.45, 40)


def test_two_alternative_forced_choice_as_in_sensr():
    found = forced_choice(10, 15)
    assert found.d_prime == pytest.approx(0.609140388347971, abs=1e-14)
    assert found.standard_error == pytest.approx(0.473412265776244, abs=1e-14)
    assert found.interval.high == pytest.approx(1.67418186000377, abs=2e-14)
    assert clopper_pearson(10, 15).high == pytest.approx(0.881758896633119, abs=2e-15)


@pytest.mark.parametrize(
    ("p", "d"),
    [(0.55, 0.1777), (0.6, 0.3583), (0.65, 0.5449), (0.7, 0.7416), (0.75, 0.9539), (0.8, 1.1902), (0.9, 1.8124)],
)
def test_d_prime_of_proportions(p, d):
    assert d_prime_of(p) == pytest.approx(d, abs=5e-5)
    assert proportion_of(d_prime_of(p)) == pytest.approx(p)


def test_d_prime_of_one():
    assert proportion_of(1) == pytest.approx(0.7602499389065233, abs=1e-15)
    assert d_prime_of(0.95) == pytest.approx(2.3262, abs=5e-5)


def test_floor_and_ceiling_are_said():
    found = forced_choice(20, 20)
    assert found.extreme
    assert found.standard_error is None
    assert found.d_prime == pytest.approx(d_prime_of(20.5 / 21))
    assert found.interval.high == np.inf
    assert forced_choice(0, 20).d_prime == pytest.approx(-found.d_prime)


def test_side_bias_is_taken_out_of_d_prime():
    found = side_aware((40, 50), (25, 50))
    assert found.d_prime == pytest.approx(0.5951160814, abs=5e-11)
    assert found.bias == pytest.approx(-0.84162123357291 / 2, abs=1e-13)  # z(0.8)/2; the reference prints ...6179
    assert (found.left_answers, found.trials) == (65, 100)
    assert found.p_side == pytest.approx(0.00351764, abs=5e-9)
    assert forced_choice(65, 100).d_prime == pytest.approx(0.5449254295, abs=5e-11)
    assert side_aware((50, 50), (25, 50)).corrected
    with pytest.raises(StatisticsError):
        side_aware((5, 5), (0, 0))


def test_yes_no_as_in_sensr():
    found = detection((8, 25), (24, 25))
    tables = [comb(25, k) * comb(25, 9 - k) / comb(50, 9) for k in range(10)]  # nine were called fake
    assert found.p_value == pytest.approx(sum(p for p in tables if p <= tables[8] * (1 + 1e-9)))
    assert found.d_prime == pytest.approx(1.28298727213766, abs=1e-14)


def test_yes_no_criterion_and_log_linear():
    found = detection((20, 25), (15, 25))
    assert found.d_prime == pytest.approx(1.0949683, abs=5e-8)
    assert found.criterion == pytest.approx(-0.2941371, abs=5e-8)
    assert found.ln_beta == pytest.approx(-0.3220708, abs=5e-8)
    assert found.d_prime_log_linear == pytest.approx(1.0444987, abs=5e-8)
    assert found.criterion_log_linear == pytest.approx(-0.2788452, abs=5e-8)
    assert found.specificity.value == 0.6
    perfect = detection((25, 25), (25, 25))
    assert perfect.d_prime is None
    assert perfect.d_prime_log_linear > 3


def test_auc_counts_pairs_and_halves_ties():
    assert empirical_auc([1, 2, 2, 3], [False, False, True, True]) == pytest.approx(3.5 / 4)
    points = roc_points([1, 2, 2, 3], [False, False, True, True])
    area = sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(points))
    assert area == pytest.approx(3.5 / 4)


def test_cells_of_pathology_source_and_reader():
    cells = by_pathology(
        [("effusion", "gan", "A", True), ("effusion", "gan", "A", False), ("normal", "real", "A", True)]
    )
    assert [(c.pathology, c.source, c.rate.count, c.rate.total) for c in cells] == [
        ("effusion", "gan", 1, 2),
        ("normal", "real", 1, 1),
    ]


def test_cells_stand_in_the_order_asked_for_and_others_behind():
    answers = [(name, "real", "A", True) for name in ("nodule", "effusion", "normal", "mass")]
    cells = by_pathology(answers, first=("normal", "mass"))
    assert [cell.pathology for cell in cells] == ["normal", "mass", "effusion", "nodule"]


def test_cohen_as_in_sas():
    table = [[0, 4, 1], [0, 8, 0], [0, 1, 5]]
    found = cohen_kappa(table)
    assert found.value == pytest.approx(0.4842, abs=5e-5)
    assert found.standard_error == pytest.approx(0.1380, abs=5e-5)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.2137, 0.7547), abs=5e-5)
    assert found.z == pytest.approx(3.2626, abs=5e-5)
    assert cohen_kappa(table, weights="linear").value == pytest.approx(0.4701, abs=5e-5)
    assert cohen_kappa([[5, 0], [0, 0]]).value is None
    assert cross_table(["a", "b", "a"], ["a", "a", "b"]).tolist() == [[1, 1], [1, 0]]


FLEISS_1971 = """0 0 0 6 0/0 3 0 0 3/0 1 4 0 1/0 0 0 0 6/0 3 0 3 0/2 0 4 0 0/0 0 4 0 2/2 0 3 1 0/2 0 0 4 0/0 0 0 0 6
1 0 0 5 0/1 1 0 4 0/0 3 3 0 0/1 0 0 5 0/0 2 0 3 1/0 0 5 0 1/3 0 0 1 2/5 1 0 0 0/0 2 0 4 0/1 0 2 0 3
0 0 0 0 6/0 1 0 5 0/0 2 0 1 3/2 0 0 4 0/1 0 0 4 1/0 5 0 1 0/4 0 0 0 2/0 2 0 4 0/1 0 5 0 0/0 0 0 0 6"""

TEN_BY_FOURTEEN = """0 0 0 0 14/0 2 6 4 2/0 0 3 5 6/0 3 9 2 0/2 2 8 1 1/7 7 0 0 0/3 2 6 3 0/2 5 3 2 2/6 5 2 1 0
0 2 2 3 7"""


def counts(text):
    return [[int(x) for x in row.split()] for row in text.replace("\n", "/").split("/")]


def test_fleiss_1971():
    found = fleiss_kappa(counts(FLEISS_1971))
    assert found.value == pytest.approx(0.4302445, abs=5e-8)
    assert found.z == pytest.approx(17.65183, abs=5e-6)


def test_fleiss_ten_subjects():
    assert fleiss_kappa(counts(TEN_BY_FOURTEEN)).value == pytest.approx(0.20993070, abs=5e-9)
    with pytest.raises(StatisticsError):
        fleiss_kappa([[1, 1], [2, 1]])


def test_drift_sees_a_reader_who_learns():
    rng = np.random.default_rng(3)
    learns = rng.random(200) < np.linspace(0.3, 0.95, 200)
    found = drift(learns.tolist(), np.linspace(9000, 3000, 200).tolist())
    assert found.log_odds_change > 2
    assert found.p_accuracy < 1e-4
    assert found.p_halves < 0.01
    assert found.time_correlation == pytest.approx(-1)
    steady = drift([True, False] * 50, None)
    assert abs(steady.log_odds_change) < 0.3
    assert steady.time_correlation is None
    assert drift([True] * 10).log_odds_change is None


def test_drift_solves_the_score_equations():
    right = np.random.default_rng(5).random(60) < 0.6
    found = drift(right.tolist())
    order = np.linspace(-0.5, 0.5, 60)

    def loss(weights):
        p = 1 / (1 + np.exp(-weights[0] - weights[1] * order))
        return -np.log(np.where(right, p, 1 - p)).sum()

    best = minimize(loss, [0.0, 0.0], method="BFGS")
    assert found.log_odds_change == pytest.approx(best.x[1], abs=1e-4)
    flat = -np.log(np.where(right, right.mean(), 1 - right.mean())).sum()
    assert found.p_accuracy == pytest.approx(chi2.sf(2 * (flat - best.fun), 1), abs=1e-6)


def test_response_times_keep_every_answer():
    found = response_times([1000, 2000, 4000, None, 90_000], [True, True, False, True, False])
    assert found.count == 4
    assert found.median == 3000
    assert found.over_cap == 1
    assert found.median_correct == 1500
    assert found.geometric_mean == pytest.approx((1000 * 2000 * 4000 * 90_000) ** 0.25)
    assert response_times([None], [True]) is None
