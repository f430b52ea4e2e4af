"""The Fréchet distance by known answers."""

import numpy as np
import pytest

from cxr_studio.metrics.frechet import Moments, frechet_distance, frechet_of, merged


def exact(mean: list[float], covariance: np.ndarray) -> Moments:
    """Moments of a normal distribution as if of 1001 samples."""
    return Moments(1001, np.array(mean, float), np.asarray(covariance, float) * 1000)


def test_in_one_dimension_it_is_the_difference_of_means_and_of_deviations():
    first, second = exact([2.0], np.array([[9.0]])), exact([5.0], np.array([[1.0]]))
    assert frechet_distance(first, second) == pytest.approx(3**2 + (3 - 1) ** 2)


def test_of_matrices_that_commute_it_is_the_sum_over_the_axes():
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(4, 4)))[0]
    a, b = np.array([4.0, 1.0, 9.0, 0.0]), np.array([1.0, 1.0, 16.0, 4.0])
    first, second = exact([0, 0, 0, 0], turn @ np.diag(a) @ turn.T), exact([1, 0, 0, 2], turn @ np.diag(b) @ turn.T)
    expected = 5 + ((np.sqrt(a) - np.sqrt(b)) ** 2).sum()
    assert frechet_distance(first, second) == pytest.approx(expected)
    assert frechet_distance(second, first) == pytest.approx(expected)


def test_of_matrices_that_do_not_commute_it_is_scipys():
    from scipy.linalg import sqrtm

    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(300, 5)) @ rng.normal(size=(5, 5)), rng.normal(size=(200, 5)) @ rng.normal(size=(5, 5)) + 1
    c, d = np.cov(x.T), np.cov(y.T)
    shift = ((x.mean(axis=0) - y.mean(axis=0)) ** 2).sum()
    expected = shift + np.trace(c + d - 2 * np.real(sqrtm(c @ d)))
    assert frechet_distance(Moments.of(x), Moments.of(y)) == pytest.approx(expected, rel=1e-6)


def test_a_set_is_at_no_distance_from_itself_even_where_it_fills_no_space():
    flat = np.random.default_rng(3).normal(size=(50, 2)) @ np.ones((2, 6))
    assert frechet_distance(Moments.of(flat), Moments.of(flat)) == pytest.approx(0, abs=1e-6)


def test_moments_of_parts_make_those_of_the_whole():
    vectors = np.random.default_rng(4).normal(3, 2, size=(70, 3))
    whole = Moments.of(vectors)
    parts = merged(Moments.of(part) for part in (vectors[:1], vectors[1:30], vectors[30:]))
    assert parts.count == 70
    assert np.allclose(parts.mean, whole.mean)
    assert np.allclose(parts.covariance, np.cov(vectors.T))
    assert merged([]) is None


def test_a_single_vector_has_no_distance():
    one = Moments.of(np.ones((1, 3)))
    assert np.isnan(frechet_distance(one, one))


def test_few_long_vectors_give_the_same_without_their_matrices():
    rng = np.random.default_rng(5)
    first, second = rng.normal(size=(7, 30)), rng.normal(1, 2, size=(9, 30))
    expected = frechet_distance(Moments.of(first), Moments.of(second))
    assert frechet_of(first, second) == pytest.approx(expected, rel=1e-6)
    assert np.isnan(frechet_of(first[:1], second))
