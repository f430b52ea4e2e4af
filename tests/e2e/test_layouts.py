"""Layouts of the panes, remembered; and the tools, all of them on a low screen."""

import pytest

from cxr_studio.ui.canvas.layouts import Layout
from cxr_studio.ui.shell.tool_bar import SIDE, columns


def shown(desk):
    return [kind for kind, pane in desk.window.grid.panes.items() if pane.isVisible()]


@pytest.mark.parametrize(
    ("name", "panes"),
    [
        ("two", ["original", "inpainted"]),
        ("three", ["original", "inpainted", "difference"]),
        ("two-over-one", ["original", "inpainted", "difference"]),
    ],
)
def test_a_layout_shows_its_panes_in_the_same_size(desk, picture, name, panes):
    desk.open(picture)
    desk.do(f"view.layout-{name}")
    assert shown(desk) == panes
    grid = desk.window.grid
    alike = panes[: 2 if name == "two-over-one" else 3]
    for width in (1300, 1303, 1301):
        desk.window.resize(width, 800)
        desk.qtbot.waitUntil(lambda: len({grid.panes[kind].canvas.size().toTuple() for kind in alike}) == 1)
    tops = {kind: grid.panes[kind].mapTo(grid, grid.panes[kind].rect().topLeft()).y() for kind in panes}
    assert (tops.get("difference", 0) > tops["original"]) is (name == "two-over-one")


def test_one_pane_asked_for_again_is_the_next(desk, picture):
    desk.open(picture)
    seen = []
    for _ in range(3):
        desk.do("view.layout-one")
        seen += shown(desk)
    assert sorted(seen) == ["difference", "inpainted", "original"]


def test_a_maximised_pane_gives_way_to_the_layout_before(desk, picture):
    desk.open(picture)
    desk.do("view.layout-two-over-one")
    desk.do("view.inpainted")
    assert shown(desk) == ["inpainted"]
    desk.do("view.inpainted")
    assert desk.window.grid.layout_now is Layout.TWO_OVER_ONE
    assert len(shown(desk)) == 3


def test_the_layout_is_remembered(desk_maker, picture):
    desk = desk_maker(generator="biharmonic")
    desk.do("view.layout-two-over-one")
    desk.leave()
    again = desk_maker(generator="biharmonic", panes=desk.studio.preferences.settings.panes)
    assert again.window.grid.layout_now is Layout.TWO_OVER_ONE
    assert again.window.registry.action("view.layout-two-over-one").isChecked()


def test_every_tool_is_in_sight_on_a_screen_at_200_percent(desk, picture):
    desk.open(picture)
    desk.window.resize(960, 500)
    assert (desk.window.width(), desk.window.height()) == (960, 500)
    tools = desk.window.tools
    assert len(tools.buttons) > 12
    for button in tools.buttons:
        assert tools.rect().contains(button.geometry()), button.toolTip()
    places = {button.geometry().topLeft().toTuple() for button in tools.buttons}
    assert len(places) == len(tools.buttons)


def test_a_high_bar_has_one_column():
    places = list(columns([2, 4, 2], 1000))
    assert {column for column, _, _ in places} == {0}
    assert sum(group is None for _, _, group in places) == 8
    low = [top for _, top, group in columns([2, 4, 2], 4 * SIDE) if group is None]
    assert max(low) <= 3 * SIDE
