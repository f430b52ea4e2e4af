"""Growing, shrinking, inverting; regions and outlines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from cxr_studio.masks.boxes import bounding_box, cut
from cxr_studio.masks.morphology import grow, inner_distance, invert, shrink
from cxr_studio.masks.outline import outlines
from cxr_studio.masks.regions import regions
from cxr_studio.masks.shapes import fill_polygon

SHAPE = 15, 21
masks = st.one_of(
    arrays(np.bool_, SHAPE),
    arrays(np.bool_, SHAPE, elements=st.booleans(), fill=st.just(False)),
    arrays(np.bool_, SHAPE, elements=st.booleans(), fill=st.just(True)),
)
radii = st.one_of(st.integers(0, 9).map(float), st.floats(0, 9))


def distance(mask: np.ndarray) -> np.ndarray:
    """Of every True pixel to the nearest False one, infinite where there is none."""
    return np.full(SHAPE, np.inf) if mask.all() else ndimage.distance_transform_edt(mask)


@given(mask=masks, radius=radii)
def test_growing_takes_what_lies_within_the_radius(mask: np.ndarray, radius: float) -> None:
    far = distance(~mask)
    grown = grow(mask, radius)
    assert grown[far < radius - 1e-3].all()
    assert grown[mask].all()
    assert not grown[far > radius + 1e-3].any()


@given(mask=masks, radius=radii)
def test_shrinking_takes_away_what_lies_near_the_outside(mask: np.ndarray, radius: float) -> None:
    deep = distance(mask)
    shrunk = shrink(mask, radius)
    assert shrunk[deep > radius + 1e-3].all()
    assert not shrunk[~mask].any()
    if radius > 0:
        assert not shrunk[deep < radius - 1e-3].any()


@given(mask=masks, radius=radii)
def test_both_leave_their_input_and_shrinking_reverses_growing(mask: np.ndarray, radius: float) -> None:
    before = mask.copy()
    assert (shrink(grow(mask, radius), radius) | ~mask).all()
    assert not (grow(shrink(mask, radius), radius) & ~mask).any() or radius == 0
    np.testing.assert_array_equal(mask, before)
    np.testing.assert_array_equal(invert(invert(mask)), mask)
    assert not (invert(mask) & mask).any()


def test_a_pixel_grown_by_two_is_a_disc() -> None:
    mask = np.zeros(SHAPE, bool)
    mask[7, 10] = True
    assert grow(mask, 2).sum() == 13
    assert grow(mask, 1).sum() == 5


def test_the_images_edge_is_no_outside() -> None:
    mask = np.zeros(SHAPE, bool)
    mask[:8, :] = True
    shrunk = shrink(mask, 3)
    assert shrunk[:5].all()
    assert not shrunk[5:].any()
    assert shrink(np.ones(SHAPE, bool), 5).all()


@given(mask=masks)
def test_the_inner_distance_is_euclidean(mask: np.ndarray) -> None:
    np.testing.assert_allclose(inner_distance(mask), distance(mask), atol=1e-4)


@given(mask=masks)
def test_regions_are_disjoint_connected_and_together_the_mask(mask: np.ndarray) -> None:
    whole = np.zeros(SHAPE, int)
    for region in regions(mask):
        assert region.mask.shape == (region.box[2] - region.box[0], region.box[3] - region.box[1])
        assert bounding_box(region.mask) == (0, 0, *region.mask.shape)
        assert ndimage.label(region.mask, np.ones((3, 3)))[1] == 1
        whole[cut(region.box)] += region.mask
    np.testing.assert_array_equal(whole, mask)
    assert len(regions(mask)) == ndimage.label(mask, np.ones((3, 3)))[1]


def test_regions_that_touch_at_a_corner_are_one() -> None:
    mask = np.zeros(SHAPE, bool)
    mask[2, 2] = mask[3, 3] = mask[8, 8] = True
    assert [region.box for region in regions(mask)] == [(2, 2, 4, 4), (8, 8, 9, 9)]


def test_an_empty_mask_has_no_regions_and_no_outlines() -> None:
    assert regions(np.zeros(SHAPE, bool)) == []
    assert outlines(np.zeros(SHAPE, bool)) == []


@pytest.mark.parametrize("offset", [(0, 0), (4, 7)])
def test_the_outline_of_a_rectangle_is_its_outermost_pixels(offset: tuple[int, int]) -> None:
    mask = np.zeros(SHAPE, bool)
    y, x = offset
    mask[y : y + 6, x : x + 9] = True
    (contour,) = outlines(mask)
    assert contour.dtype == np.float32
    assert {tuple(p) for p in contour.tolist()} == {(y, x), (y + 5, x), (y, x + 8), (y + 5, x + 8)}


def test_a_ring_has_two_outlines_and_the_outer_one_fills_to_it() -> None:
    mask = np.zeros(SHAPE, bool)
    mask[2:13, 3:18] = True
    mask[5:10, 7:12] = False
    found = outlines(mask)
    assert len(found) == 2
    filled = np.zeros(SHAPE, bool)
    fill_polygon(filled, max(found, key=np.ptp).tolist())
    np.testing.assert_array_equal(filled | mask, filled)
    assert filled[7, 9]
    assert filled.sum() == 11 * 15
