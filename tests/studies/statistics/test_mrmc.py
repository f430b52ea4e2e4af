"""Digits of iMRMC (Java engine and uStat11) on its own example, and of the hand calculation on Van Dyke's summary."""

import numpy as np
import pytest

from cxr_studio.errors import StatisticsError
from cxr_studio.studies.exporters.imrmc import binary_as_auc
from cxr_studio.studies.statistics.mrmc_analysis import Settings, analyse, plain
from cxr_studio.studies.statistics.mrmc_bootstrap import two_way_bootstrap
from cxr_studio.studies.statistics.mrmc_covariance import DELONG, JACKKNIFE, UNBIASED, case_covariance
from cxr_studio.studies.statistics.mrmc_kernels import auc_kernels, binary_kernels, score_kernels
from cxr_studio.studies.statistics.mrmc_moments import crossed_coefficients
from cxr_studio.studies.statistics.mrmc_obuchowski_rockette import Input, components, obuchowski_rockette
from cxr_studio.studies.statistics.mrmc_ustatistics import MLE, difference_statistic, modality_statistic
from cxr_studio.studies.statistics.observations import Observation, ReadingStudy, natural, reading_study

A, B, DIFFERENCE = "testA", "testB", "testA - testB"


@pytest.fixture(scope="module")
def kernels(example):
    return auc_kernels(example)


@pytest.fixture(scope="module")
def results(kernels):
    return {
        s.label: s for s in (*(modality_statistic(kernels, k) for k in (0, 1)), difference_statistic(kernels, 0, 1))
    }


def test_per_reader_auc(kernels):
    expected = [[0.631875, 0.72625, 0.893125, 0.484375, 0.78625], [0.675, 0.839375, 0.76375, 0.721875, 0.7925]]
    assert kernels.per_reader == pytest.approx(np.array(expected))
    assert kernels.fully_crossed


@pytest.mark.parametrize(
    ("label", "mean", "variance", "mle"),
    [
        (A, 0.704375, 0.0063139302, 0.0058924792),
        (B, 0.7585, 0.0023720528, 0.0026499128),
        (DIFFERENCE, -0.054125, 0.0049895091, 0.0048131133),
    ],
)
def test_mean_and_variances(results, label, mean, variance, mle):
    found = results[label]
    assert found.estimate == pytest.approx(mean, abs=1e-12)
    assert found.variance == pytest.approx(variance, abs=5e-11)
    assert found.variance_mle == pytest.approx(mle, abs=5e-11)


@pytest.mark.parametrize(
    ("label", "p_normal", "low", "high", "df", "p"),
    [
        (A, 0.010110093, 0.548635785, 0.860114215, 6.80522151, 0.0422189226),
        (B, 1.111e-7, 0.663042454, 0.853957546, 27.4083876, 1.334e-5),
        (DIFFERENCE, 0.443529122, -0.192569912, 0.0843199116, 7.35006973, 0.468575984),
    ],
)
def test_tests_and_intervals(results, label, p_normal, low, high, df, p):
    found = results[label]
    assert found.p_normal == pytest.approx(p_normal, rel=5e-4 if p_normal < 1e-6 else 5e-9)
    assert (found.interval_normal.low, found.interval_normal.high) == pytest.approx((low, high), abs=5e-10)
    assert found.df == pytest.approx(df, rel=5e-9)
    assert found.p_value == pytest.approx(p, rel=5e-4 if p < 1e-4 else 5e-9)


def test_moments_and_coefficients(results):
    (found,) = results[A].moments
    assert found.moments == pytest.approx(
        (0.704375, 0.574327, 0.570686, 0.512386, 0.551687, 0.520838, 0.518393, 0.48983), abs=6e-7
    )
    expected = (0.000125, 0.004875, 0.004875, 0.190125, 0.0005, 0.0195, 0.0195, -0.2395)
    assert found.coefficients == pytest.approx(expected, abs=1e-12)
    assert crossed_coefficients((5, 40, 40)) == pytest.approx(expected, abs=1e-12)
    assert found.shared[1] == ("reader", "positive")
    assert found.shared[2] == ("reader", "negative")


