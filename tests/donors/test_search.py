"""The cost of a window, the places found, and what may be no donor."""

from collections.abc import Callable

import numpy as np
import pytest

from cxr_studio.donors.library import Shelf
from cxr_studio.donors.own import own_plate
from cxr_studio.donors.plate import plate_of
from cxr_studio.donors.query import query_of
from cxr_studio.donors.refine import refine
from cxr_studio.donors.search import search
from cxr_studio.donors.template import EDGE, GAINS, Template, spectra_of


def by_hand(window: np.ndarray, target: np.ndarray, weight: np.ndarray) -> float:
    """The cost of one window, written out."""
    known = weight > 0
    both = known[:-1, :-1] & known[:-1, 1:] & known[1:, :-1]
    steep = weight[:-1, :-1] * both

    def energies(first: np.ndarray, second: np.ndarray) -> float:
        slopes = sum(np.diff(first, axis=a)[:-1] * np.diff(second, axis=a)[:-1] if a else 0 for a in (1,))
        across = np.diff(first, axis=1)[:-1] * np.diff(second, axis=1)[:-1]
        down = np.diff(first, axis=0)[:, :-1] * np.diff(second, axis=0)[:, :-1]
        assert np.isfinite(slopes).all()
        return float((weight * first * second).sum() + EDGE * (steep * (across + down)).sum())

    t = np.where(known, target - (weight * target).sum() / weight.sum(), 0)
    p = window - (weight * window).sum() / weight.sum()
    own, theirs, shared = energies(t, t), energies(p, p), energies(t, p)
    gain = np.clip(np.sqrt(own / theirs), *GAINS)
    return (own - 2 * gain * shared + gain**2 * theirs) / float(weight.sum())


def test_the_cost_is_the_weighted_difference_of_greys_and_slopes() -> None:
    rng = np.random.default_rng(0)
    plate, target = (rng.random(shape).astype(np.float32) for shape in ((31, 26), (9, 7)))
    weight = rng.random((9, 7)).astype(np.float32)
    weight[3:6, 2:5] = 0
    costs = Template(target, weight).costs(spectra_of([plate]))
    for y, x in ((0, 0), (5, 11), (22, 19)):
        assert costs[0, y, x] == pytest.approx(by_hand(plate[y : y + 9, x : x + 7], target, weight), rel=1e-3)
    assert np.isinf(costs[0, 23, 0])
    assert np.isinf(costs[0, 0, 20])


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_window_that_fits_is_found_to_two_pixels(
    image: np.ndarray, hole: np.ndarray, mirrored: bool, make_chest: Callable[..., np.ndarray]
) -> None:
    """The same anatomy, moved by (13, 9), with noise on top."""
    rng = np.random.default_rng(3)
    other = np.roll(image, (13, 9), (0, 1)) + rng.normal(0, 0.01, image.shape).astype(np.float32)
    other = other[:, ::-1].copy() if mirrored else other
    query = query_of(image, hole, hole)
    shelf = Shelf([plate_of(other, name="a", patient="A"), plate_of(make_chest(9), name="b", patient="B")])
    place = refine(query, search(query, [shelf], count=12))[0][1]
    middle = query.box[1] + (query.shape[1] - 1) / 2 + 9
    expected = query.box[0] + (query.shape[0] - 1) / 2 + 13, image.shape[1] - 1 - middle if mirrored else middle
    assert (place.plate.name, place.mirrored) == ("a", mirrored)
    assert np.hypot(place.y - expected[0], place.x - expected[1]) <= 3


def test_a_turned_radiograph_is_turned_back(image: np.ndarray, hole: np.ndarray) -> None:
    import cv2

    turned = cv2.warpAffine(image, cv2.getRotationMatrix2D((46, 116), 8, 1), image.shape[::-1], borderMode=2)
    query = query_of(image, hole, hole)
    place = refine(query, search(query, [Shelf([plate_of(turned, name="a", patient="A")])], count=12))[0][1]
    assert abs(place.turn) == 8


def test_patients_that_are_forbidden_give_no_donor(image: np.ndarray, hole: np.ndarray, shelf: Shelf) -> None:
    query = query_of(image, hole, hole)
    first = search(query, [shelf], count=20)[0][1].plate.patient
    found = search(query, [shelf], count=20, without=frozenset({first}))
    assert found
    assert first not in {place.plate.patient for _, place in found}


def test_no_window_of_the_radiograph_itself_holds_an_unknown_pixel(image: np.ndarray, hole: np.ndarray) -> None:
    unknown = hole.copy()
    unknown[200:220, 150:200] = True
    query = query_of(image, hole, unknown)
    found = search(query, [Shelf([own_plate(image, unknown)])], count=30)
    assert found
    for _, place in found:
        top, left = round(place.y - (query.shape[0] - 1) / 2), round(place.x - (query.shape[1] - 1) / 2)
        window = unknown[max(top, 0) : top + query.shape[0], max(left, 0) : left + query.shape[1]]
        assert not window.any()
