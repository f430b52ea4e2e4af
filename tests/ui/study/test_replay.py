"""Replay: a trial is shown as it was seen, with keys to play, step and turn."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from cxr_studio.studies.trace import Moment, Trace
from cxr_studio.ui.study.replay_window import ReplayWindow


def trace(number: int, *moments: Moment, choice: str | None = "left") -> Trace:
    return Trace("anna", f"uid{number}", number, "main", ("a", "b"), choice, "left", 400.0, moments, {})


@pytest.fixture
def window(qtbot):
    view = {"scale": 3.0, "y": 20.0, "x": 30.0, "window": [90.0, 40.0]}
    first = trace(1, Moment(100.0, "view", view), Moment(200.0, "pointer", {"side": "right", "y": 10.0, "x": 12.0}))
    pictures = {"a": np.zeros((64, 64), np.uint8), "b": np.full((64, 64), 90, np.uint8)}
    shown = ReplayWindow([first, trace(2, choice="right")], pictures.__getitem__)
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    shown.show()
    qtbot.waitExposed(shown)
    return shown


def test_window_zoom_and_pointer_come_back_at_their_time(window):
    scene, (left, right) = window.images.scene, window.images.canvases
    start = scene.view.scale
    window.go_to(150.0)
    assert (scene.view.scale, scene.view.y, scene.view.x) == (3.0, 20.0, 30.0)
    assert (scene.window.center, scene.window.width) == (90.0, 40.0)
    assert not right._guides
    window.go_to(250.0)
    assert len(right._guides) == 3
    assert not left._guides
    window.go_to(50.0)
    assert scene.window is None
    assert scene.view.scale == start
    assert "0.1 of 0.4 s" in window.time.text()


def test_keys(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_Right)
    assert window.now_ms == 100.0
    qtbot.keyClick(window, Qt.Key.Key_Left)
    assert window.now_ms == 0.0
    window.speed.setCurrentIndex(window.speed.count() - 1)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.playing
    qtbot.waitUntil(lambda: not window.playing)
    assert window.now_ms == window.slider.value() == 400
    assert "left (correct) after 0.40 s" in window.words.text()
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    assert window.trace.number == 2
    assert "right (wrong, it is left)" in window.words.text()
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    assert window.trace.number == 2
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
