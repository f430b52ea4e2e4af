"""Sitting a study: resuming, taking back, interruptions, warm-up, breaks, time limits; and what is never told."""

from __future__ import annotations

import json
import time
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from cxr_studio.studies import ledger as ledger_module
from cxr_studio.studies.bundle import BundleError
from cxr_studio.studies.ledger import EVENTS_KEPT, SittingOptions
from cxr_studio.studies.sitting import Sitting, SittingError
from cxr_studio.studies.trial_view import Break, Finished, Mark, Response, TrialView
from tests.studies.tiny_study import Reader, tiny_study


@pytest.fixture
def study(tmp_path: Path):
    return tiny_study(tmp_path)


def test_a_whole_study(study):
    bundle, _ = study
    sitting = Sitting(bundle, "anna")
    shown = Reader(sitting).answer_many()
    assert [view.uid for view in shown] == [trial.uid for trial in bundle.schedules[0]]
    assert [view.images for view in shown] == [tuple(map(bundle.image, t.images)) for t in bundle.schedules[0]]
    assert [(view.number, view.total) for view in shown] == [(1, 2), (2, 2), *((k, 18) for k in range(1, 19))]
    assert sitting.current() == Finished(18, 0, 0)
    sitting.close()


def test_breaks_follow_practice_and_every_block_but_the_last(study):
    sitting = Sitting(study[0], "anna")
    reader, breaks, place = Reader(sitting), [], 0
    while not isinstance(step := sitting.current(), Finished):
        if isinstance(step, Break):
            breaks.append((place, step))
            assert sitting.current() is step
            with pytest.raises(SittingError, match="no trial"):
                sitting.shown()
            sitting.go_on()
        reader.show()
        reader.give("left")
        place += 1
    assert breaks == [(2, Break(0, 18, True)), (8, Break(6, 18)), (14, Break(12, 18))]
    sitting.close()


@pytest.mark.parametrize("stops", [1, 2, 5, 8, 19])
def test_resuming_goes_on_exactly_where_it_stood(study, stops):
    bundle, _ = study
    seen = []
    for _ in range(30):
        sitting = Sitting(bundle, "anna")
        assert sitting.resumed == bool(seen)
        seen += [view.uid for view in Reader(sitting).answer_many(stops)]
        done = isinstance(sitting.current(), Finished)
        sitting.close()
        if done:
            break
    assert seen == [trial.uid for trial in bundle.schedules[0]]


def test_every_timing_and_response_is_kept(tmp_path):
    bundle, _ = tiny_study(tmp_path, answer={"confidence": 5, "mark": True}, practice={"trials": 0})
    sitting = Sitting(bundle, "anna", SittingOptions(provenance={"version": "x"}))
    check = sitting.display_checked({"gsdf": "passed", "monitor": "A"})
    sitting.load_started(1_000)
    sitting.shown(2_000_000)
    mark = Mark(12.5, 20.0, "right", 3, 900_000_000)
    sitting.answer(
        Response(
            "right", 1_502_000_000, 400_000_000, "K", 4, (mark,), "too smooth", {"zoom": 2}, 500_000_000, 16_666_667
        )
    )
    row = sitting.ledger.rows[0]
    assert (row.load_start_ns, row.painted_ns, row.first_input_ns, row.decision_ns) == (
        1_000,
        2_000_000,
        400_000_000,
        1_502_000_000,
    )
    assert row.rt_ms == 1000.0  # painted to key-down, less half a second of pause
    assert (row.key_pressed, row.confidence, row.cue, row.frame_interval_ns) == ("K", 4, "too smooth", 16_666_667)
    assert json.loads(row.marks)[0]["x"] == 12.5
    assert json.loads(row.view) == {"zoom": 2}
    assert row.display_check_id == check
    assert row.chosen_image == bundle.schedules[0][0].images[1]
    assert json.loads(row.image_sha256) == [bundle.images[name] for name in bundle.schedules[0][0].images]
    assert json.loads(sitting.ledger._log.sessions("anna")[0]["provenance"]) == {"version": "x"}
    sitting.close()


