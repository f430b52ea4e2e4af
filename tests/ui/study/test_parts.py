"""Parts of a study's window by themselves: the display function, the clock of the input, warnings, words."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from cxr_studio.studies.trial_view import Feedback
from cxr_studio.ui.study import words
from cxr_studio.ui.study.display_facts import DisplayCheck, Monitor
from cxr_studio.ui.study.display_page import DisplayPage
from cxr_studio.ui.study.gsdf import driving_levels, jnd_index, luminance, square_step, wanted_luminances
from cxr_studio.ui.study.input_clock import InputClock
from cxr_studio.ui.study.known_readers import KnownReader
from cxr_studio.ui.study.reader_page import ReaderPage
from cxr_studio.ui.study.test_pattern import TestPattern
from cxr_studio.ui.study.trial_keys import Act, meaning
from cxr_studio.ui.study.trial_page import TrialPage
from tests.studies.tiny_study import tiny_protocol

MONITOR = Monitor("A", "Maker Model", "7", 2048, 1536, 1.0, 60.0)
MS = 1_000_000


@pytest.mark.parametrize(("index", "light"), [(1, 0.0500), (2, 0.0547), (3, 0.0594), (500, 119.13), (1023, 3993.33)])
def test_luminance_of_jnd_indices(index, light):
    """PS3.14 Table B-1, as computed from its coefficients."""
    assert luminance(index) == pytest.approx(light, rel=2e-3 if index < 4 else 2e-5, abs=5e-5)


@pytest.mark.parametrize(("light", "index"), [(1, 71.498), (100, 476.36), (350, 653.12)])
def test_jnd_index_of_luminances(light, index):
    assert jnd_index(light) == pytest.approx(index, abs=0.005)


def test_patches_are_equally_far_apart_in_what_the_eye_tells_apart():
    levels, lights = driving_levels(), wanted_luminances(1.0, 350.0, ambient=0.5)
    assert levels == tuple(range(0, 256, 15))
    assert (lights[0], lights[-1]) == (1.0, 350.0)
    steps = np.diff([jnd_index(light + 0.5) for light in lights])
    assert np.ptp(steps) < 0.2
    assert square_step(1.0, 350.0) == 4
    assert square_step(10.0, 20.0) > 8


def test_the_pattern_is_drawn_in_the_greys_that_it_names(qtbot):
    pattern = TestPattern()
    qtbot.addWidget(pattern)
    pattern.resize(800, 400)
    pattern.set_luminances(1.0, 350.0, 0.0)
    picture = pattern.grab().toImage()
    ratio = picture.devicePixelRatio()
    for number, level in enumerate(pattern.levels):
        place = pattern.patch(number)
        assert picture.pixelColor(place.topLeft() * ratio).red() == level
        row = {
            picture.pixelColor(round(x * ratio), round(place.center().y() * ratio)).red()
            for x in range(place.left(), place.right())
        }
        assert row == {level, *pattern.squares(number)}
    assert pattern.labels[0] == "1.00"
    assert pattern.labels[-1] == "350.0"
    pattern.set_luminances(350.0, 1.0, 0.0)
    assert pattern.labels[-1] == "255"


def test_an_input_is_timed_by_its_own_stamp():
    clock = InputClock()
    assert clock.reading(0, now=5) == 5
    assert clock.reading(1000, now=70_000 * MS + 3 * MS) == 70_003 * MS
    assert clock.reading(1100, now=70_100 * MS) == 70_100 * MS  # the least delay so far
    # this one came to the program 90 ms late
    assert clock.reading(1200, now=70_290 * MS) == pytest.approx(70_200 * MS, abs=MS / 20)
    assert clock.reading(90_000_000, now=70_300 * MS) == 70_300 * MS  # another clock
    assert clock.reading(90_000_010, now=70_312 * MS) == pytest.approx(70_310 * MS, abs=MS / 20)
    assert clock.reading(5, now=80_000 * MS) == 80_000 * MS  # the stamps have begun again


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, None),
        ({"chosen": "B"}, "not on B"),
        ({"monitor": Monitor("A", "", "", 2048, 1536, 1.5, 60.0)}, "150 %"),
        ({"pane": (1000, 1200)}, "shown smaller"),
        ({"least": 400.0, "most": 300.0}, "brighter than black"),
    ],
)
def test_what_speaks_against_a_display(changes, words):
    check = DisplayCheck(**{"monitor": MONITOR, "chosen": "A", "pane": (1024, 1100), "image": (1024, 1024), **changes})
    if words is None:
        assert check.warnings() == ()
    else:
        [sentence] = check.warnings()
        assert words in sentence
    assert check.body()["warnings"] == list(check.warnings())


def test_the_display_page_tells_what_was_entered(qtbot):
    page = DisplayPage(lambda: DisplayCheck(MONITOR, "A", (1024, 1100), (1024, 1024)))
    qtbot.addWidget(page)
    page.least.setValue(0.9)
    page.most.setValue(349.9)
    page.ambient.setValue(0.1)
    page.seen.setChecked(True)
    assert page.ratio.text() == "Luminance ratio 350 : 1"
    with qtbot.waitSignal(page.done) as caught:
        qtbot.keyClick(page, Qt.Key.Key_Return)
    body = caught.args[0].body()
    assert (body["ratio"], body["squares_seen"], body["native"], len(body["gsdf_cd_m2"])) == (350.0, True, True, 18)


def test_the_display_page_is_worked_by_keys(qtbot):
    page = DisplayPage(lambda: DisplayCheck(MONITOR, "A", (1024, 1100), (1024, 1024)))
    qtbot.addWidget(page)
    qtbot.keyClick(page, Qt.Key.Key_Space)
    assert page.seen.isChecked()
    qtbot.keyClick(page, Qt.Key.Key_Space)
    assert not page.seen.isChecked()
    for leave in (page.leave.click, lambda: qtbot.keyClick(page, Qt.Key.Key_Escape)):
        with qtbot.waitSignal(page.left):
            leave()


def test_the_display_check_is_not_passed_by_an_unticked_enter(qtbot, heard):
    page = DisplayPage(lambda: DisplayCheck(MONITOR, "A", (1024, 1100), (1024, 1024)))
    qtbot.addWidget(page)
    done = heard()
    page.done.connect(done)
    page.show()
    qtbot.keyClick(page, Qt.Key.Key_Return)
    page.go_on.click()
    assert done == []
    assert "press Space" in page.refused.text()
    qtbot.keyClick(page, Qt.Key.Key_N)
    assert done[0].body()["squares_seen"] is False
    qtbot.keyClick(page, Qt.Key.Key_Space)
    assert not page.refused.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_Return)
    assert done[1].body()["squares_seen"] is True


def test_a_reader_who_has_begun_is_found_by_arrow(qtbot):
    page = ReaderPage("Study")
    qtbot.addWidget(page)
    page.show()
    page.set_known([KnownReader("anna", 15, 40), KnownReader("bert", 2, 40)])
    assert page.name.text() == ""
    qtbot.keyClick(page.name, Qt.Key.Key_Down)
    assert page.name.text() == "anna"
    qtbot.keyClick(page.readers, Qt.Key.Key_Down)
    assert (page.name.text(), page.begin.text()[:8]) == ("bert", "Continue")
    with qtbot.waitSignal(page.chosen) as caught:
        qtbot.keyClick(page.readers, Qt.Key.Key_Return)
    assert caught.args == ["bert"]
    assert page.readers.height() < 100  # two lines, no empty box


@pytest.mark.parametrize("confidence", [0, 5])
def test_the_answers_stay_in_place_when_other_buttons_come(qtbot, confidence):
    page = TrialPage(tiny_protocol(answer={"confidence": confidence}).rules())
    qtbot.addWidget(page)
    page.resize(1400, 900)
    page.show()
    places = []
    for shown in (False, True):
        page.back.setVisible(shown)
        page.confirm.setVisible(shown)
        page.layout().activate()
        places.append([button.geometry() for button in page.answers.values()])
    assert places[0] == places[1]


def test_keys_mean_the_side_on_which_their_button_stands():
    pairs, single = tiny_protocol().rules(), tiny_protocol("real-or-fake", conditions=[{"generator": "telea"}]).rules()
    for left, right in ((Qt.Key.Key_Left, Qt.Key.Key_Right), (Qt.Key.Key_F, Qt.Key.Key_J)):
        assert [meaning(key, pairs).choice for key in (left, right)] == ["left", "right"]
        assert [meaning(key, single).choice for key in (left, right)] == ["fake", "real"]
    assert meaning(Qt.Key.Key_1, pairs) is None
    rated = tiny_protocol(answer={"confidence": 11}).rules()
    assert [meaning(key, rated).rating for key in (Qt.Key.Key_1, Qt.Key.Key_0, Qt.Key.Key_Minus)] == [1, 10, 11]
    assert meaning(Qt.Key.Key_Backspace, pairs).act is Act.TAKE_BACK


def test_what_readers_are_told():
    rules = tiny_protocol().rules()
    assert words.feedback_words(Feedback(False, "left"), rules) == "Not correct: the original is on the left."
    assert "3 days ago" in words.return_words(5, 18, 72.0, warm_up=True)
    assert "practice" in words.return_words(5, 18, 72.0, warm_up=True)
    assert words.standing(18, 18) == "all answered"
