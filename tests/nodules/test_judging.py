"""Conspicuity, rings and bone on phantoms whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_studio.generation.request import ImageView
from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules.bone import below, cortical_bone
from cxr_studio.nodules.conspicuity import LEAST, conspicuity
from cxr_studio.nodules.judging import Verdict, judged, middle_of
from cxr_studio.radiographs.greyscale import linear_greyscale

SIDE = 160
CENTRE = 80.0


def far() -> np.ndarray:
    rows, columns = np.ogrid[:SIDE, :SIDE]
    return np.hypot(rows - CENTRE, columns - CENTRE)


def disc(diameter: float) -> Mask:
    return far() <= diameter / 2


def ball(diameter: float, contrast: float) -> np.ndarray:
    return (contrast * np.sqrt(np.maximum(1 - (2 * far() / diameter) ** 2, 0))).astype(np.float32)


def lung(seed: int = 1) -> np.ndarray:
    """Structured noise of spread 1, as wide as a nodule of 20 pixels."""
    import cv2

    noise = np.random.default_rng(seed).normal(size=(SIDE, SIDE)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 5)
    return smooth / smooth.std()


@pytest.mark.parametrize("diameter", [10, 20, 36])
def test_conspicuity_grows_with_contrast_and_not_with_scale(diameter):
    ground = lung()
    once = conspicuity(ground + ball(diameter, 2.0), CENTRE, CENTRE, diameter, without=ground)
    twice = conspicuity(ground + ball(diameter, 4.0), CENTRE, CENTRE, diameter, without=ground)
    scaled = conspicuity(100 + 7 * (ground + ball(diameter, 2.0)), CENTRE, CENTRE, diameter, without=100 + 7 * ground)
    assert twice == pytest.approx(2 * once, rel=1e-3)
    assert scaled == pytest.approx(once, rel=1e-2)
    assert once > 0


def test_a_quiet_ground_makes_the_same_nodule_stand_out():
    nodule = ball(20, 1.5)
    busy, quiet = lung(), 0.25 * lung()
    assert conspicuity(quiet + nodule, CENTRE, CENTRE, 20, without=quiet) > 3 * conspicuity(
        busy + nodule, CENTRE, CENTRE, 20, without=busy
    )


def test_without_the_healthy_image_it_is_unbiased():
    grounds = [lung(seed) for seed in range(200)]
    blind = [conspicuity(ground + ball(20, 3.0), CENTRE, CENTRE, 20) for ground in grounds]
    told = [conspicuity(ground + ball(20, 3.0), CENTRE, CENTRE, 20, without=ground) for ground in grounds]
    assert np.mean(blind) == pytest.approx(np.mean(told), abs=0.3)
    assert abs(np.mean([conspicuity(ground, CENTRE, CENTRE, 20) for ground in grounds])) < 0.3


def test_a_nodule_at_the_corner_is_measured_and_a_tiny_image_is_not():
    ground = lung()
    moved = np.roll(ball(20, 3.0), (-75, -75), (0, 1))
    assert conspicuity(ground + moved, 5.0, 5.0, 20, without=ground) > 0
    assert np.isnan(conspicuity(ground[70:90, 70:90], 10.0, 10.0, 20))


def test_a_faint_draw_passes_only_where_less_contrast_asks_for_it():
    ground, silhouette = lung(), disc(20)
    faint = judged(ground, ground + ball(20, 0.4), silhouette)
    clear = judged(ground, ground + ball(20, 6.0), silhouette)
    assert faint.conspicuity < LEAST < clear.conspicuity
    assert (faint.passes(1.0), faint.passes(0.6), clear.passes(1.0)) == (False, True, True)


def test_a_ring_is_refused_whatever_its_contrast():
    ground, silhouette = np.zeros((SIDE, SIDE), np.float32) + 0.1 * lung(), disc(30)
    ring = (silhouette & ~disc(16)).astype(np.float32)
    verdict = judged(ground, ground + 3 * ring, silhouette)
    assert verdict.middle < 0.1
    assert verdict.ring
    assert not verdict.passes(0.5)
    assert middle_of(ball(30, 2.0), silhouette) > 1.1
    assert middle_of(silhouette.astype(np.float32), silhouette) == pytest.approx(1.0)
    half = silhouette.astype(np.float32) - 0.5 * disc(16)
    assert judged(ground, ground + 3 * half, silhouette).ring


def test_where_nothing_can_be_measured_a_draw_stays():
    assert Verdict(float("nan"), 1.0).passes(1.0)


def test_no_part_of_a_nodule_is_brighter_than_bone():
    import cv2

    before = 0.5 + 0.02 * np.random.default_rng(2).normal(size=(SIDE, SIDE)).astype(np.float32)
    after = before + ball(40, 0.6)
    kept = below(before, after, 0.8)
    assert cv2.GaussianBlur(kept, (0, 0), 1.5).max() < 0.8 + 0.02
    inside = disc(12)
    assert kept[inside].std() == pytest.approx(before[inside].std(), rel=0.25)
    faint = before + ball(40, 0.1)
    assert (below(before, faint, 0.8) == faint).all()


def test_brighter_ground_keeps_its_grey():
    before = np.full((SIDE, SIDE), 0.9, np.float32)
    kept = below(before, before + ball(40, 0.3), 0.8)
    assert kept == pytest.approx(before, abs=0.02)
    with_room = below(before, before + ball(40, 0.3), 0.8, room=0.04)
    assert with_room[80, 80] == pytest.approx(0.94, abs=0.02)
    assert below(before, before + ball(40, 0.05), 0.8, room=0.04)[80, 80] == pytest.approx(0.9175, abs=0.01)


def test_bone_is_the_brightest_of_what_crosses_the_lungs(phantom):
    grey = linear_greyscale(phantom.dtype, 16)
    level = cortical_bone(ImageView(phantom, grey, (0.0, 40_000.0)))
    lungs = phantom[90:200, 70:110]
    assert np.median(lungs) < level < phantom.max()
    brighter = np.asarray(phantom + 3000, np.uint16)
    assert cortical_bone(ImageView(brighter, grey, (0.0, 40_000.0))) == pytest.approx(level + 3000, abs=20)


def test_an_image_without_contrast_leaves_room_for_a_nodule():
    flat = np.full((SIDE, SIDE), 1000, np.uint16)
    assert cortical_bone(ImageView(flat, linear_greyscale(flat.dtype, 12), (0.0, 4000.0))) == pytest.approx(2000)
