"""The panes use the room there is, sections stay folded, and zooming keeps what is under the pointer."""

import pytest
from PySide6.QtCore import QEvent

from cxr_studio.ui.edits.edits_list import EditsList
from cxr_studio.ui.fill.variations_strip import VariationsStrip


@pytest.fixture
def open_desk(desk, picture):
    desk.start(picture)
    return desk


def test_the_difference_waits_until_something_differs(open_desk):
    grid = open_desk.window.grid
    assert not grid.panes["difference"].isVisible()
    open_desk.stroke((100.0, 80.0), (110.0, 90.0))
    open_desk.qtbot.waitUntil(grid.panes["difference"].isVisible)
    open_desk.do("edit.clear")
    assert grid.panes["difference"].isVisible(), "once there it stays"


def test_the_waiting_difference_can_be_asked_for(open_desk):
    grid = open_desk.window.grid
    open_desk.do("view.difference")
    assert grid.maximised == "difference"
    assert grid.panes["difference"].isVisible()
    open_desk.do("view.difference")
    assert all(pane.isVisible() for pane in grid.panes.values())


def test_actual_pixels_keeps_what_is_under_the_pointer(open_desk):
    point = open_desk.place(100.0, 80.0)
    open_desk.mouse(QEvent.Type.MouseMove, point)
    before = open_desk.canvas.geometry_now.to_image(point.x(), point.y())
    for command in ("view.one-to-one", "view.zoom-in", "view.zoom-out"):
        open_desk.do(command)
        after = open_desk.canvas.geometry_now.to_image(point.x(), point.y())
        assert after == pytest.approx(before, abs=1.0), command
    open_desk.do("view.one-to-one")
    assert open_desk.window.grid.scene.view.scale == pytest.approx(1.0 / open_desk.window.devicePixelRatioF())


def test_folded_sections_are_remembered(desk_maker):
    desk = desk_maker(generator="biharmonic", folded=["Options"])
    assert desk.window.side.section("Options").is_folded
    desk.window.side.fold(["Highlight", "Display"])
    desk.leave()
    assert sorted(desk.studio.preferences.settings.folded) == ["Display", "Highlight"]


@pytest.mark.parametrize("size", [(1366, 728), (960, 500)])
def test_accepting_and_removing_are_in_sight_on_a_small_screen(open_desk, size):
    open_desk.window.resize(*size)
    for _ in range(3):
        open_desk.stroke((100.0, 80.0), (110.0, 90.0))
        open_desk.do("inpaint.accept")
    assert (open_desk.window.width(), open_desk.window.height()) == size
    for kind in (VariationsStrip, EditsList):
        widget = open_desk.view(kind)
        assert widget.visibleRegion().boundingRect().size() == widget.size()
