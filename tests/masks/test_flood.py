"""Flood: the region that a click takes, against scikit-image."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.segmentation import flood as reference

from cxr_studio.masks.boxes import EMPTY, bounding_box, cut
from cxr_studio.masks.flood import flood


@given(
    seed=st.integers(0, 10_000),
    tolerance=st.integers(0, 6),
    place=st.tuples(st.integers(0, 13), st.integers(0, 19)),
    dtype=st.sampled_from([np.uint8, np.uint16]),
)
def test_it_is_the_four_connected_region_within_the_tolerance(
    seed: int, tolerance: int, place: tuple[int, int], dtype: type
) -> None:
    image = np.random.default_rng(seed).integers(0, 9, (14, 20)).astype(dtype)
    expected = reference(image.astype(int), place, connectivity=1, tolerance=tolerance)
    region, box = flood(image, place, tolerance=tolerance)
    found = np.zeros(image.shape, bool)
    found[cut(box)] = region
    np.testing.assert_array_equal(found, expected)
    assert box == bounding_box(expected)


def test_the_tolerance_counts_from_the_pixel_clicked_not_along_the_way() -> None:
    ramp = np.tile(np.arange(100, dtype=np.uint16) * 10, (5, 1))
    region, box = flood(ramp, (2, 50), tolerance=35)
    assert box == (0, 47, 5, 54)
    assert region.all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_ends_of_the_range_do_not_wrap(dtype: type) -> None:
    top = np.iinfo(dtype).max
    image = np.array([[0, 1, top - 1, top]], dtype)
    assert flood(image, (0, 0), tolerance=1)[1] == (0, 0, 1, 2)
    assert flood(image, (0, 3), tolerance=1)[1] == (0, 2, 1, 4)
    assert flood(image, (0, 3), tolerance=int(top))[1] == (0, 0, 1, 4)


def test_corners_do_not_connect() -> None:
    image = np.array([[0, 9], [9, 0]], np.uint8)
    assert flood(image, (0, 0), tolerance=0)[1] == (0, 0, 1, 1)


@pytest.mark.parametrize("seed", [(-1, 3), (3, -1), (5, 3), (3, 8)])
def test_a_click_outside_finds_nothing(seed: tuple[int, int]) -> None:
    region, box = flood(np.zeros((5, 8), np.uint8), seed, tolerance=3)
    assert region.size == 0
    assert box == EMPTY
