"""Messages, progress, status, sections, settings and the start page: what they show, and what they say back."""

from __future__ import annotations

import logging
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from cxr_studio.errors import ReadError
from cxr_studio.settings import Settings, load_settings
from cxr_studio.ui.document.start_page import JOBS, StartPage
from cxr_studio.ui.document.thumbnail_strip import ThumbnailStrip
from cxr_studio.ui.program.settings_dialog import SettingsDialog
from cxr_studio.ui.shell.fault_net import FaultNet
from cxr_studio.ui.shell.message_bar import Message, MessageBar
from cxr_studio.ui.shell.preferences import Preferences
from cxr_studio.ui.shell.progress_strip import ProgressStrip
from cxr_studio.ui.shell.status_fields import StatusFields


@pytest.fixture
def bar(qtbot):
    made = MessageBar()
    qtbot.addWidget(made)
    return made


def test_a_fault_stays_and_others_wait_their_turn(bar):
    bar.warn("It failed.")
    bar.tell("By the way.")
    bar.warn("It failed.")
    assert bar.text == "It failed."
    bar.dismiss()
    assert bar.text == "By the way."
    bar.dismiss()
    assert bar.text == ""
    assert bar.isHidden()


def test_a_plain_sentence_gives_way(bar):
    bar.tell("By the way.")
    bar.warn("It failed.")
    assert bar.text == "It failed."
    bar.warn("Again.")
    bar.clear()
    assert bar.text == ""


def test_a_sentence_goes_with_its_cause(bar):
    bar.warn("The mask covers everything.", "fill")
    bar.warn("The disk is full.")
    bar.warn("Nor this.", "fill")
    bar.gone("nodule")
    assert bar.text == "The mask covers everything."
    bar.gone("fill")
    assert bar.text == "The disk is full."
    bar.dismiss()
    assert bar.text == "", "what waits goes with its cause too"


def test_an_answer_closes_the_message_first(bar):
    done = []
    bar.show_message(Message("Restore?", "warning", (("Restore", lambda: done.append(bar.text)),)))
    bar.findChild(QPushButton).click()
    assert done == [""]


def test_progress_says_how_far_and_cancels(qtbot):
    strip, cancelled = ProgressStrip(), []
    qtbot.addWidget(strip)
    strip.begin("Reading", lambda: cancelled.append(1))
    strip.progress(0.5, "half")
    assert any("half" in label.text() and "left" in label.text() for label in strip.findChildren(QLabel))
    strip.findChild(QPushButton).click()
    assert cancelled == [1]
    strip.end()
    assert strip.isHidden()


def test_fields_show_their_text(qtbot):
    status = StatusFields((("a", "tip", 50),), (("b", "tip"),))
    qtbot.addWidget(status)
    status.set_field("b", "42 ms")
    assert status.field("b") == "42 ms"
    assert status.field("a") == ""


def test_the_start_page_offers_recent_files_that_are_there(qtbot, tmp_path, heard):
    page, wanted = StartPage(), heard()
    qtbot.addWidget(page)
    page.file_wanted.connect(wanted)
    (tmp_path / "there.png").touch()
    page.set_recent([tmp_path / "there.png", tmp_path / "gone.png"])
    names = [button.text() for button in page.findChildren(QPushButton)]
    assert not any(name.startswith("gone.png") for name in names)
    next(button for button in page.findChildren(QPushButton) if button.text().startswith("there.png")).click()
    assert wanted == [tmp_path / "there.png"]


def test_the_start_page_offers_the_four_jobs(qtbot, heard):
    page, wanted = StartPage(), heard()
    qtbot.addWidget(page)
    page.wanted.connect(wanted)
    actions = [action for job in JOBS for _, action in job.actions]
    for action in actions:
        page.findChild(QPushButton, action).click()
    assert wanted == actions
    assert len(JOBS) == 4


def test_small_pictures_come_one_after_the_other_and_a_broken_one_is_left_empty(qtbot, tmp_path):
    def load(path, side):
        if "broken" in path.name:
            raise ReadError("no image", file=path)
        return np.full((side, side), 90, np.uint8)

    strip = ThumbnailStrip(load)
    qtbot.addWidget(strip)
    strip.set_paths([tmp_path / "a.png", tmp_path / "broken.png"])
    qtbot.waitUntil(lambda: not strip.item(0).icon().isNull(), timeout=5000)
    strip.set_current(tmp_path / "broken.png")
    assert strip.currentRow() == 1
    strip.stop()


def test_the_settings_dialog_gives_back_what_its_fields_show(qtbot):
    dialog = SettingsDialog(replace(Settings(), gain=4.0, live=False, recent=["kept"]))
    qtbot.addWidget(dialog)
    assert dialog.chosen == replace(Settings(), gain=4.0, live=False, recent=["kept"])


def test_every_feature_applies_and_gives_back_its_settings(qapp):
    preferences, seen = Preferences(Settings(theme="light")), []
    preferences.add(apply=lambda s: seen.append(s.gain), collect=lambda s: setattr(s, "gain", 8.0))
    preferences.apply()
    assert seen == [2.0]
    assert preferences.keep() == ""
    assert load_settings()[0].gain == 8.0
    held = preferences.settings
    preferences.take(replace(Settings(), gain=16.0, theme="dark"))
    assert preferences.settings is held
    assert seen == [2.0, 16.0]
    assert not preferences.light


def test_the_theme_is_told(qapp, heard):
    themes = heard()
    preferences = Preferences(Settings())
    preferences.themed.connect(lambda: themes(preferences.light))
    preferences.set_theme("light")
    preferences.set_theme("anything else")
    assert themes == [True, False]


def test_what_nobody_caught_is_told_from_any_thread_and_logged(qtbot, tmp_path, heard):
    net, told = FaultNet(tmp_path), heard()
    hooks = sys.excepthook, threading.excepthook
    net.caught.connect(told)
    net.open()
    logger = logging.getLogger("cxr_studio")
    logger.propagate = False
    try:
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: bool(told), timeout=5000)
        sys.excepthook(ReadError, ReadError("no image"), None)
    finally:
        logger.propagate = True
        net.close()
    assert "ZeroDivisionError" in told[0]
    assert "No image" in told[-1]
    assert "ZeroDivisionError" in net.log_file.read_text(encoding="utf-8")
    assert (sys.excepthook, threading.excepthook) == hooks