@pytest.mark.parametrize(
    ("method", "df"), [(UNBIASED, {A: 6.85458885, B: 35.0001533, DIFFERENCE: 7.43533593})], ids=["Hillis"]
)
def test_hillis_degrees_of_freedom(kernels, results, method, df):
    found = obuchowski_rockette(_input(kernels, method)).generalisations[0]
    effects = {e.label: e for e in (*found.modalities, *found.differences)}
    for label, expected in df.items():
        assert effects[label].df == pytest.approx(expected, rel=5e-9)
        assert effects[label].standard_error ** 2 == pytest.approx(results[label].variance, rel=1e-12)
    assert found.f == pytest.approx(effects[DIFFERENCE].t ** 2)
    assert found.p_value == pytest.approx(effects[DIFFERENCE].p_value)


def _input(kernels, method):
    return Input(kernels.per_reader, case_covariance(kernels, method), kernels.modalities, method)


def test_identity_kernel(example):
    kernels = score_kernels(example)
    first, second, apart = (
        modality_statistic(kernels, 0),
        modality_statistic(kernels, 1),
        difference_statistic(kernels, 0, 1),
    )
    assert (first.estimate, second.estimate, apart.estimate) == pytest.approx(
        (0.91356967, 0.86591565, 0.04765402), abs=1e-4
    )
    assert (first.variance, second.variance, apart.variance) == pytest.approx(
        (0.0484155, 0.0289060, 0.0319849), abs=5e-8
    )
    moments = first.moments[0]
    assert dict(zip(moments.shared, moments.coefficients, strict=True)) == {
        ("reader", "case"): pytest.approx(0.005),
        ("reader",): pytest.approx(0.195),
        ("case",): pytest.approx(0.02),
        (): pytest.approx(-0.22),
    }
    single = [m.moments[0] - m.moments[-1] for m in apart.moments]
    assert single[0] == pytest.approx(1.25300473, abs=2e-4)
    assert single[1] == pytest.approx(1.0543404, abs=2e-4)
    assert single[0] + single[1] - 2 * single[2] == pytest.approx(1.20752197, abs=2e-4)


def test_gallas_binary_formula_and_the_auc_trick_agree(example):
    kernels = binary_kernels(example, 0.5)
    s = kernels.values[0]
    readers, cases = s.shape
    total, by_reader, by_case = s.sum(), s.sum(1), s.sum(0)
    m1 = (s**2).mean()
    m2 = ((by_reader**2).sum() - (s**2).sum()) / (readers * cases * (cases - 1))
    m3 = ((by_case**2).sum() - (s**2).sum()) / (cases * readers * (readers - 1))
    m4 = (total**2 - (by_reader**2).sum() - (by_case**2).sum() + (s**2).sum()) / (
        readers * cases * (readers - 1) * (cases - 1)
    )
    rc = readers * cases
    variance = (m1 + (cases - 1) * m2 + (readers - 1) * m3) / rc + ((readers - 1) * (cases - 1) / rc - 1) * m4
    found = modality_statistic(kernels, 0)
    assert found.variance == pytest.approx(variance, rel=1e-10)
    successes = [
        Observation(o.reader, o.case, o.modality, float((o.score > 0.5) == (example.truth[o.case] == 1)))
        for o in example.observations
    ]
    trick = auc_kernels(binary_as_auc(reading_study(successes, example.truth)))
    for k in (0, 1):
        assert trick.means[k] == pytest.approx(kernels.means[k])
        direct, through = modality_statistic(kernels, k), modality_statistic(trick, k)
        assert through.variance == pytest.approx(direct.variance, rel=1e-9)
        assert through.df == pytest.approx(direct.df, rel=1e-9)
    assert difference_statistic(trick, 0, 1).variance == pytest.approx(difference_statistic(kernels, 0, 1).variance)


