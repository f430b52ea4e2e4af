"""Silhouettes of CT nodules, and shapes by seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_studio.masks.boxes import bounding_box
from cxr_studio.masks.regions import regions, solid
from cxr_studio.nodules import shapes
from cxr_studio.nodules.ct_library import CtNodule, bundled_library, held_out
from cxr_studio.nodules.ct_silhouettes import (
    SIDE,
    held_out_shapes,
    projected,
    random_silhouette,
    silhouette,
    views,
)
from cxr_studio.nodules.diameter import diameter
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.shape_offer import offered_shapes


def ball(radii: tuple[float, float, float]) -> CtNodule:
    grid = np.indices((24, 24, 24)) - 11.5
    mask = sum((axis / radius) ** 2 for axis, radius in zip(grid, radii, strict=True)) <= 1
    return CtNodule(0, np.where(mask, 40, -850).astype(np.int16), mask, "made")


def test_a_ball_casts_a_disc_of_100_pixels():
    mask = silhouette(projected(ball((7, 7, 7)), np.eye(3)))
    assert mask.shape == (SIDE, SIDE)
    assert diameter(mask) == pytest.approx(100, abs=1)
    y, x = np.nonzero(mask)
    assert (np.ptp(y) + 1, np.ptp(x) + 1) == pytest.approx((100, 100), abs=4)
    assert (y.mean(), x.mean()) == pytest.approx((63.5, 63.5), abs=1)


def test_turning_and_mirroring_keep_the_diameter():
    seen = projected(bundled_library()[40], np.eye(3))
    plain, mirrored = silhouette(seen), silhouette(seen, mirror=True)
    assert np.mean(plain[:, ::-1] ^ mirrored) < 0.01
    assert diameter(silhouette(seen, degrees=33)) == pytest.approx(diameter(plain), abs=1.5)
    assert (
        np.mean(np.rot90(plain) ^ silhouette(seen, degrees=90)) < 0.015
        or np.mean(np.rot90(plain, -1) ^ silhouette(seen, degrees=90)) < 0.015
    )


def test_a_long_nodule_is_drawn_smaller_and_whole():
    mask = silhouette(projected(ball((11, 3, 3)), np.diag([1.0, 1.0, 1.0])[[1, 0, 2]]))
    box = bounding_box(mask)
    assert box is not None
    assert 120 <= max(box[2] - box[0], box[3] - box[1]) <= 125
    assert not mask[0].any()
    assert not mask[:, 0].any()


def test_every_bundled_nodule_gives_one_region_of_about_the_wanted_size():
    for nodule in bundled_library()[::10]:
        mask = random_silhouette(nodule, np.random.default_rng(nodule.number))
        assert len(regions(mask)) == 1
        assert diameter(mask) < 101.5


def test_the_bundled_nodules_are_of_training_series_and_views_repeat():
    library = bundled_library()
    assert not any(held_out(nodule.series) for nodule in library)
    some = library[:3]
    assert np.array_equal(views(some, 2, seed=4), views(some, 2, seed=4))
    assert not np.array_equal(views(some, 2, seed=4), views(some, 2, seed=5))


def test_held_out_silhouettes_are_bundled():
    masks = held_out_shapes()
    assert len(masks) > 600
    assert masks.shape[1:] == (SIDE, SIDE)
    assert all(len(regions(mask)) == 1 for mask in masks[::50])


def test_solid_keeps_the_largest_region_and_fills_it():
    mask = np.zeros((20, 30), bool)
    mask[2:12, 2:12] = True
    mask[5:8, 5:8] = False
    mask[15:18, 20:25] = True
    kept = solid(mask)
    assert kept[2:12, 2:12].all()
    assert kept.sum() == 100
    assert not solid(np.zeros((4, 4), bool)).any()


def test_the_same_seed_gives_the_same_shape_whatever_it_is_drawn_with():
    several = shapes.draw_shapes([5, 9, 2])
    assert several.shape == (3, SIDE, SIDE)
    assert np.array_equal(several[1], shapes.draw_shapes([9])[0])
    assert not np.array_equal(several[0], several[1])
    assert shapes.draw_shapes([]).shape == (0, SIDE, SIDE)


def test_without_a_checkpoint_ct_silhouettes_stand_in(monkeypatch):
    monkeypatch.setattr(shapes, "find_checkpoints", dict)
    drawn = shapes.draw_shapes([1, 2])
    assert np.array_equal(drawn, shapes.ct_shapes([1, 2]))
    assert all(len(regions(mask)) == 1 for mask in drawn)


@given(seed=st.integers(0, 40), wanted=st.floats(5, 100))
@settings(max_examples=40, deadline=None)
def test_a_shape_comes_at_the_wanted_diameter(seed, wanted):
    mask = shapes.shape_at(seed, wanted)
    assert diameter(mask) == pytest.approx(wanted, abs=0.5)
    assert bounding_box(mask) == (0, 0, *mask.shape)


def test_a_placed_shape_is_turned_mirrored_and_sized():
    plain = shapes.placed_shape(Placement(0, 0, 60, seed=3))
    assert np.array_equal(plain, shapes.placed_shape(Placement(0, 0, 60, seed=8, shape_seed=3)))
    mirrored = shapes.placed_shape(Placement(0, 0, 60, seed=3, mirror=True))
    assert mirrored.shape == pytest.approx(plain.shape, abs=2)
    quarter = shapes.placed_shape(Placement(0, 0, 60, seed=3, angle=90))
    assert quarter.shape == pytest.approx(plain.shape[::-1], abs=3)
    assert diameter(shapes.placed_shape(Placement(0, 0, 240, seed=3))) == pytest.approx(240, abs=0.5)


def test_the_strip_offers_what_each_generator_would_draw():
    ct = offered_shapes("ct-superposition", [0, 1])
    assert [diameter(mask) for mask in ct] == pytest.approx([64, 64], abs=2)
    drawn = offered_shapes("nodule-texture", [4])
    assert np.array_equal(drawn[0], shapes.draw_shapes([4])[0])
