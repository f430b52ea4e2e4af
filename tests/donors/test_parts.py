"""The membrane, the placement of windows, and the fitted score."""

import numpy as np
import pytest

from cxr_studio.donors.learning import Trial, fitted_weights, gained
from cxr_studio.donors.membrane import membrane
from cxr_studio.donors.placement import Placement
from cxr_studio.donors.plate import plate_of
from cxr_studio.donors.rank import NAMES


@pytest.mark.parametrize("shape", [(40, 40), (37, 53), (9, 64)])
def test_a_slope_is_its_own_membrane(shape: tuple[int, int]) -> None:
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    plane = 0.01 * y - 0.02 * x + 0.3
    hole = np.zeros(shape, bool)
    hole[2:-3, 3:-2] = True
    found = membrane(np.where(hole, np.float32(7), plane), hole)
    assert np.array_equal(found[~hole], plane[~hole])
    assert np.abs(found - plane).max() < 0.02 * np.ptp(plane)


def test_a_membrane_stays_between_its_borders() -> None:
    rng = np.random.default_rng(2)
    values = rng.random((60, 50)).astype(np.float32)
    hole = np.zeros((60, 50), bool)
    hole[0:40, 10:50] = True
    found = membrane(values, hole)[hole]
    assert found.min() >= values[~hole].min()
    assert found.max() <= values[~hole].max()


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_straight_window_is_cut_bit_for_bit(image: np.ndarray, mirrored: bool) -> None:
    place = Placement(plate_of(image, name="a", patient="A"), mirrored, 100 + 19.5, 60 + 14.5)
    window = image[100:140, 60:90]
    assert np.allclose(place.window((40, 30)), window[:, ::-1] if mirrored else window, atol=1e-6)
    assert place.inside((40, 30))
    assert not place.inside((400, 30))


def test_the_score_learns_which_measure_tells() -> None:
    rng = np.random.default_rng(4)
    trials = []
    for k in range(60):
        values = rng.normal(0, 1, (12, len(NAMES)))
        trials.append(Trial(f"P{k}", values, 0.8 * values[:, 2] + rng.normal(0, 0.2, 12)))
    weights = fitted_weights(trials)
    assert max(weights, key=lambda name: weights[name]) == "slope"
    chosen, ring, best = gained(trials, weights)
    assert best <= chosen < ring - 1
