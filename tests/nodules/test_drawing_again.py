"""Draws that cannot be found are made again; what stands out most stays where none passes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cxr_studio.generation.session import Session
from cxr_studio.nodules import drawing_again
from cxr_studio.nodules.bone import ROOM, cortical_bone
from cxr_studio.nodules.drawing_again import add_findable, verdict_of
from cxr_studio.nodules.edits import placement_of
from cxr_studio.nodules.export import request_for
from cxr_studio.nodules.judging import Verdict
from cxr_studio.nodules.placement import Placement
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph, Source


@pytest.fixture
def session(phantom):
    phantom.setflags(write=False)
    return Session(Radiograph(phantom, linear_greyscale(phantom.dtype, 16), source=Source(None, "", "png", 16)))


PLACED = Placement(150.0, 90.0, 24.0, seed=1)


def measured(monkeypatch, by_seed):
    real = drawing_again.request_for
    asked = []

    def noted(session, placement, number=1):
        asked.append(placement.seed)
        return real(session, placement, number)

    monkeypatch.setattr(drawing_again, "request_for", noted)
    monkeypatch.setattr(drawing_again, "verdict_of", lambda _image, _placed: by_seed[asked[-1]])
    return asked


def test_the_first_draw_that_passes_is_kept_as_one_edit(session, monkeypatch):
    asked = measured(
        monkeypatch, {1: Verdict(0.3, 1.2), 2: Verdict(5.0, 0.2), 3: Verdict(4.0, 1.2), 4: Verdict(9.0, 1.2)}
    )
    placed, chosen = add_findable(session, PLACED, seeds=(2, 3, 4))
    assert asked == [1, 2, 3]
    assert chosen == replace(PLACED, seed=3)
    (edit,) = session.edits
    assert placement_of(edit) == chosen
    written = edit.mask(session.radiograph.shape)
    assert (session.composite[written] != session.radiograph.stored[written]).all()
    assert placed.drawn.diameter == pytest.approx(24, abs=3)


def test_where_none_passes_the_most_conspicuous_that_is_no_ring_stays(session, monkeypatch):
    measured(monkeypatch, {1: Verdict(0.3, 1.2), 2: Verdict(5.0, 0.2), 3: Verdict(1.1, 1.2), 4: Verdict(0.9, 1.2)})
    _, chosen = add_findable(session, PLACED, seeds=(2, 3, 4))
    assert chosen.seed == 3
    assert len(session.edits) == 1


def test_less_contrast_that_was_asked_for_is_drawn_once(session, monkeypatch):
    asked = measured(monkeypatch, {1: Verdict(0.1, 1.2)})
    add_findable(session, replace(PLACED, contrast=0.4), seeds=(2, 3, 4))
    assert asked == [1]


def test_what_is_measured_follows_the_contrast_of_the_drawn_nodule(session):
    found = []
    for contrast in (0.5, 1.0, 2.0):
        request = request_for(session, replace(PLACED, contrast=contrast))
        found.append(verdict_of(request.image, drawing_again.draw_nodule(request)))
    assert found[1].conspicuity == pytest.approx(2 * found[0].conspicuity, rel=0.1)
    assert found[0].conspicuity < found[1].conspicuity < found[2].conspicuity
    assert not any(verdict.ring for verdict in found)


def test_no_drawn_nodule_is_brighter_than_bone(session):
    import cv2

    request = request_for(session, replace(PLACED, contrast=4.0, diameter=60.0))
    level = cortical_bone(request.image)
    placed = drawing_again.draw_nodule(request)
    session.add(placed, "Nodule")
    before = cv2.GaussianBlur(session.radiograph.stored.astype(np.float32), (0, 0), 1.5)
    after = cv2.GaussianBlur(session.composite.astype(np.float32), (0, 0), 1.5)
    silhouette = placed.drawn.whole(session.radiograph.shape)
    room = ROOM * (request.image.unit[1] - request.image.unit[0])
    assert (after[silhouette] <= np.maximum(level, before[silhouette] + room) + 400).all()
    assert (after - before)[silhouette].max() > 3000
