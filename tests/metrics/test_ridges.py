"""Ridges inside and across a border, on lines drawn by hand."""

import numpy as np
import pytest

from cxr_studio.metrics.kernel_distance import kernel_distance, polynomial_kernel
from cxr_studio.metrics.ridges import RIBS, VESSELS, ridge_response, ridges, signed_distance

SIDE = 128


def stripes(shift: float = 0.0) -> np.ndarray:
    """Bright lines of 4 pixels' sigma 2 every 16 pixels, float32 [128, 128], running down the image."""
    x = np.arange(SIDE) + shift
    row = sum(np.exp(-((x - centre) ** 2) / (2 * 2.0**2)) for centre in range(-16, SIDE + 17, 16))
    return np.tile(row, (SIDE, 1)).astype(np.float32)


def hole() -> np.ndarray:
    mask = np.zeros((SIDE, SIDE), bool)
    mask[32:96, 32:96] = True
    return mask


def test_a_bright_line_is_a_negative_ridge_of_known_height() -> None:
    """A Gaussian line of sigma s, filtered with sigma s: second derivative at its crest -s·s²/(2s²)^1.5."""
    line = np.tile(np.exp(-((np.arange(SIDE) - 64.0) ** 2) / (2 * 4.0)), (SIDE, 1)).astype(np.float32)
    response = ridge_response(line, 2.0)
    assert response[64, 64] == pytest.approx(-2 * 4 / 8**1.5, rel=0.02)
    assert ridge_response(-line, 2.0)[64, 64] == pytest.approx(2 * 4 / 8**1.5, rel=0.02)


def test_lines_that_run_on_differ_from_lines_that_stop_or_are_shifted() -> None:
    mask, image = hole(), stripes()
    whole = ridges(image, mask, VESSELS)
    assert whole.ratio == pytest.approx(1.0, abs=0.05)
    rng = np.random.default_rng(1)
    grain = rng.normal(0, 0.02, image.shape).astype(np.float32)
    smooth = ridges(np.where(mask, image.mean(), image) + grain, mask, VESSELS)
    assert smooth.ratio < 0.3
    shifted = ridges(np.where(mask, stripes(8.0), image), mask, VESSELS)
    assert shifted.ratio == pytest.approx(1.0, abs=0.1)
    assert shifted.continuity < whole.continuity - 0.5
    assert smooth.continuity < whole.continuity - 0.2


def test_nothing_to_measure_is_nan() -> None:
    flat = np.full((SIDE, SIDE), 0.5, np.float32)
    found = ridges(flat, hole(), RIBS)
    assert np.isnan(found.ratio)
    assert np.isnan(found.continuity)
    one = np.zeros((SIDE, SIDE), bool)
    one[64, 64] = True
    assert np.isnan(ridges(stripes(), one, VESSELS).continuity)


def test_distance_has_its_border_between_the_pixels() -> None:
    distance = signed_distance(hole())
    assert distance[32, 64] == pytest.approx(0.5, abs=1e-3)
    assert distance[31, 64] == pytest.approx(-0.5, abs=1e-3)
    assert distance[63, 63] == pytest.approx(31.5, abs=0.01)


def test_kernel_distance_by_hand() -> None:
    """One feature: k(x, y) = (xy + 1)³. Of {0, 1} and {1, 2}: 1 + 27 - 2 · (1 + 1 + 8 + 27) / 4."""
    first, second = np.array([[0.0], [1.0]]), np.array([[1.0], [2.0]])
    np.testing.assert_array_equal(polynomial_kernel(first, second), [[1, 1], [8, 27]])
    assert kernel_distance(first, second) == pytest.approx(1 + 27 - 2 * 37 / 4)
    assert kernel_distance(first, second, paired=True) == pytest.approx(1 + 27 - 2 * 9 / 2)
    assert kernel_distance(first, first, paired=True) == 0
    assert np.isnan(kernel_distance(first[:1], second))


def test_kernel_distance_is_about_nought_for_one_distribution() -> None:
    rng = np.random.default_rng(2)
    same = [kernel_distance(*rng.normal(0, 1, (2, 60, 4))) for _ in range(40)]
    assert abs(np.mean(same)) < 3 * np.std(same) / np.sqrt(40)
    assert kernel_distance(rng.normal(0, 1, (60, 4)), rng.normal(1, 1, (60, 4))) > max(same)
