"""The round brush against distances worked out pixel by pixel."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_studio.masks.boxes import EMPTY, bounding_box
from cxr_studio.masks.brush import Point, paint_disc, paint_segment

SHAPE = 40, 56


def to_segment(start: Point, end: Point) -> np.ndarray:
    """Distance of every pixel to a segment, by trying many of its points and both ends."""
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(float)
    d = np.subtract(end, start)
    length = float(d @ d)
    share = np.zeros(SHAPE) if length == 0 else np.clip(((y - start[0]) * d[0] + (x - start[1]) * d[1]) / length, 0, 1)
    return np.hypot(y - start[0] - share * d[0], x - start[1] - share * d[1])


points = st.tuples(st.floats(-20, 60), st.floats(-20, 76))
points_inside = st.tuples(st.floats(0, 39), st.floats(0, 55))


@given(start=points, end=points, radius=st.floats(0.3, 14))
def test_a_segment_is_every_pixel_within_the_radius(start: Point, end: Point, radius: float) -> None:
    mask = np.zeros(SHAPE, bool)
    paint_segment(mask, start, end, radius=radius)
    far = to_segment(start, end)
    assert mask[far < radius - 1e-3].all()
    assert not mask[far > radius + 1e-3].any()


@given(start=points_inside, end=points_inside, radius=st.floats(1, 14))
def test_the_returned_box_is_hardly_larger_than_it_must_be(start: Point, end: Point, radius: float) -> None:
    mask = np.zeros(SHAPE, bool)
    box = paint_segment(mask, start, end, radius=radius)
    assert np.abs(np.subtract(box, bounding_box(mask))).max() <= 2


def test_what_lies_outside_the_brush_is_kept() -> None:
    rng = np.random.default_rng(1)
    mask = rng.random(SHAPE) < 0.5
    before = mask.copy()
    paint_disc(mask, (20, 30), radius=5, value=False)
    far = to_segment((20, 30), (20, 30)) > 5
    np.testing.assert_array_equal(mask[far], before[far])
    assert not mask[~far].any()


def test_a_disc_of_radius_five_has_81_pixels() -> None:
    mask = np.zeros(SHAPE, bool)
    assert paint_disc(mask, (20, 30), radius=5) == (15, 25, 26, 36)
    assert mask.sum() == 81
    np.testing.assert_array_equal(mask[15:26, 25:36], mask[15:26, 25:36].T)


def test_the_smallest_brush_paints_the_pixel_it_stands_on() -> None:
    mask = np.zeros(SHAPE, bool)
    paint_disc(mask, (7, 9), radius=0.5)
    assert np.argwhere(mask).tolist() == [[7, 9]]


@pytest.mark.parametrize("centre", [(-30, 5), (5, -30), (80, 5), (5, 90)])
def test_a_brush_outside_the_image_changes_nothing(centre: Point) -> None:
    mask = np.zeros(SHAPE, bool)
    assert paint_disc(mask, centre, radius=6) == EMPTY
    assert not mask.any()


def test_a_stroke_over_the_edge_paints_what_is_inside() -> None:
    mask = np.zeros(SHAPE, bool)
    box = paint_segment(mask, (-10, 10), (5, 10), radius=3)
    assert box == (0, 7, 9, 14)
    assert mask[0:6, 10].all()
    assert not mask[9:].any()
