"""Panes without OpenCV, as a packed study has them, show what they show with it."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pytest

from cxr_studio.ui.canvas import sampling
from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.canvas.layer import ImageLayer

DEPTHS = [(np.uint8, 256), (np.uint16, 65_536)]


@pytest.fixture
def without_opencv(monkeypatch: pytest.MonkeyPatch):
    """Calls something as if OpenCV were not installed."""

    def call(function: Callable[[], np.ndarray]) -> np.ndarray:
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, "cv2", None)
            sampling.opencv.cache_clear()
            assert sampling.opencv() is None
            found = function()
        sampling.opencv.cache_clear()
        assert sampling.opencv() is not None
        return found

    return call


def noise(dtype, levels: int, shape: tuple[int, int]) -> np.ndarray:
    return np.random.default_rng(4).integers(0, levels, shape).astype(dtype)


@pytest.mark.parametrize(("dtype", "levels"), DEPTHS)
def test_halves_and_greys_are_the_same_bit_for_bit(without_opencv, dtype, levels):
    image = noise(dtype, levels, (67, 90))
    table = np.random.default_rng(5).integers(0, 256, levels).astype(np.uint8)
    assert np.array_equal(without_opencv(lambda: sampling.halved(image)), sampling.halved(image))
    assert sampling.halved(image).shape == (33, 45)
    assert np.array_equal(without_opencv(lambda: sampling.looked_up(image[3:, 5:], table)), table[image[3:, 5:]])
    assert np.array_equal(sampling.looked_up(image[3:, 5:], table), table[image[3:, 5:]])


@pytest.mark.parametrize(("dtype", "levels"), DEPTHS)
@pytest.mark.parametrize("scale", [0.31, 0.8, 1.0, 1.7, 3.0, 4.0, 7.3])
def test_a_pane_shows_the_same_to_one_grey_of_256(without_opencv, dtype, levels, scale):
    smooth = np.cumsum(noise(dtype, 9, (130, 150)).astype(np.float64), axis=1)
    image = (smooth / smooth.max() * (levels - 1)).astype(dtype)
    geometry = Geometry(240, 200, scale, 60.2, 71.4)
    box = (10, 0, 190, 240)
    wanted = ImageLayer(image).sample(geometry, box).astype(float)
    found = without_opencv(lambda: ImageLayer(image).sample(geometry, box)).astype(float)
    assert found.shape == (180, 240)
    assert np.abs(found - wanted).max() <= levels / 256


def test_the_nearest_pixel_is_a_pixel_of_the_image(without_opencv):
    image = noise(np.uint16, 65_536, (9, 11))
    found = without_opencv(lambda: sampling.sampled(image, (-2.0, 0.0), step=0.5, size=(20, 8), blended=False))
    rows = [0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8]
    assert np.array_equal(found, image[rows][:, [0, 1, 1, 2, 2, 3, 3, 4]])
