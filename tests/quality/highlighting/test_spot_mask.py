from __future__ import annotations

import numpy as np
import pytest

from cxr_studio.quality.highlighting.map import hot_spots
from cxr_studio.quality.highlighting.spot_mask import spot_mask


@pytest.fixture
def layer() -> np.ndarray:
    y, x = np.mgrid[:300, :260]
    made = np.zeros((300, 260), np.float32)
    ring = (y - 100) ** 2 + (x - 80) ** 2
    made[(ring <= 900) & (ring >= 100)] = 0.2
    made[200:230, 150:190] = -0.3
    made[96:104, 112:240] = 0.1
    return made


def test_it_is_the_region_with_its_holes_filled(layer):
    looked_at = np.ones(layer.shape, bool)
    spots = hot_spots(layer, looked_at, threshold=0.15)
    assert [spot.sign for spot in spots] == [1, -1], "a darker spot counts half"
    y, x = np.mgrid[:300, :260]
    assert (spot_mask(layer, looked_at, spots[0], threshold=0.15) == ((y - 100) ** 2 + (x - 80) ** 2 <= 900)).all()
    dark = np.zeros(layer.shape, bool)
    dark[200:230, 150:190] = True
    assert (spot_mask(layer, looked_at, spots[1], threshold=0.15) == dark).all()


def test_nothing_beside_the_lungs_is_taken(layer):
    looked_at = np.ones(layer.shape, bool)
    looked_at[:, 80:] = False
    (spot,) = hot_spots(layer, looked_at, threshold=0.15)
    assert not spot_mask(layer, looked_at, spot, threshold=0.15)[:, 80:].any()


def test_a_large_map_whose_spots_were_found_on_every_third_pixel(layer):
    large = np.kron(layer, np.ones((9, 9), np.float32))
    looked_at = np.ones(large.shape, bool)
    spot = hot_spots(large, looked_at, threshold=0.15)[1]
    dark = np.zeros(large.shape, bool)
    dark[1800:2070, 1350:1710] = True
    assert (spot_mask(large, looked_at, spot, threshold=0.15) == dark).all()


def test_a_spot_of_another_threshold_gives_its_box(layer):
    looked_at = np.ones(layer.shape, bool)
    spot = hot_spots(layer, looked_at, threshold=0.15)[1]
    mask = spot_mask(layer, looked_at, spot, threshold=0.9)
    assert mask.sum() == 30 * 40
