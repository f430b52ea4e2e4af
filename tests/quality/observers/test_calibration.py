"""The eye's noise is found between those that were tried."""

import numpy as np
import pytest
from scipy.special import ndtr

from cxr_studio.metrics.forced_choice import Rate
from cxr_studio.networks.observers.pairs import Pairs
from cxr_studio.quality.observers.calibration import diluted, noise_at


def rates(values: dict[float, float]) -> dict[float, Rate]:
    return {noise: Rate(value, value, value, 100, 10) for noise, value in values.items()}


def test_the_noise_lies_where_the_line_crosses() -> None:
    """d' of 1.5 and 0.5 at 4 and 16 levels: 1.0 at 8, half-way in the logarithm."""
    found = rates({4.0: float(ndtr(1.5)), 16.0: float(ndtr(0.5))})
    assert noise_at(found, float(ndtr(1.0))) == pytest.approx(8.0)
    assert noise_at(found, float(ndtr(1.5))) == pytest.approx(4.0)


def test_beyond_what_was_tried_nothing_is_said() -> None:
    assert np.isnan(noise_at(rates({4.0: 0.7, 8.0: 0.6}), 0.75))
    assert np.isnan(noise_at(rates({4.0: 0.95, 8.0: 0.9}), 0.75))


def test_dilution_is_linear() -> None:
    rng = np.random.default_rng(1)
    real, fake = rng.random((2, 3, 32, 32)).astype(np.float32)
    pairs = Pairs(real, fake, ("a", "b", "c"))
    np.testing.assert_array_equal(diluted(pairs, 0).fake, real)
    np.testing.assert_allclose(diluted(pairs, 1).fake, fake, atol=1e-6)
    np.testing.assert_allclose(diluted(pairs, 0.25).fake, 0.75 * real + 0.25 * fake, atol=1e-6)
