"""Filled shapes: which pixels they take, and the rectangle that they return."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.measure import points_in_poly

from cxr_studio.masks.boxes import EMPTY, Box, cut
from cxr_studio.masks.brush import Point
from cxr_studio.masks.shapes import fill_ellipse, fill_polygon, fill_rectangle, stamp_square

SHAPE = 36, 48
CENTRES = np.stack(np.mgrid[: SHAPE[0], : SHAPE[1]], axis=-1).reshape(-1, 2).astype(float)

points = st.tuples(st.floats(-12, 48), st.floats(-12, 60))
far_points = st.tuples(st.floats(-500, 500), st.floats(-500, 500))


def empty() -> np.ndarray:
    return np.zeros(SHAPE, bool)


def nothing_outside(mask: np.ndarray, box: Box) -> bool:
    outside = np.ones(SHAPE, bool)
    outside[cut(box)] = False
    return not mask[outside].any()


def from_edges(corners: list[Point]) -> np.ndarray:
    """Distance of every pixel to the polygon's nearest side."""
    found = np.full(len(CENTRES), np.inf)
    for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
        d = np.subtract(end, start)
        share = np.clip((CENTRES - start) @ d / max(float(d @ d), 1e-12), 0, 1)
        found = np.minimum(found, np.hypot(*(CENTRES - start - share[:, None] * d).T))
    return found.reshape(SHAPE)


@given(corners=st.lists(st.one_of(points, far_points), min_size=3, max_size=8))
def test_a_polygon_is_filled_by_the_even_odd_rule(corners: list[Point]) -> None:
    mask = empty()
    box = fill_polygon(mask, corners)
    inside = points_in_poly(CENTRES, np.array(corners)).reshape(SHAPE)
    clear = from_edges(corners) > 1.2
    np.testing.assert_array_equal(mask[clear], inside[clear])
    assert nothing_outside(mask, box)


@pytest.mark.parametrize("corners", [[], [(3, 3)], [(3, 3), (20, 20)]])
def test_fewer_than_three_corners_change_nothing(corners: list[Point]) -> None:
    mask = empty()
    assert fill_polygon(mask, corners) == EMPTY
    assert not mask.any()


def test_a_polygon_erases() -> None:
    mask = ~empty()
    fill_polygon(mask, [(5, 5), (5, 20), (20, 20), (20, 5)], value=False)
    assert not mask[6:20, 6:20].any()
    assert mask[:5].all()
    assert mask[21:].all()


def test_a_polygon_outside_the_image_changes_nothing() -> None:
    mask = empty()
    assert fill_polygon(mask, [(-9, -9), (-3, -9), (-3, -3)]) == EMPTY
    assert not mask.any()


@given(corner=points, opposite=points)
def test_a_rectangle_holds_both_corners_and_is_the_returned_box(corner: Point, opposite: Point) -> None:
    mask = empty()
    box = fill_rectangle(mask, corner, opposite)
    assert mask[cut(box)].all()
    assert nothing_outside(mask, box)
    for y, x in (corner, opposite):
        row, column = round(y), round(x)
        halfway = abs(y % 1 - 0.5) < 1e-9 or abs(x % 1 - 0.5) < 1e-9
        if not halfway and 0 <= row < SHAPE[0] and 0 <= column < SHAPE[1]:
            assert mask[row, column]


def test_a_rectangle_is_exact() -> None:
    mask = empty()
    assert fill_rectangle(mask, (9, 20), (4, 7)) == (4, 7, 10, 21)
    assert mask.sum() == 6 * 14


@given(corner=points, opposite=points)
def test_an_ellipse_lies_in_its_rectangle_and_is_symmetric(corner: Point, opposite: Point) -> None:
    mask, around = empty(), empty()
    box = fill_ellipse(mask, corner, opposite)
    assert box == fill_rectangle(around, corner, opposite)
    assert not (mask & ~around).any()
    swapped = empty()
    fill_ellipse(swapped, (corner[0], opposite[1]), (opposite[0], corner[1]))
    np.testing.assert_array_equal(mask, swapped)


def test_an_ellipse_has_the_area_of_one() -> None:
    mask = empty()
    fill_ellipse(mask, (2, 4), (30, 44))
    assert mask.sum() == pytest.approx(np.pi / 4 * 29 * 41, rel=0.01)
    np.testing.assert_array_equal(mask[2:31, 4:45], mask[2:31, 4:45][::-1, ::-1])
    assert mask[2, 24]
    assert mask[16, 4]
    assert not mask[2, 4]


def test_an_ellipse_of_one_pixel_is_that_pixel() -> None:
    mask = empty()
    assert fill_ellipse(mask, (7, 9), (7, 9)) == (7, 9, 8, 10)
    assert np.argwhere(mask).tolist() == [[7, 9]]


@given(centre=st.tuples(st.floats(5, 30), st.floats(5, 42)), side=st.integers(1, 10))
def test_a_stamp_is_the_square_nearest_to_the_point(centre: Point, side: int) -> None:
    mask = empty()
    box = stamp_square(mask, centre, side=side)
    assert (box[2] - box[0], box[3] - box[1]) == (side, side)
    assert mask.sum() == mask[cut(box)].sum() == side * side
    middle = (box[0] + box[2] - 1) / 2, (box[1] + box[3] - 1) / 2
    assert np.abs(np.subtract(middle, centre)).max() <= 0.5 + 1e-9


def test_a_stamp_over_the_corner_is_cut() -> None:
    mask = empty()
    assert stamp_square(mask, (0, 0), side=10) == (0, 0, 5, 5)
    assert stamp_square(mask, (-50, 0), side=10) == EMPTY
    assert mask.sum() == 25
