"""The highlight's panel: shows a state without a signal, tells what the user wants."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from cxr_studio.quality.highlighting.map import HotSpot
from cxr_studio.ui.fill.generator_chooser import GeneratorChoice
from cxr_studio.ui.highlight.look import NO_STATISTICS
from cxr_studio.ui.highlight.panel import HighlightPanel
from cxr_studio.ui.highlight.state import HighlightState, SpotRow, spot_row

ROWS = tuple(SpotRow(rank, f"{rank}   {6 - rank}.0 %", "12 × 9 px at x 3, y 4") for rank in (1, 2, 3))
STATE = HighlightState(
    opened=True,
    there=True,
    complete=True,
    threshold=0.05,
    threshold_words="5.0 %",
    opacity=0.6,
    rows=ROWS,
    words="Original, 1.0 s on CPU",
)
SPOT = HotSpot(2, 40.0, 50.0, (30, 40, 50, 60), 20.0, 24.0, None, None, 0.21, 0.1, -1, 0.21)


@pytest.fixture
def panel(qtbot):
    made = HighlightPanel()
    qtbot.addWidget(made)
    made.set_generators([GeneratorChoice("a", "A", ""), GeneratorChoice("b", "B", "")], "b")
    made.set_state(STATE)
    made.show()
    return made


def test_a_state_is_shown_without_a_signal(panel, qtbot):
    told = []
    for name in ("kind_chosen", "threshold_moved", "opacity_moved", "shown_toggled", "spot_chosen", "pressed"):
        getattr(panel, name).connect(lambda *args, name=name: told.append((name, *args)))
    panel.set_state(replace(STATE, kind="signed", shown=False, opacity=0.3, threshold=0.1, rows=ROWS[:1], selected=1))
    panel.set_state(replace(STATE, running=True, there=False))
    panel.set_state(STATE)
    assert told == []
    assert panel.spots.texts[0] == "1   5.0 %\n12 × 9 px at x 3, y 4"


def test_the_button_cancels_while_a_search_runs(panel, qtbot):
    with qtbot.waitSignal(panel.pressed, check_params_cb=lambda name: name == "run"):
        panel._run.click()
    panel.set_state(replace(STATE, running=True))
    assert panel._run.text() == "Cancel"
    with qtbot.waitSignal(panel.pressed, check_params_cb=lambda name: name == "cancel"):
        panel._run.click()


def test_sliders_tell_values_in_the_maps_unit(panel, qtbot):
    with qtbot.waitSignal(panel.threshold_moved, check_params_cb=lambda value: abs(value - 0.30) < 1e-9):
        panel._threshold._slider.setValue(200)
    with qtbot.waitSignal(panel.opacity_moved, check_params_cb=lambda value: abs(value - 0.1) < 1e-9):
        panel._opacity._slider.setValue(0)
    assert panel._threshold.words == "5.0 %"


def test_a_z_map_that_there_is_not_says_why(panel):
    for place in (2, 3):
        item = panel._kind.model().item(place)
        assert not item.isEnabled()
        assert item.toolTip() == NO_STATISTICS
    panel.set_state(replace(STATE, missing={}, kind="z", threshold=2.0))
    assert item.isEnabled()
    assert panel._kind.currentData() == "z"


def test_without_a_map_only_the_search_is_offered(panel):
    panel.set_state(HighlightState(opened=True))
    assert panel._run.isEnabled()
    assert not panel._body.isVisible()
    assert not panel._again.isVisible()
    panel.set_state(HighlightState())
    assert not panel._run.isEnabled()


def test_a_coarse_map_cannot_be_exported_and_edits_offer_another_search(panel):
    panel.set_state(replace(STATE, complete=False, edited=True, running=True))
    assert not panel._buttons["export"].isEnabled()
    assert panel._again.isVisible()
    assert not panel._again.isEnabled()


def test_a_click_and_the_arrow_keys_choose_a_spot(panel, qtbot):
    chosen = []
    panel.spot_chosen.connect(chosen.append)
    rows = panel.spots._list
    qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualItemRect(rows.item(1)).center())
    assert 2 in chosen
    chosen.clear()
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert chosen == [3]


def test_a_spot_in_words():
    assert spot_row(SPOT, "signed") == SpotRow(2, "2   21.0 % darker", "24 × 20 px at x 50, y 40")
    assert spot_row(SPOT, "absolute").title == "2   21.0 %"
    assert spot_row(replace(SPOT, height_mm=8.2, width_mm=9.6), "z").detail.startswith("10 × 8 mm at")
