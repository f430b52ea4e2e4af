"""The window that all panes share: chosen, dragged, reset, and what is read under the pointer."""

from __future__ import annotations

import pytest

from cxr_studio.ui.display.controller import DisplayController
from cxr_studio.ui.shell.workspace import Workspace


@pytest.fixture
def display(workspace):
    made = DisplayController(workspace)
    workspace.open(workspace.session)
    return made


def test_opening_offers_the_windows_and_takes_the_default(qapp, other_session, heard):
    workspace, offered, windows = Workspace(), heard(), heard()
    display = DisplayController(workspace)
    display.choices_changed.connect(offered)
    display.windowed.connect(windows)
    workspace.open(other_session)
    assert len(offered[-1]) >= 2
    assert windows[-1] is display.window
    workspace.close()
    assert offered[-1] == ()


def test_a_drag_to_the_right_widens_and_down_darkens(display):
    before = display.window
    display.drag(50, 0)
    assert display.window.width > before.width
    before = display.window
    display.drag(0, 50)
    assert display.window.center > before.center
    assert display.chosen == -1


def test_on_an_inverted_display_down_darkens_too(display):
    display.set_inverted(True)
    before = display.window
    display.drag(0, 50)
    assert display.window.center < before.center


def test_reset_returns_to_the_default_and_to_the_right_way_round(display, heard):
    turned = heard()
    display.inverted_changed.connect(turned)
    default = display.window.edges()
    display.drag(80, 30)
    display.set_inverted(True)
    display.set_inverted(True)
    display.reset()
    assert display.window.edges() == default
    assert turned == [True, False]


def test_a_choice_is_taken_and_marked(display):
    display.choose(1)
    assert display.chosen == 1
    display.choose(99)
    assert display.chosen == 1


def test_edges_from_the_histogram_are_taken(display):
    display.set_edges(1200.0, 1800.0)
    assert display.window.edges() == pytest.approx((1200.0, 1800.0))


def test_the_window_of_the_mask_needs_a_mask(display, workspace):
    before = display.window
    display.fit_to_mask()
    assert display.window is before
    workspace.session.mask[20:30, 20:30] = True
    display.fit_to_mask()
    low, high = display.window.edges()
    assert high - low < before.width


def test_values_are_read_inside_the_image_only(display, workspace, heard):
    read = heard()
    display.read_out.connect(read)
    display.read(30.0, 20.0)
    position, values = read[-1]
    assert "x 20, y 30" in position
    assert f"raw {workspace.session.radiograph.stored[30, 20]}" in values
    for outside in ((None, None), (-1.0, 5.0), (5.0, 5000.0)):
        display.read(*outside)
        assert read[-1] == ("", "")


def test_with_nothing_open_nothing_happens(qapp):
    display = DisplayController(Workspace())
    display.drag(10, 10)
    display.set_edges(0, 1)
    display.reset()
    display.percentiles()
    display.fit_to_mask()
    assert display.window is None
