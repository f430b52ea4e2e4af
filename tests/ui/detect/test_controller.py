"""The detector on the open radiograph: asked after every edit, thresholds, misses, and more like those."""

from __future__ import annotations

import pytest

from cxr_studio.datasets.entries import Finding
from cxr_studio.detection.detections import Detection
from cxr_studio.detection.in_session import Judged, Placed
from cxr_studio.errors import GeneratorError
from cxr_studio.generation.session import copied
from cxr_studio.nodules.edits import placement_of
from cxr_studio.nodules.export import request_for
from cxr_studio.nodules.placement import Placement
from cxr_studio.nodules.zones import Zone
from cxr_studio.ui.detect.asking import Answer
from cxr_studio.ui.detect.commands import missed_actions, run_actions
from cxr_studio.ui.detect.controller import MEANWHILE, NO_SOURCE, DetectController
from cxr_studio.ui.detect.panel import DetectPanel
from cxr_studio.ui.detect.sources import Source
from cxr_studio.ui.detect.state import detect_state

SCORES = (0.9, 0.5, 0.2)


class Asked:
    """Finds three boxes; of the placed nodules the first with 0.5, the others not."""

    def __init__(self, bridge) -> None:
        self.bridge, self.sources, self.scores = bridge, [], SCORES

    def detect(self, session, source):
        self.sources.append(source)
        edits = session.edits

        def work(**_options):
            found = tuple(Detection("", (10.0 * k, 0, 10 * k + 8, 8), score) for k, score in enumerate(self.scores))
            nodules = []
            for edit in edits:
                placed = placement_of(edit)
                if placed is not None:
                    finding = Finding("nodule", (placed.y - 5, placed.x - 5, placed.y + 5, placed.x + 5), 10)
                    nodules.append(Judged(Placed(edit.number, placed, finding), None if nodules else 0.5))
            return Answer(found, tuple(nodules), edits, 0.1)

        return work

    def draw(self, session, like):
        copy = copied(session)

        def work(**_options):
            for k in range(2):
                put(copy, self.bridge, Placement(70.0, 20.0 + 20 * k, like.diameter, seed=k))
            return [(result, "Nodule") for result in self.bridge.made[-2:]], Zone(0, 1)

        return work


def put(session, bridge, placement):
    """A nodule as the fake engine draws it."""
    request = request_for(session, placement)
    answered = []
    bridge.answered.connect(answered.append)
    bridge.place(request)
    bridge.answered.disconnect(answered.append)
    bridge.made = [*getattr(bridge, "made", []), answered[0]]
    return session.add(answered[0], "Nodule 10 px")


@pytest.fixture
def asked(bridge):
    return Asked(bridge)


@pytest.fixture
def detect(workspace, bridge, asked):
    sources = (Source("one", "One"), Source("two", "Two"))
    return DetectController(workspace, bridge, sources, asking=asked)


def place(workspace, bridge, *points):
    for y, x in points:
        put(workspace.session, bridge, Placement(y, x, 10.0))
    workspace.edited()


def answered(bridge):
    bridge.do(bridge.works[-1])


def test_boxes_come_when_it_is_on_and_go_when_it_is_off(detect, bridge):
    assert not bridge.works
    detect.set_on(True)
    assert detect.detecting
    assert detect.answer is None
    answered(bridge)
    assert [one.score for one in detect.boxes] == [0.9, 0.5]
    detect.set_threshold(0.6)
    assert [one.score for one in detect.boxes] == [0.9]
    detect.set_on(False)
    assert detect.boxes == ()


def test_it_is_asked_again_after_an_edit_and_only_the_newest_answer_counts(detect, workspace, bridge):
    detect.set_on(True)
    first = bridge.works[-1]
    place(workspace, bridge, (30, 30))
    assert first.token.cancelled
    first.on_done(first.work())
    assert detect.answer is None
    answered(bridge)
    assert detect.answer.edits is workspace.session.edits
    assert [each.placed.number for each in detect.nodules] == [1]


def test_another_radiograph_has_its_own_answer(detect, workspace, bridge, other_session):
    detect.set_on(True)
    answered(bridge)
    workspace.open(other_session)
    assert detect.answer is None
    assert detect.detecting
    workspace.close()
    assert not detect.detecting


