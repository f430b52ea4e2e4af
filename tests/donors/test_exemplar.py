"""Donors laid into holes: what stays as it was, what differs, and what must never come back."""

from collections.abc import Callable

import numpy as np
import pytest

from cxr_studio.donors import copies, exemplar
from cxr_studio.donors.exemplar import Limits, donors, window_of
from cxr_studio.donors.library import Shelf
from cxr_studio.donors.own import own_plate
from cxr_studio.donors.plate import plate_of
from cxr_studio.donors.query import query_of
from cxr_studio.donors.training import samples
from cxr_studio.errors import Cancelled
from cxr_studio.events import CancelToken
from cxr_studio.networks import biharmonic


def copy_of(image: np.ndarray, kind: str) -> np.ndarray:
    """The same radiograph, as it may stand in a folder under another name."""
    if kind == "shifted":
        return np.roll(image, (9, -6), (0, 1))
    if kind == "mirrored":
        return image[:, ::-1].copy()
    if kind == "noisy":
        return image + np.random.default_rng(5).normal(0, 0.004, image.shape).astype(np.float32)
    return image**1.3 if kind == "gamma" else image.copy()


KINDS = ("same", "shifted", "mirrored", "noisy", "gamma")


def test_outside_the_hole_nothing_changes(image: np.ndarray, hole: np.ndarray, shelf: Shelf) -> None:
    query = query_of(image, hole, hole)
    for donor in donors(query, [Shelf([own_plate(image, hole)]), shelf], limits=Limits(4)):
        assert np.array_equal(donor.image[~query.hole], query.image[~query.hole])
        assert np.isfinite(donor.image).all()
        assert not np.allclose(donor.image[query.hole], query.image[query.hole])


def test_what_lies_in_the_hole_does_not_matter(image: np.ndarray, hole: np.ndarray, shelf: Shelf) -> None:
    other = np.where(hole, np.float32(0.9), image)
    first, second = (
        donors(query_of(one, hole, hole), [Shelf([own_plate(one, hole)]), shelf])[0] for one in (image, other)
    )
    query = query_of(image, hole, hole)
    assert np.array_equal(first.image[query.hole], second.image[query.hole])


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_of_the_radiograph_is_no_donor(image: np.ndarray, hole: np.ndarray, shelf: Shelf, kind: str) -> None:
    copied = plate_of(copy_of(image, kind), name="copy.png", patient="X")
    query = query_of(image, hole, hole)
    found = donors(query, [Shelf([own_plate(image, hole)]), shelf, Shelf([copied])], limits=Limits(6))
    assert found
    assert "copy.png" not in {donor.fit.placement.plate.name for donor in found}


def test_without_that_check_the_hole_itself_would_come_back(
    image: np.ndarray, hole: np.ndarray, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    monkeypatch.setattr(exemplar, "is_copy", lambda canvas, donor: False)
    monkeypatch.setattr(copies.Original, "is_shown_by", lambda self, other: False)
    copied = plate_of(copy_of(image, "shifted"), name="copy.png", patient="X")
    query = query_of(image, hole, hole)
    best = donors(query, [Shelf([own_plate(image, hole)]), shelf, Shelf([copied])])[0]
    assert best.fit.placement.plate.name == "copy.png"
    assert np.abs(best.image - query.image).mean() < 0.01


def test_each_further_donor_differs(image: np.ndarray, hole: np.ndarray, shelf: Shelf) -> None:
    query = query_of(image, hole, hole)
    shelves = [Shelf([own_plate(image, hole)]), shelf]
    found = donors(query, shelves, limits=Limits(5))
    places = [(d.fit.placement.plate.name, d.fit.placement.mirrored, window_of(query, d)) for d in found]
    assert len(set(places)) == len(found) == 5
    assert [d.score for d in found] == sorted(d.score for d in found)
    for k, expected in enumerate(found):
        (alone,) = donors(query, shelves, limits=Limits(1, k))
        assert np.array_equal(alone.image, expected.image)
        assert k == 0 or not np.array_equal(alone.image, found[0].image)


def test_ribs_run_on_where_a_smooth_fill_stops(image: np.ndarray, shelf: Shelf) -> None:
    """A hole of one and a half ribs."""
    mask = np.zeros(image.shape, bool)
    mask[90:154, 26:90] = True
    query = query_of(image, mask, mask)
    best = donors(query, [shelf])[0].image
    smooth = biharmonic.fill(query.image, query.hole)
    ribs = [float(np.corrcoef(one[query.hole], query.image[query.hole])[0, 1]) for one in (best, smooth)]
    assert ribs[0] > 0.6
    assert ribs[0] > ribs[1] + 0.05


def test_the_seam_is_no_stronger_than_the_image(image: np.ndarray, hole: np.ndarray, shelf: Shelf) -> None:
    from cxr_studio.metrics.seam import seam_ratio

    query = query_of(image, hole, hole)
    assert seam_ratio(donors(query, [shelf])[0].image, query.hole) < 1.35


@pytest.mark.parametrize("place", [(0, 0), (226, 194), (0, 90), (110, 194)])
def test_a_hole_at_the_border_of_the_image(image: np.ndarray, shelf: Shelf, place: tuple[int, int]) -> None:
    mask = np.zeros(image.shape, bool)
    mask[place[0] : place[0] + 30, place[1] : place[1] + 30] = True
    query = query_of(image, mask, mask)
    found = donors(query, [Shelf([own_plate(image, mask)]), shelf])
    assert np.isfinite(found[0].image).all()
    assert np.array_equal(found[0].image[~query.hole], query.image[~query.hole])


def test_any_shape_of_hole(image: np.ndarray, shelf: Shelf) -> None:
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    ring = np.abs(np.hypot(y - 120, x - 100) - 20) < 5
    query = query_of(image, ring, ring)
    found = donors(query, [Shelf([own_plate(image, ring)]), shelf])
    assert np.array_equal(found[0].image[~query.hole], query.image[~query.hole])


def test_a_flat_image_has_no_donor(hole: np.ndarray, shelf: Shelf) -> None:
    flat = np.full(hole.shape, 0.5, np.float32)
    assert donors(query_of(flat, hole, hole), [shelf]) == []


def test_the_search_can_be_cancelled(image: np.ndarray, hole: np.ndarray, shelf: Shelf) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        donors(query_of(image, hole, hole), [shelf], cancel=token)


def test_samples_for_training(
    image: np.ndarray, hole: np.ndarray, shelf: Shelf, make_chest: Callable[..., np.ndarray]
) -> None:
    second = np.zeros_like(hole)
    second[0:24, 100:130] = True
    limits = Limits(3, 0, frozenset({"P10"}))
    made = list(samples(image, [hole, second], [shelf], limits=limits, margin=40))
    assert [one.donors.shape[0] for one in made] == [3, 3]
    for one in made:
        assert np.array_equal(one.truth, image[one.box[0] : one.box[2], one.box[1] : one.box[3]])
        assert all(np.array_equal(laid[~one.hole], one.truth[~one.hole]) for laid in one.donors)
        assert np.array_equal(one.smooth[~one.hole], one.truth[~one.hole])
        assert np.isfinite(one.donors).all()
        assert "10.png" not in one.sources
