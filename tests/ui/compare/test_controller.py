"""Difference, swipe and flicker without panes, and the choosers above them."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_studio.generation.result import Patch
from cxr_studio.ui.compare.controller import ComparisonController
from cxr_studio.ui.compare.difference_choice import GainChooser, ModeChooser


@pytest.fixture
def comparison(workspace):
    made = ComparisonController(workspace)
    yield made
    made.close()


def test_mode_and_gain_are_told_together_and_the_gain_keeps_within_limits(comparison, heard):
    told = heard()
    comparison.difference_changed.connect(told)
    comparison.set_mode("absolute")
    comparison.set_gain(99)
    comparison.set_gain(0.1)
    assert told == [("absolute", 2.0), ("absolute", 16.0), ("absolute", 1.0)]


def test_flicker_and_swipe_are_told_once(comparison, heard):
    flicker, swipe = heard(), heard()
    comparison.flicker_changed.connect(flicker)
    comparison.swipe_changed.connect(swipe)
    for on in (True, True, False):
        comparison.set_flicker(on)
        comparison.set_swipe(on)
    assert flicker == swipe == [True, False]


def test_what_lies_outside_the_mask_is_counted(comparison, workspace, heard):
    proved = heard()
    comparison.proved.connect(proved)
    workspace.session.mask[10:20, 10:20] = True
    workspace.lay([Patch((10, 10, 20, 22), np.full((10, 12), 7, np.uint16))])
    comparison.prove()
    assert proved[-1] == ("Outside: 20 pixels changed", 20)
    workspace.trim()
    comparison.prove()
    assert proved[-1] == ("Outside: 0 pixels changed", 0)
    workspace.close()
    comparison.prove()
    assert proved[-1] == ("", 0)


def test_the_choosers_say_what_is_chosen_and_show_what_is_set(qtbot, heard):
    modes, gains, said = ModeChooser(), GainChooser(), heard()
    for chooser in (modes, gains):
        qtbot.addWidget(chooser)
        chooser.chosen.connect(said)
    modes.set_mode("absolute")
    gains.set_gain(5.0)
    assert said == []
    assert (modes.currentText(), gains.currentText()) == ("Absolute", "× 4")
    modes.activated.emit(1)
    gains.activated.emit(2)
    assert said == ["absolute", 4.0]