def test_a_pooled_binomial_understates_the_variance(example):
    kernels = binary_kernels(example, 0.5)
    found = modality_statistic(kernels, 0)
    pooled = found.estimate * (1 - found.estimate) / kernels.values[0].size
    assert found.variance > 2 * pooled


def test_jackknife_and_delong_by_their_definitions(kernels):
    merit = kernels.per_reader.ravel()
    pairs = kernels.values.reshape(10, 40, 40)
    left = [np.delete(pairs, k, 1).mean((1, 2)) for k in range(40)] + [
        np.delete(pairs, k, 2).mean((1, 2)) for k in range(40)
    ]
    apart = np.array(left) - np.mean(left, 0)
    assert case_covariance(kernels, JACKKNIFE) == pytest.approx(79 / 80 * apart.T @ apart)
    variance = pairs[0].mean(0).var(ddof=1) / 40 + pairs[0].mean(1).var(ddof=1) / 40
    assert case_covariance(kernels, DELONG)[0, 0] == pytest.approx(variance)
    assert len(merit) == 10


VAN_DYKE = np.array([[0.9196, 0.8588, 0.9039, 0.9731, 0.8298], [0.9478, 0.9053, 0.9217, 0.9994, 0.9300]])
VAR, COV1, COV2, COV3 = 8.0228827e-4, 3.4661371e-4, 3.4407483e-4, 2.3902837e-4


def van_dyke_covariance():
    test, reader = np.repeat([0, 1], 5), np.tile(range(5), 2)
    same_test, same_reader = test[:, None] == test, reader[:, None] == reader
    return np.where(same_test, np.where(same_reader, VAR, COV2), np.where(same_reader, COV1, COV3))


def test_obuchowski_rockette_on_van_dykes_published_summary():
    found = components(VAN_DYKE, van_dyke_covariance())
    assert (found.ms_t, found.ms_r, found.ms_tr) == pytest.approx((0.0047962, 0.003836, 5.5103e-4), rel=3e-3)
    assert (found.var_r, found.var_tr) == pytest.approx((0.0015350, 0.0002004), rel=5e-3)
    analysis = obuchowski_rockette(Input(VAN_DYKE, van_dyke_covariance(), ("0", "1"), JACKKNIFE))
    rrrc, frrc, rrfc = analysis.generalisations
    assert (rrrc.f, rrrc.df2, rrrc.p_value) == pytest.approx((4.456, 15.26, 0.05167), rel=4e-3)
    assert (frrc.f, frrc.p_value) == pytest.approx((5.476, 0.01928), rel=1e-2)
    assert (rrfc.f, rrfc.df2, rrfc.p_value) == pytest.approx((8.704, 4, 0.04196), rel=5e-3)
    errors = [g.differences[0].standard_error for g in analysis.generalisations]
    assert errors == pytest.approx([0.0207, 0.01872, 0.01485], rel=3e-3)
    interval = frrc.differences[0].interval
    assert (interval.low, interval.high) == pytest.approx((-0.08049, -0.007115), abs=1e-4)


def test_bootstrap_is_seeded_and_agrees_with_the_mle_variance(kernels, results):
    first = two_way_bootstrap(kernels, replicates=1500, seed=4)
    assert first == two_way_bootstrap(kernels, replicates=1500, seed=4)
    for found in first.results:
        assert found.estimate == pytest.approx(results[found.label].estimate)
        assert found.variance == pytest.approx(results[found.label].variance_mle, rel=0.15)


def thinned(study: ReadingStudy, keep) -> ReadingStudy:
    return reading_study([o for k, o in enumerate(study.observations) if keep(k, o)], study.truth)


def test_missing_cells_are_allowed_by_u_statistics_and_refused_by_the_other(example):
    sparse = thinned(example, lambda k, o: k % 7 != 0)
    found = analyse(auc_kernels(sparse), Settings(replicates=50))
    assert not found.fully_crossed
    assert found.obuchowski_rockette == ()
    assert "fully crossed" in found.refused
    full = modality_statistic(auc_kernels(example), 0)
    assert found.u_statistics[0].variance == pytest.approx(full.variance, rel=0.4)
    assert any("same weight" in note for note in found.notes)


