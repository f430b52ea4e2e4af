"""Brushes, shapes, flood, morphology and regions: exactly the pixels they promise, within the box they return."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_studio.masks.boxes import bounding_box, clip, cut, intersection, is_empty, padded, union
from cxr_studio.masks.brush import paint_disc, paint_segment
from cxr_studio.masks.flood import flood
from cxr_studio.masks.lung_boxes import lung_boxes, random_lung_point
from cxr_studio.masks.morphology import grow, inner_distance, invert, shrink
from cxr_studio.masks.outline import outlines
from cxr_studio.masks.regions import regions
from cxr_studio.masks.shapes import fill_ellipse, fill_polygon, fill_rectangle, stamp_square

SHAPE = (60, 80)
Y, X = np.mgrid[: SHAPE[0], : SHAPE[1]]
points = st.tuples(st.floats(-20, 80), st.floats(-20, 100))


def blank() -> np.ndarray:
    return np.zeros(SHAPE, bool)


def outside(mask: np.ndarray, box: tuple[int, int, int, int]) -> np.ndarray:
    rest = mask.copy()
    rest[cut(box)] = False
    return rest


@given(points, st.floats(0.5, 30))
def test_a_disc_holds_the_pixels_within_its_radius(centre, radius):
    mask = blank()
    box = paint_disc(mask, centre, radius=radius)
    distance = np.hypot(Y - centre[0], X - centre[1])
    sure = np.abs(distance - radius) > 1e-3
    assert (mask == (distance <= radius))[sure].all()
    assert not outside(mask, box).any()


@given(points, points, st.floats(1, 15))
def test_a_segment_is_every_disc_along_it(start, end, radius):
    mask = blank()
    box = paint_segment(mask, start, end, radius=radius)
    along = blank()
    for share in np.linspace(0, 1, 60):
        paint_disc(along, tuple(np.asarray(start) * (1 - share) + np.asarray(end) * share), radius=radius - 1e-3)
    assert not (along & ~mask).any()
    assert not outside(mask, box).any()


def test_erasing_is_painting_backwards():
    mask = np.ones(SHAPE, bool)
    paint_disc(mask, (30, 40), radius=9, value=False)
    painted = blank()
    paint_disc(painted, (30, 40), radius=9)
    assert (mask == ~painted).all()


def test_rectangles_include_both_corners_in_any_order():
    first, second = blank(), blank()
    fill_rectangle(first, (10, 20), (14, 29))
    fill_rectangle(second, (14, 29), (10, 20))
    assert first.sum() == 5 * 10
    assert (first == second).all()


def test_an_ellipse_fills_its_rectangle_by_a_quarter_of_pi():
    mask = blank()
    fill_ellipse(mask, (5, 10), (44, 69))
    assert mask.sum() == pytest.approx(np.pi / 4 * 40 * 60, rel=0.02)
    assert bounding_box(mask) == (5, 10, 45, 70)


def test_a_polygon_fills_what_it_encloses():
    mask = blank()
    fill_polygon(mask, [(10, 10), (10, 50), (40, 10)])
    assert mask[12, 15]
    assert not mask[38, 48]
    assert mask.sum() == pytest.approx(0.5 * 31 * 41, abs=45)  # both ends count


def test_the_stamp_is_the_papers_square_cut_at_the_edge():
    mask = np.zeros((200, 200), bool)
    stamp_square(mask, (100, 100))
    assert mask.sum() == 64 * 64
    corner = np.zeros((200, 200), bool)
    stamp_square(corner, (0, 0))
    assert 0 < corner.sum() < 64 * 64


def test_flood_takes_connected_pixels_of_similar_grey():
    image = np.full(SHAPE, 100, np.uint8)
    image[:, 40:] = 140
    image[20:30, 60:70] = 104
    found, box = flood(image, (5, 5), tolerance=10)
    assert found[:, :40].all()
    assert not found[:, 40:].any()
    assert box == (0, 0, 60, 40)
    everything, _ = flood(image, (5, 5), tolerance=60)
    assert everything.all()


def test_growing_and_shrinking_move_the_outline_by_the_radius():
    mask = blank()
    paint_disc(mask, (30, 40), radius=10)
    distance = np.hypot(Y - 30, X - 40)
    larger, smaller = grow(mask, 4), shrink(mask, 4)
    assert larger[distance < 13].all()
    assert not larger[distance > 15].any()
    assert smaller[distance < 5].all()
    assert not smaller[distance > 7].any()
    assert (invert(invert(mask)) == mask).all()
    assert (grow(mask, 0) == mask).all()


def test_inner_distance_is_the_way_to_the_nearest_outside_pixel():
    mask = blank()
    fill_rectangle(mask, (10, 10), (30, 50))
    distance = inner_distance(mask)
    assert (distance[~mask] == 0).all()
    assert distance[10, 30] == 1
    assert distance[20, 30] == 11


def test_regions_are_the_connected_parts():
    mask = blank()
    paint_disc(mask, (15, 15), radius=6)
    paint_disc(mask, (40, 60), radius=9)
    found = regions(mask)
    assert len(found) == 2
    whole = blank()
    for region in found:
        whole[cut(region.box)] |= region.mask
    assert (whole == mask).all()
    assert regions(blank()) == []


def test_an_outline_encloses_the_area():
    mask = blank()
    fill_rectangle(mask, (10, 20), (19, 49))
    (line,) = outlines(mask)
    assert line.min() >= 8
    assert np.ptp(line[:, 0]) == pytest.approx(9, abs=2)
    assert np.ptp(line[:, 1]) == pytest.approx(29, abs=2)


boxes = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 60), st.integers(0, 80))


@given(boxes, boxes)
def test_boxes_are_sets_of_pixels(first, second):
    def drawn(box: tuple[int, int, int, int]) -> np.ndarray:
        mask = blank()
        if not is_empty(box):
            mask[cut(box)] = True
        return mask

    assert (drawn(intersection(first, second)) == (drawn(first) & drawn(second))).all()
    both = drawn(first) | drawn(second)
    if both.any():
        assert union(first, second) == bounding_box(both)
    assert padded((5, 5, 9, 9), 20, SHAPE) == clip((-15, -15, 29, 29), SHAPE)


def test_lung_points_lie_in_the_lung_boxes_away_from_the_edge():
    rng = np.random.default_rng(1)
    left, right = lung_boxes((1024, 1024))
    found = [random_lung_point(rng, (1024, 1024), margin=64) for _ in range(300)]
    sides = [[b[0] <= y < b[2] and b[1] <= x < b[3] for b in (left, right)] for y, x in found]
    assert all(any(side) for side in sides)
    assert 90 < sum(side[0] for side in sides) < 210