def test_an_answer_taken_back_is_superseded_not_overwritten(study):
    sitting = Sitting(study[0], "anna")
    reader = Reader(sitting)
    reader.answer_many(2)
    assert not sitting.undo()  # practice has had its feedback
    first = reader.show()
    reader.give("left")
    after = sitting.current()
    assert isinstance(after, TrialView)
    assert after.can_undo
    assert sitting.undo()
    again = sitting.current()
    assert isinstance(again, TrialView)
    assert (again.uid, again.number, again.again, again.can_undo) == (first.uid, first.number, True, False)
    assert not sitting.undo()
    reader.show()
    reader.give("right")
    old, new = sitting.ledger.rows[-2:]
    assert (old.choice, new.choice) == ("left", "right")
    assert (new.supersedes, new.iteration, new.undo_count, new.reason) == (old.sequence, 1, 1, "undo")
    reader.answer_many()
    assert sitting.current() == Finished(18, 0, 0)
    sitting.close()


def test_a_crash_after_taking_back_loses_nothing(study):
    sitting = Sitting(study[0], "anna")
    reader = Reader(sitting)
    reader.answer_many(3)
    sitting.undo()
    reader.show()
    sitting.close()
    again = Sitting(study[0], "anna")
    assert len(Reader(again).answer_many()) == 17
    assert again.current() == Finished(18, 0, 0)
    again.close()


def test_only_this_sittings_last_answer_can_be_taken_back(study):
    sitting = Sitting(study[0], "anna")
    Reader(sitting).answer_many(4)
    sitting.close()
    again = Sitting(study[0], "anna")
    assert not again.undo()
    again.close()


def test_undo_can_be_forbidden(tmp_path):
    bundle, _ = tiny_study(tmp_path, answer={"undo": False})
    sitting = Sitting(bundle, "anna")
    Reader(sitting).answer_many(4)
    assert not sitting.undo()
    sitting.close()


@pytest.mark.parametrize(("policy", "answered", "dropped"), [("later", 18, 0), ("drop", 17, 1)])
def test_an_interrupted_trial(tmp_path, policy, answered, dropped):
    bundle, _ = tiny_study(tmp_path, resume={"interrupted": policy})
    sitting = Sitting(bundle, "anna")
    reader = Reader(sitting)
    reader.answer_many(4)
    cut_off = reader.show()
    sitting.close()  # without an answer, as by a kill
    again = Sitting(bundle, "anna")
    seen = [view.uid for view in Reader(again).answer_many()]
    assert again.current() == Finished(answered, 0, dropped)
    assert "interrupted" in [row.kind for row in again.ledger.trail]
    block = [trial.uid for trial in bundle.schedules[0] if trial.block == 0]
    if policy == "later":  # at the end of its block
        assert seen.index(cut_off.uid) == len(block) - 3
    else:
        assert cut_off.uid not in seen
    again.close()


def test_a_trial_that_was_answered_is_not_interrupted(study):
    for _ in range(3):
        sitting = Sitting(study[0], "anna")
        Reader(sitting).answer_many(4)
        assert "interrupted" not in [row.kind for row in sitting.ledger.trail]
        sitting.close()


def test_a_long_gap_brings_warm_up_trials_that_do_not_count(tmp_path, monkeypatch):
    bundle, _ = tiny_study(tmp_path, resume={"max_gap_h": 2, "warm_up": 2})
    sitting = Sitting(bundle, "anna")
    Reader(sitting).answer_many(5)
    sitting.close()
    now = ledger_module.datetime.fromisoformat(ledger_module.utc_now())
    monkeypatch.setattr(ledger_module, "utc_now", lambda: (now + timedelta(hours=3)).isoformat(timespec="milliseconds"))
    again = Sitting(bundle, "anna")
    shown = Reader(again).answer_many()
    assert [(view.phase, view.number, view.total) for view in shown[:2]] == [("warm-up", 1, 2), ("warm-up", 2, 2)]
    assert shown[2].phase == "main"
    assert shown[2].number == 4
    assert again.current() == Finished(18, 0, 0)
    assert [row.phase for row in again.ledger.rows].count("warm-up") == 2
    again.close()


def test_practice_gives_feedback_and_nothing_else_does(study):
    bundle, key = study
    sitting = Sitting(bundle, "anna")
    reader = Reader(sitting)
    for place in range(6):
        view = reader.show()
        feedback = reader.give("left").feedback
        if place < 2:
            right = key.right_answer(key.trials[view.uid])
            assert feedback is not None
            assert (feedback.answer, feedback.correct) == (right, right == "left")
            assert feedback.boxes == ((10, 20, 30, 40),)
        else:
            assert feedback is None
    sitting.close()


