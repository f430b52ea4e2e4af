"""A detector's answers against the nodules of a session."""

from __future__ import annotations

import pytest

from cxr_studio.detection import in_session
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.in_session import PlacedNodules, judged
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import bounding_box
from cxr_studio.nodules.export import add_nodule
from cxr_studio.nodules.placement import Placement
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.radiograph import Radiograph, Source
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions


@pytest.fixture
def session(phantom):
    phantom.setflags(write=False)
    made = Session(Radiograph(phantom, linear_greyscale(phantom.dtype, 16), source=Source(None, "", "png", 16)))
    for y, x, diameter in ((120, 90, 20.0), (180, 200, 16.0)):
        add_nodule(made, Placement(y, x, diameter, seed=1), device="cpu")
    return made


def test_boxes_are_those_of_the_export(session, monkeypatch):
    asked = []
    real = in_session.drawn_once_more
    monkeypatch.setattr(in_session, "drawn_once_more", lambda *a, **k: asked.append(a[1].number) or real(*a, **k))
    nodules = PlacedNodules()
    placed = nodules.of(session, device="cpu")
    assert [each.number for each in placed] == [1, 2]
    edit = session.edit(1)
    y0, x0, y1, x1 = placed[0].finding.box
    top, left, bottom, right = bounding_box(edit.mask(session.radiograph.shape))
    assert top <= y0 < y1 <= bottom
    assert left <= x0 < x1 <= right
    assert placed[0].finding.diameter_px == pytest.approx(20, abs=2)
    assert nodules.of(session, device="cpu") == placed
    assert asked == [1, 2]


def test_hidden_and_filled_nodules_do_not_count(session):
    session.enable(2, False)
    assert [each.number for each in PlacedNodules().of(session, device="cpu")] == [1]
    session.mask[100:140, 70:110] = True
    session.accept(fill(session.request(FillOptions(generator="biharmonic", grain="off"), session.mask)), "Fill")
    assert PlacedNodules().of(session, device="cpu") == ()


def test_a_nodule_is_found_from_the_score_of_its_best_hit_down(session):
    placed = PlacedNodules().of(session, device="cpu")
    box = placed[0].finding.box
    found = judged(placed, [Detection("x", box, 0.4), Detection("y", box, 0.7), Detection("z", (0, 0, 9, 9), 0.9)])
    assert [each.score for each in found] == [0.7, None]
    assert not found[0].missed(0.7)
    assert found[0].missed(0.71)
    assert found[1].missed(0.0)
