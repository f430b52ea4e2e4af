"""A study sat in its window by keyboard and by mouse: what is shown, what is kept, what stops it."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel

from cxr_studio.studies.database import LogError
from cxr_studio.studies.ledger import SittingOptions
from cxr_studio.studies.sitting import Sitting
from cxr_studio.studies.trial_view import Finished
from cxr_studio.ui.study.known_readers import known_readers
from cxr_studio.ui.study.trial_controller import Phase
from tests.studies.tiny_study import tiny_study

ENTER, LEFT, RIGHT = Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Right
SHORT = {"images": {"count": 2}, "order": {"break_every": 3, "repeats": 0}}
"""Four trials of the study in two blocks; two of practice unless asked otherwise."""


def choices(seat):
    return [row.choice for row in seat.ledger.rows]


def test_a_pair_study_by_keyboard_from_the_name_to_the_thanks(seat):
    desk = seat(**SHORT)
    desk.begin()
    page = desk.window.trial
    assert page.progress == "Practice: 1 of 2"
    progress = []
    for number, key in enumerate((LEFT, Qt.Key.Key_J, LEFT, RIGHT, Qt.Key.Key_F, RIGHT)):
        if desk.words:
            assert desk.words in ("Practice is over", "Time for a break")
            desk.key(ENTER)
        desk.wait_open()
        progress.append(page.progress)
        desk.key(key)
        if number < 2:
            assert desk.trials.phase is Phase.FEEDBACK
            assert page.notice.startswith(("Correct:", "Not correct:"))
            desk.key(ENTER)
    assert progress == ["Practice: 1 of 2", "Practice: 2 of 2", "1 of 4", "2 of 4", "3 of 4", "4 of 4"]
    assert desk.words == "Thank you"
    assert choices(desk) == ["left", "right", "left", "right", "left", "right"]
    rows = desk.ledger.rows
    assert [row.key_pressed for row in rows[:3]] == ["Left", "J", "Left"]
    assert all(0 < row.load_start_ns <= row.painted_ns <= row.decision_ns < row.written_ns for row in rows)
    assert all(row.display_check_id == 1 and row.first_input_ns == row.decision_ns for row in rows)
    assert [row.trial_uid for row in rows] == [trial.uid for trial in desk.bundle.schedules[0]]
    told = " ".join(label.text() for label in desk.window.findChildren(QLabel)).lower()
    assert not any(word in told for word in ("correct", "accuracy", "%"))


def test_both_images_are_shown_by_one_scene_at_one_size_with_what_the_bundle_holds(seat):
    from PIL import Image

    desk = seat(**SHORT)
    desk.begin()
    images, view = desk.window.trial.images, desk.sitting.current()
    left, right = images.canvases
    assert left.size() == right.size()
    assert left.geometry_now == right.geometry_now
    rendering = images.scene.rendering(left.geometry_now)
    scale = round(left.geometry_now.scale)
    assert scale == 3  # 64 pixels, whole multiples only
    box = rendering.image_box
    for canvas, path in zip((left, right), view.images, strict=True):
        shown = np.array(rendering._grey(canvas.kind))[box[0] : box[2] - 1, box[1] : box[3] - 1]
        assert (shown[scale // 2 :: scale, scale // 2 :: scale] == np.asarray(Image.open(path))).all()


def test_real_or_fake_with_confidence_by_keyboard_and_by_mouse(seat):
    desk = seat("real-or-fake", conditions=[{"generator": "biharmonic"}], answer={"confidence": 5}, **SHORT)
    desk.begin()
    assert desk.trials.page.images.count == 1
    desk.key(Qt.Key.Key_F)
    assert desk.trials.phase is Phase.OPEN  # not sure enough yet
    assert "1 to 5" in desk.window.trial.notice
    desk.key(Qt.Key.Key_6)
    assert desk.trials.phase is Phase.OPEN
    desk.key(Qt.Key.Key_4)
    assert desk.trials.phase is Phase.FEEDBACK
    desk.key(ENTER)
    desk.wait_open()
    desk.qtbot.mousePress(desk.button("2"), Qt.MouseButton.LeftButton)
    desk.qtbot.mousePress(desk.button("Real"), Qt.MouseButton.LeftButton)
    desk.qtbot.mousePress(desk.button("Next"), Qt.MouseButton.LeftButton)
    assert desk.words == "Practice is over"
    desk.qtbot.mouseClick(desk.button("Continue"), Qt.MouseButton.LeftButton)
    desk.wait_open()
    assert [(row.choice, row.confidence, row.key_pressed) for row in desk.ledger.rows] == [
        ("fake", 4, "F"),
        ("real", 2, "button real"),
    ]


def test_a_mark_is_placed_by_a_click_and_confirmed_by_enter(seat):
    desk = seat(answer={"mark": True}, practice={"trials": 0}, **{**SHORT})
    desk.begin()
    for y, x in ((5, 6), (20, 30)):
        place = desk.place(1, y, x)
        desk.mouse(1, (place.x(), place.y()))
    desk.mouse(1, (2, 2))  # beside the image
    desk.key(LEFT)
    assert desk.trials.phase is Phase.OPEN
    desk.key(ENTER)
    row = desk.ledger.rows[0]
    [mark] = json.loads(row.marks)
    assert (mark["side"], row.choice) == ("right", "left")
    assert abs(mark["y"] - 20) < 0.6
    assert abs(mark["x"] - 30) < 0.6
    assert row.first_input_ns < row.decision_ns


def test_window_zoom_and_pan_are_linked_logged_and_start_afresh(seat):
    desk = seat(practice={"trials": 0}, **SHORT)
    desk.begin()
    scene, session = desk.trials.page.images.scene, desk.ledger.session_id
    before = scene.view.scale
    desk.mouse(0, (50, 50), (80, 50), (120, 70))
    desk.mouse(1, (50, 50), (60, 20), button=Qt.MouseButton.RightButton)
    desk.mouse(1, (50, 50), (70, 50), button=Qt.MouseButton.MiddleButton)
    assert scene.window is not None
    assert scene.window.width > 255
    assert scene.view.scale > before
    window = [scene.window.center, scene.window.width]
    desk.key(RIGHT)
    row = desk.ledger.rows[0]
    assert json.loads(row.view)["window"] == [round(value, 2) for value in window]
    desk.wait_open()
    assert scene.window is None
    assert scene.view.scale == before
    events = desk.ledger._log.interactions(session)
    kinds = {event["kind"] for event in events}
    assert {"view", "input", "committed"} <= kinds
    assert {event["trial_uid"] for event in events if event["kind"] == "view"} == {row.trial_uid}


def test_undo_is_a_new_row_and_only_of_the_last_answer(seat):
    desk = seat(practice={"trials": 0}, **SHORT)
    desk.begin()
    desk.key(Qt.Key.Key_U)
    assert desk.trials.phase is Phase.OPEN
    desk.key(LEFT)
    desk.wait_open()
    desk.key(Qt.Key.Key_Backspace)
    desk.wait_open()
    assert desk.window.trial.progress == "1 of 4"
    desk.key(RIGHT)
    desk.wait_open()
    assert [(row.choice, row.supersedes) for row in desk.ledger.rows] == [("left", None), ("right", 0)]
    assert desk.window.trial.progress == "2 of 4"


def test_the_very_last_answer_can_be_taken_back_from_the_thanks(seat):
    desk = seat(practice={"trials": 0}, **SHORT)
    desk.begin()
    for _ in range(4):
        desk.answer(LEFT)
    assert desk.words == "Thank you"
    desk.qtbot.mouseClick(desk.button("Take back"), Qt.MouseButton.LeftButton)
    desk.wait_open()
    desk.key(RIGHT)
    assert desk.words == "Thank you"
    assert choices(desk) == ["left"] * 4 + ["right"]


def test_machines_and_simulations_are_not_offered_as_readers(tmp_path):
    bundle, _ = tiny_study(tmp_path)
    for name, origin in (("anna", "person"), ("cnn", "machine"), ("rehearsal", "simulated")):
        Sitting(bundle, name, SittingOptions(origin=origin)).close()
    assert [reader.name for reader in known_readers(bundle, None)] == ["anna"]


def test_after_a_kill_the_same_reader_goes_on(seat):
    desk = seat(**SHORT)
    desk.begin("anna")
    for _ in range(3):
        desk.answer(LEFT)
    desk.wait_open()
    seen = [row.trial_uid for row in desk.ledger.rows]
    cut = desk.sitting.current().uid
    desk.kill()
    again = seat(bundle=desk.bundle)
    page = again.window.reader
    assert [(r.name, r.answered, r.total) for r in page.known] == [("anna", 1, 4)]
    assert "1 of 4 answered" in page.readers.item(0).text()
    again.qtbot.mouseClick(
        page.readers.viewport(),
        Qt.MouseButton.LeftButton,
        pos=page.readers.visualItemRect(page.readers.item(0)).center(),
    )
    assert page.begin.text().startswith("Continue")
    again.qtbot.mouseClick(page.begin, Qt.MouseButton.LeftButton)
    assert "1 of 4 answered and saved" in again.window.words.text
    again.go_on()
    assert [row.kind for row in again.ledger.trail].count("interrupted") == 1
    while again.words != "Thank you":
        again.answer(RIGHT)
    uids = [row.trial_uid for row in again.ledger.rows]
    assert uids[:3] == seen
    assert sorted(uids) == sorted(trial.uid for trial in desk.bundle.schedules[0])
    assert cut in uids


def test_time_runs_out_without_an_answer_and_stands_still_in_a_pause(seat):
    desk = seat(answer={"time_limit_s": 0.4}, practice={"trials": 0}, **SHORT)
    desk.begin()
    desk.key(Qt.Key.Key_Escape)
    assert desk.words == "Paused"
    desk.qtbot.wait(600)
    desk.key(ENTER)
    desk.wait_open()
    assert desk.ledger.rows == []
    desk.key(LEFT)
    desk.wait_open()
    desk.qtbot.waitUntil(lambda: len(desk.ledger.rows) == 2, timeout=3000)
    answered, missed = desk.ledger.rows
    assert answered.pause_ns > 550_000_000
    assert 0 <= answered.rt_ms < 400
    assert (missed.choice, missed.timed_out) == (None, 1)


def test_keys_before_the_first_frame_and_repeats_of_a_held_key_do_not_count(seat):
    desk = seat(practice={"trials": 0}, answer={"blank_ms": 150}, **SHORT)
    desk.begin()
    desk.key(LEFT)
    assert desk.trials.phase is Phase.BLANK
    desk.key(RIGHT)
    desk.wait_open()
    assert len(desk.ledger.rows) == 1
    press, none = QEvent.Type.KeyPress, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(desk.window.trial, QKeyEvent(press, LEFT, none, "", True))
    assert len(desk.ledger.rows) == 1
    early = time.monotonic_ns()
    desk.trials._frame_ns = early + 10**9
    desk.key(LEFT)
    assert len(desk.ledger.rows) == 1


def test_an_answer_that_cannot_be_kept_stops_the_study_until_it_can(seat, monkeypatch):
    desk = seat(practice={"trials": 0}, **SHORT)
    desk.begin()
    keep, uid = desk.ledger._log.add_answer, desk.sitting.current().uid

    def refused(row):
        raise LogError("the disk is full, the answer is not saved", remedy="Free some space")

    monkeypatch.setattr(desk.ledger._log, "add_answer", refused)
    desk.key(LEFT)
    assert desk.words == "The study is stopped"
    assert "The disk is full" in desk.window.words.text
    assert desk.trials.page.images.scene.empty
    desk.key(ENTER)
    assert desk.words == "The study is stopped"
    assert desk.ledger.rows == []
    monkeypatch.setattr(desk.ledger._log, "add_answer", keep)
    desk.qtbot.mouseClick(desk.button("Try again"), Qt.MouseButton.LeftButton)
    desk.wait_open()
    assert [(row.trial_uid, row.choice) for row in desk.ledger.rows] == [(uid, "left")]
    assert desk.sitting.current().uid != uid


def test_a_second_copy_that_fails_stops_the_study_and_the_answer_is_not_asked_again(seat, tmp_path, monkeypatch):
    desk = seat(practice={"trials": 0}, options={"copy_to": tmp_path / "copy"}, **SHORT)
    desk.begin()
    append = desk.ledger._copy.append

    def refused(row):
        raise LogError("the second copy of the answers cannot be written")

    monkeypatch.setattr(desk.ledger._copy, "append", refused)
    desk.key(LEFT)
    assert desk.words == "The study is stopped"
    monkeypatch.setattr(desk.ledger._copy, "append", append)
    desk.key(ENTER)
    desk.wait_open()
    assert choices(desk) == ["left"]
    assert len(desk.ledger._copy.path.read_text().splitlines()) == 1


def test_a_changed_image_stops_the_study(seat):
    desk = seat(practice={"trials": 0}, **SHORT)
    desk.begin()
    for path in desk.sitting.coming():
        path.write_bytes(path.read_bytes() + b"x")
    desk.key(LEFT)
    assert desk.words == "The study is stopped"
    assert "has been changed" in desk.window.words.text
    assert choices(desk) == ["left"]
    desk.key(Qt.Key.Key_L)
    assert not desk.window.isVisible()


def test_leaving_asks_first_and_writes_everything(seat):
    desk = seat(practice={"trials": 0}, **SHORT)
    desk.begin()
    assert not desk.window.close()
    assert desk.words == "Paused"
    assert "0 of 4 answered, 4 to go." in desk.window.words.text
    ledger = desk.ledger
    with desk.qtbot.waitSignal(desk.controller.gone):
        desk.qtbot.mouseClick(desk.button("Leave"), Qt.MouseButton.LeftButton)
    assert not desk.window.isVisible()
    assert ledger.trail[-1].kind == "session ended"


def test_a_finished_reader_is_thanked_at_once(seat):
    desk = seat(practice={"trials": 0}, **SHORT)
    desk.begin()
    for _ in range(4):
        desk.answer(LEFT)
    assert isinstance(desk.sitting.current(), Finished)
    desk.key(ENTER)
    again = seat(bundle=desk.bundle, options={"reader": "anna"})
    assert again.words == "Thank you"


@pytest.mark.parametrize("name", ["truth", "two words", "-x"])
def test_a_name_that_cannot_be_is_refused_on_the_first_page(seat, name):
    desk = seat(**SHORT)
    page = desk.window.reader
    page.name.setText(name)
    desk.qtbot.keyClick(page.name, ENTER)
    assert "cannot be a reader's name" in page.fault
    assert desk.window.currentWidget() is page


def test_a_name_of_the_command_line_that_cannot_be_is_told_and_asked_again(seat):
    desk = seat(options={"reader": "two words"}, **SHORT)
    assert desk.window.currentWidget() is desk.window.reader
    assert desk.window.reader.name.text() == "two words"
    assert "cannot be a reader's name" in desk.window.reader.fault


def test_the_next_images_are_decoded_while_this_trial_is_read(seat):
    desk = seat(practice={"trials": 0}, **SHORT)
    desk.begin()
    coming = desk.sitting.coming()
    assert coming
    desk.qtbot.waitUntil(lambda: desk.controller.pictures.ready(coming))
    assert desk.trials.phase is Phase.OPEN
