"""The seam inside the hole."""

import numpy as np
import pytest

from cxr_studio.donors.compose import Canvas
from cxr_studio.donors.seam import continuation, cut, seamed


def square(side: int, margin: int) -> np.ndarray:
    hole = np.zeros((side, side), bool)
    hole[margin:-margin, margin:-margin] = True
    return hole


def test_the_seam_follows_where_the_two_agree() -> None:
    """They agree along a ring three pixels inside the border, and nowhere else."""
    hole = square(40, 8)
    gap = np.ones((40, 40), np.float32)
    agreed = square(40, 11) & ~square(40, 13)
    gap[agreed] = 0.0
    inner = cut(gap, hole, ~hole, band=7)
    assert np.array_equal(inner | agreed, square(40, 11))
    assert inner[20, 20]


def test_where_nothing_differs_the_seam_is_short() -> None:
    hole = square(40, 8)
    inner = cut(np.zeros((40, 40), np.float32), hole, ~hole, band=5)
    assert inner.any()
    assert not inner[~hole].any()


def test_a_hole_without_surroundings_is_the_donors() -> None:
    assert cut(np.ones((12, 12), np.float32), np.ones((12, 12), bool), np.zeros((12, 12), bool), band=3).all()


@pytest.mark.parametrize("margin", [8, 30])
def test_a_thin_or_wide_hole_keeps_the_donor_in_its_middle(margin: int) -> None:
    """A bright spot of the donor in the middle of the hole is there afterwards, less what the membrane takes."""
    rng = np.random.default_rng(1)
    hole = square(2 * margin + 12, margin)
    image = (0.5 + 0.02 * rng.standard_normal(hole.shape)).astype(np.float32)
    donor = (0.5 + 0.02 * rng.standard_normal(hole.shape)).astype(np.float32)
    middle = hole.shape[0] // 2
    donor[middle - 1 : middle + 2, middle - 1 : middle + 2] += 0.4
    filled = seamed(Canvas(image, hole, hole), donor)
    assert filled[middle, middle] > 0.75
    assert np.array_equal(filled[~hole], image[~hole])


@pytest.mark.parametrize("side", [60, 200])
def test_the_continuation_meets_value_and_slope(side: int) -> None:
    """Of a tilted plane it is the plane, at full resolution and at a smaller one."""
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    plane = 0.2 + 0.3 * y - 0.1 * x
    hole = square(side, 20)
    found = continuation(Canvas(np.where(hole, np.float32(0.9), plane), hole, hole), max(1.0, (side - 40) / 72))
    assert np.abs(found - plane).max() < 0.012
