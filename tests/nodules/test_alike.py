"""More nodules like one: where they go, what they share with it, and zones of the lungs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cxr_studio.errors import Cancelled, GeneratorError
from cxr_studio.events import CancelToken, silent
from cxr_studio.generation.session import Session
from cxr_studio.nodules import alike
from cxr_studio.nodules.alike import COUNT, draw_alike
from cxr_studio.nodules.edits import placement_of
from cxr_studio.nodules.export import add_nodule
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.zones import Zone, in_zone, zone_of
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph, Source

LIKE = Placement(150.0, 90.0, 14.0, seed=3, contrast=0.8)


@pytest.fixture
def lungs(phantom):
    """Two ellipses, as the phantom has them."""
    y, x = np.mgrid[: phantom.shape[0], : phantom.shape[1]]
    v, u = y / phantom.shape[0], x / phantom.shape[1]
    return np.any([((u - c) / 0.15) ** 2 + ((v - 0.45) / 0.32) ** 2 < 1 for c in (0.31, 0.69)], axis=0)


@pytest.fixture
def session(phantom, lungs, monkeypatch):
    monkeypatch.setattr(alike, "allowed_area", lambda _radiograph: lungs)
    phantom.setflags(write=False)
    return Session(Radiograph(phantom, linear_greyscale(phantom.dtype, 16), source=Source(None, "", "png", 16)))


def drawn(session, like=LIKE):
    return draw_alike(session, like, device="cpu", cancel=CancelToken(), progress=silent)


def test_they_share_size_contrast_and_zone_and_lie_apart(session, lungs):
    add_nodule(session, LIKE, device="cpu")
    results, zone = drawn(session)
    placed = [placement_of(edit) for edit in session.edits]
    assert len(results) == COUNT == len(placed) - 1
    assert zone == Zone(0, 1)
    for each in placed[1:]:
        assert (each.diameter, each.contrast, each.generator) == (LIKE.diameter, LIKE.contrast, LIKE.generator)
        assert in_zone(lungs, zone)[round(each.y), round(each.x)]
    assert len({each.seed for each in placed}) == COUNT + 1
    points = np.array([(each.y, each.x) for each in placed])
    between = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    assert between[~np.eye(len(points), dtype=bool)].min() >= LIKE.diameter


def test_large_ones_go_wherever_they_fit(session):
    large = replace(LIKE, diameter=44.0, contrast=0.9)
    results, zone = drawn(session, large)
    assert len(results) == COUNT
    assert zone is None


def test_too_large_ones_are_refused(session):
    with pytest.raises(GeneratorError, match="do not fit"):
        drawn(session, replace(LIKE, diameter=120.0))
    assert session.edits == ()


def test_a_cancelled_drawing_ends(session):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        draw_alike(session, LIKE, device="cpu", cancel=token, progress=silent)


def test_zones_divide_the_lungs(lungs):
    parts = [in_zone(lungs, Zone(side, third)) for side in (0, 1) for third in (0, 1, 2)]
    assert (np.sum(parts, axis=0) == lungs).all()
    assert all(part.any() for part in parts)
    assert zone_of(lungs, 0.0, 0.0) == Zone(0, 0)
    assert zone_of(lungs, 319.0, 287.0) == Zone(1, 2)
    assert str(zone_of(lungs, 144.0, 200.0)) == "middle third of the lung at the image's right"