def test_different_readers_in_each_modality_have_no_covariance_through_readers(example):
    split = thinned(example, lambda k, o: (o.reader in ("reader1", "reader2")) == (o.modality == A))
    found = difference_statistic(auc_kernels(split), 0, 1)
    shares = dict(zip(found.moments[2].shared, found.moments[2].coefficients, strict=True))
    assert shares[("reader",)] == 0
    assert found.variance_unbiased != 0


def test_missing_cells_leave_the_variance_unbiased():
    """Over many simulated sparse studies the mean estimate is the variance that the model implies."""
    rng = np.random.default_rng(11)
    keep = rng.random((4, 24)) < 0.7
    total, by_reader, by_case = keep.sum(), keep.sum(1), keep.sum(0)
    implied = 0.25 * (by_reader**2).sum() / total**2 + 0.49 * (by_case**2).sum() / total**2 + 1 / total
    variances = []
    for _ in range(400):
        skill, difficulty = rng.normal(0, 0.5, (4, 1)), rng.normal(0, 0.7, (1, 24))
        scores = skill + difficulty + rng.normal(0, 1, (4, 24))
        rows = [Observation(f"r{r}", f"c{c}", "m", scores[r, c]) for r in range(4) for c in range(24) if keep[r, c]]
        found = modality_statistic(score_kernels(reading_study(rows, {f"c{c}": 1 for c in range(24)})), 0)
        variances.append(found.variance_unbiased)
    assert np.mean(variances) == pytest.approx(implied, abs=4 * np.std(variances) / 20)
    assert np.mean(variances) == pytest.approx(implied, rel=0.15)


def test_a_variance_that_is_not_positive_gives_way_to_the_mle():
    scores = [[1, 0, 1, 0], [0, 1, 0, 1]]
    rows = [Observation(f"r{r}", f"c{c}", "m", s) for r, row in enumerate(scores) for c, s in enumerate(row)]
    found = modality_statistic(score_kernels(reading_study(rows, {f"c{c}": 1 for c in range(4)}), chance=0.5), 0)
    assert found.variance_unbiased <= 0
    assert found.estimator == MLE
    assert found.variance == found.variance_mle


def test_one_reader_is_refused(example):
    alone = thinned(example, lambda k, o: o.reader == "reader1")
    with pytest.raises(StatisticsError, match="two readers"):
        analyse(auc_kernels(alone))


def test_three_modalities_make_three_differences(example):
    third = [Observation(o.reader, o.case, "testC", -o.score) for o in example.observations if o.modality == A]
    found = analyse(auc_kernels(reading_study([*example.observations, *third], example.truth)), Settings(replicates=20))
    assert [s.label for s in found.u_statistics[3:]] == ["testA - testB", "testA - testC", "testB - testC"]
    assert found.obuchowski_rockette[0].generalisations[0].df1 == 2
    assert any("not adjusted" in note for note in found.notes)
    assert plain(found)["means"]["testC"] == pytest.approx(1 - 0.704375)


@pytest.mark.parametrize(
    ("rows", "truth", "words"),
    [
        ([], {}, "no observations"),
        ([("r", "c", "m", 1.0)] * 2, {"c": 1}, "twice"),
        ([("r", "c", "m", float("nan"))], {"c": 1}, "not a number"),
        ([("r", "c", "m", 1.0)], {}, "no truth"),
        ([("r", "c", "m", 1.0)], {"c": 2}, "neither 0 nor 1"),
    ],
)
def test_odd_observations_are_refused(rows, truth, words):
    with pytest.raises(StatisticsError, match=words):
        reading_study([Observation(*row) for row in rows], truth)


def test_names_are_ordered_as_people_count():
    assert sorted(["reader10", "reader2", "a", "reader1b"], key=natural) == ["a", "reader1b", "reader2", "reader10"]