def test_feedback_can_be_left_off(tmp_path):
    bundle, _ = tiny_study(tmp_path, practice={"feedback": False})
    sitting = Sitting(bundle, "anna")
    reader = Reader(sitting)
    reader.show()
    assert reader.give("left").feedback is None
    sitting.close()


def test_time_running_out_is_an_answer_of_its_own(tmp_path):
    bundle, _ = tiny_study(tmp_path, answer={"time_limit_s": 10})
    sitting = Sitting(bundle, "anna")
    reader = Reader(sitting)
    reader.answer_many(2)
    reader.show()
    reader.give(None)
    row = sitting.ledger.rows[-1]
    assert (row.choice, row.timed_out, row.rt_ms, row.chosen_image) == (None, 1, None, "")
    reader.answer_many()
    assert sitting.current() == Finished(18, 1, 0)
    sitting.close()


@pytest.mark.parametrize(
    ("response", "words"),
    [
        ({"choice": "fake"}, "none of left, right"),
        ({"choice": None}, "no time limit"),
        ({"choice": "left", "confidence": 9}, "1 to 5"),
        ({"choice": "left"}, "1 to 5"),
    ],
)
def test_answers_that_the_protocol_does_not_allow(tmp_path, response, words):
    bundle, _ = tiny_study(tmp_path, answer={"confidence": 5})
    sitting = Sitting(bundle, "anna")
    reader = Reader(sitting)
    reader.show()
    with pytest.raises(SittingError, match=words):
        reader.give(**response)
    assert reader.give("left", confidence=5).sequence == 0
    sitting.close()


def test_an_answer_needs_a_trial_that_was_shown(study):
    sitting = Sitting(study[0], "anna")
    with pytest.raises(SittingError, match="not been shown"):
        sitting.answer(Response("left", time.monotonic_ns()))
    sitting.shown()
    with pytest.raises(SittingError, match="not been shown"):
        sitting.answer(Response("left", 5))
    sitting.close()


@pytest.mark.parametrize("name", ["", "a b", "truth", "../x", "x" * 33, "a,b"])
def test_names_that_cannot_be(study, name):
    with pytest.raises(SittingError, match="name"):
        Sitting(study[0], name)


def test_a_changed_image_is_not_shown(study):
    sitting = Sitting(study[0], "anna")
    view = sitting.current()
    assert isinstance(view, TrialView)
    view.images[0].write_bytes(b"x")
    with pytest.raises(BundleError, match="changed"):
        sitting.load_started()
    sitting.close()


def test_events_wait_in_a_bounded_queue_and_are_written_in_one_batch(study):
    sitting = Sitting(study[0], "anna")
    log, session = sitting.ledger._log, sitting.ledger.session_id
    for k in range(EVENTS_KEPT + 10):
        sitting.event("zoom", {"factor": k}, ns=k, uid="t")
    reader = Reader(sitting)
    reader.show()
    reader.give("left")
    assert log.interactions(session) == []  # the answer's transaction had none of them
    sitting.flush()
    kept = log.interactions(session)
    assert len(kept) == EVENTS_KEPT
    assert json.loads(kept[7]["body"]) == {"factor": 7}
    assert json.loads(next(row.body for row in sitting.ledger.trail if row.kind == "events lost")) == {"count": 11}
    sitting.close()


def test_the_coming_images_can_be_loaded_beforehand(study):
    bundle, _ = study
    sitting = Sitting(bundle, "anna")
    schedule = bundle.schedules[0]
    assert sitting.coming() == tuple(map(bundle.image, schedule[1].images))
    Reader(sitting).answer_many()
    assert sitting.coming() == ()
    sitting.close()


def test_single_images(tmp_path):
    bundle, key = tiny_study(tmp_path, "real-or-fake")
    sitting = Sitting(bundle, "anna")
    shown = Reader(sitting).answer_many()
    assert {len(view.images) for view in shown} == {1}
    assert shown[0].choices == ("real", "fake")
    assert {key.right_answer(trial) for trial in key.trials.values()} == {"real", "fake"}
    sitting.close()


def test_the_view_has_no_place_for_the_truth():
    names = {field.name for view in (TrialView, Break, Finished) for field in fields(view)}
    assert not names & {"truth", "target", "correct", "condition", "generator", "original", "altered", "case"}
