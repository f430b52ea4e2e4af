"""Measures of form on shapes whose values are known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from cxr_studio.metrics.shape import (
    MEASURES,
    compactness,
    eccentricity,
    ks_distances,
    measured,
    nearest_overlap,
    outline_of,
    roughness,
    solidity,
)


def ellipse(major: float, minor: float, *, degrees: float = 0.0, side: int = 128) -> np.ndarray:
    y, x = np.indices((side, side)) - (side - 1) / 2
    angle = np.deg2rad(degrees)
    u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    return (2 * u / major) ** 2 + (2 * v / minor) ** 2 <= 1


def star(depth: float, points: int = 9) -> np.ndarray:
    y, x = np.indices((128, 128)) - 63.5
    return np.hypot(x, y) <= 45 * (1 + depth * np.cos(points * np.arctan2(y, x)))


@pytest.mark.parametrize("degrees", [0, 20, 45, 77])
def test_an_ellipse_has_its_eccentricity_whichever_way_it_lies(degrees):
    assert eccentricity(ellipse(100, 60, degrees=degrees)) == pytest.approx(0.8, abs=0.01)


def test_a_disc_is_round_convex_compact_and_smooth():
    disc = ellipse(100, 100)
    outline = outline_of(disc)
    assert eccentricity(disc) < 0.1
    assert solidity(outline) > 0.99
    assert compactness(outline) == pytest.approx(1, abs=0.02)
    assert roughness(outline) < 0.01


def test_a_square_has_the_compactness_of_a_square():
    square = np.zeros((128, 128), bool)
    square[24:104, 24:104] = True
    assert compactness(outline_of(square)) == pytest.approx(np.pi / 4, abs=0.02)


def test_a_wavy_edge_is_rough_by_its_amplitude():
    """r = 45 (1 + a cos 9 t): the distance to the smooth form has RMS a / sqrt(2) of the radius."""
    assert roughness(outline_of(star(0.1))) == pytest.approx(0.1 / np.sqrt(2), rel=0.15)
    assert solidity(outline_of(star(0.15))) < solidity(outline_of(star(0.05))) < 0.99


def test_measures_do_not_depend_on_size_much():
    small = cv2.resize(star(0.1).astype(np.uint8), (80, 80), interpolation=cv2.INTER_AREA) > 0
    large, less = measured([star(0.1)]), measured([small])
    for name in MEASURES:
        assert less[name][0] == pytest.approx(large[name][0], abs=0.04)


def test_ks_is_0_for_the_same_and_1_for_the_apart():
    round_, long = measured([ellipse(100, 95 - k) for k in range(5)]), measured([star(0.2 + k / 50) for k in range(5)])
    assert set(ks_distances(round_, round_).values()) == {0.0}
    assert ks_distances(round_, long)["roughness"] == 1.0


def test_the_nearest_is_found_turned_mirrored_and_of_another_size():
    rng = np.random.default_rng(0)
    blob = cv2.GaussianBlur(rng.standard_normal((128, 128)).astype(np.float32), (0, 0), 9)
    shape = (star(0.1, 3) & (blob > np.quantile(blob, 0.15))).astype(np.uint8)
    matrix = cv2.getRotationMatrix2D((63.5, 63.5), 90, 0.7)
    turned = cv2.warpAffine(shape[:, ::-1].copy(), matrix, (128, 128)) > 0
    known = np.stack([ellipse(100, 50), shape > 0])
    same, other = nearest_overlap(np.stack([turned, star(0.2)]), known)
    assert same > 0.93
    assert other < 0.9
    assert nearest_overlap(known[:1], known)[0] == 1.0


def test_an_empty_mask_is_refused():
    with pytest.raises(ValueError, match="empty"):
        outline_of(np.zeros((8, 8), bool))