def test_what_is_missed_follows_the_threshold(detect, workspace, bridge):
    place(workspace, bridge, (30, 30), (60, 60))
    detect.set_on(True)
    answered(bridge)
    assert [each.placed.number for each in detect.missed] == [2]
    detect.set_threshold(0.51)
    assert [each.placed.number for each in detect.missed] == [1, 2]
    looked = []
    detect.look_at.connect(lambda y, x: looked.append((y, x)))
    for _ in range(3):
        detect.next_missed()
    assert looked == [(30, 30), (60, 60), (30, 30)]
    assert workspace.selected == 1
    assert detect.like.placed.number == 1
    workspace.select(None)
    assert detect.like.placed.number == 2


def test_more_like_the_missed_one_are_one_step(detect, workspace, bridge, heard):
    place(workspace, bridge, (30, 30), (60, 60))
    detect.set_on(True)
    answered(bridge)
    told = heard()
    detect.told.connect(told)
    detect.more()
    assert detect.drawing
    answered(bridge)
    assert not detect.drawing
    assert len(workspace.session.edits) == 4
    assert told == ["2 nodules like nodule 2 were drawn in the middle third of the lung at the image's left."]
    assert detect.detecting
    workspace.undo()
    assert len(workspace.session.edits) == 2
    workspace.redo()
    assert [edit.number for edit in workspace.session.edits] == [1, 2, 3, 4]


def test_an_edit_meanwhile_ends_the_drawing(detect, workspace, bridge, heard):
    place(workspace, bridge, (30, 30), (60, 60))
    detect.set_on(True)
    answered(bridge)
    warned = heard()
    detect.warned.connect(warned)
    detect.more()
    drawing = bridge.works[-1]
    place(workspace, bridge, (90, 60))
    assert drawing.token.cancelled
    assert warned == [MEANWHILE]
    drawing.on_done(drawing.work())
    assert len(workspace.session.edits) == 3


def test_what_fails_switches_it_off(detect, bridge):
    detect.set_on(True)
    bridge.failed.emit(bridge.works[-1].number, GeneratorError("no weights"))
    assert not detect.on
    assert not detect.detecting


def test_scores_of_another_scale_have_limits_of_their_own(detect, asked, bridge, workspace):
    asked.scores = (12.0, 7.0, -3.0)
    detect.set_on(True)
    answered(bridge)
    assert detect.limits == (-3, 12)
    assert len(detect.boxes) == 2
    detect.step_threshold(-100)
    assert len(detect.boxes) == 3
    assert detect_state(detect, workspace).threshold_words == "-3"


def test_another_detector_is_asked_at_once(detect, bridge, asked):
    detect.set_on(True)
    detect.choose("two")
    assert [source.name for source in asked.sources] == ["one", "two"]
    detect.choose("unknown")
    assert detect.source.name == "two"


def test_answers_in_a_file_join_the_detectors(detect, tmp_path, bridge, heard):
    warned = heard()
    detect.warned.connect(warned)
    detect.open(tmp_path / "boxes.txt")
    assert "neither a detector nor its answers" in warned[0]
    assert not detect.on
    for _ in range(2):
        detect.open(tmp_path / "boxes.csv")
    assert [source.title for source in detect.sources] == ["One", "Two", "boxes.csv"]
    assert detect.on
    (tmp_path / "1.2.840.77").write_bytes(bytes(128) + b"DICM")
    detect.open(tmp_path / "1.2.840.77")
    assert detect.sources[-1].title == "1.2.840.77", "DICOM files need no ending"


def test_before_the_engine_is_there_it_waits(detect, bridge):
    bridge.loaded = False
    detect.set_on(True)
    assert not bridge.works
    bridge.loaded = True
    bridge.warmed.emit("inpainting", "CPU")
    assert len(bridge.works) == 1


def test_without_a_detector_the_command_says_what_to_do(workspace, bridge):
    detect = DetectController(workspace, bridge, ())
    run, *_ = run_actions(detect, workspace, lambda: None)
    assert run.when() == NO_SOURCE
    assert detect_state(detect, workspace).words == NO_SOURCE


def test_the_panel_shows_boxes_and_fates(qtbot, detect, workspace, bridge):
    panel = DetectPanel()
    qtbot.addWidget(panel)
    place(workspace, bridge, (30, 30), (60, 60))
    detect.set_on(True)
    answered(bridge)
    panel.set_state(detect_state(detect, workspace))
    assert panel.texts == ["1   10 px   found (50 %)", "2   10 px   missed"]
    assert panel.words == "2 boxes, 1 of 2 placed nodules found (0.10 s)"
    _, more = missed_actions(detect, lambda: None)
    assert more.when() == ""
    detect.more()
    assert more.when() == "Nodules are being drawn."
