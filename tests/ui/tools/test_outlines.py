from __future__ import annotations

from cxr_studio.ui.tools.outlines import LassoTool, PolygonTool
from cxr_studio.ui.tools.pointer import Key, Pointer
from cxr_studio.ui.tools.tool import ToolSettings

CORNERS = [(10.0, 10.0), (10.0, 50.0), (40.0, 50.0), (40.0, 10.0)]


def click(tool: PolygonTool, points: list[tuple[float, float]]) -> None:
    for point in points:
        tool.press(Pointer(point))
        tool.release(Pointer(point))


def test_enter_closes_the_polygon_as_one_step(target):
    tool = PolygonTool(target, ToolSettings())
    click(tool, CORNERS)
    assert not target.mask.any()
    assert tool.key(Key.ENTER)
    assert target.mask[25, 30]
    assert not target.mask[60, 30]
    assert target.steps == ["Polygon"]
    assert not tool.busy


def test_a_click_on_the_first_corner_closes_it(target):
    tool = PolygonTool(target, ToolSettings())
    click(tool, [*CORNERS, (11.0, 10.0)])
    assert target.steps == ["Polygon"]


def test_backspace_removes_the_last_corner_and_escape_all(target):
    tool = PolygonTool(target, ToolSettings())
    click(tool, [*CORNERS, (90.0, 90.0)])
    assert tool.key(Key.BACKSPACE)
    tool.double(Pointer((40.0, 10.0)))
    assert not target.mask[70, 70]
    assert target.mask[25, 30]
    click(tool, CORNERS[:2])
    assert tool.key(Key.ESCAPE)
    assert not tool.busy
    assert not tool.key(Key.ESCAPE)


def test_two_corners_are_no_area(target):
    tool = PolygonTool(target, ToolSettings())
    click(tool, CORNERS[:2])
    tool.key(Key.ENTER)
    assert target.steps == []
    assert not tool.busy


def test_the_lasso_fills_what_it_goes_around(target):
    tool = LassoTool(target, ToolSettings())
    tool.press(Pointer(CORNERS[0]))
    for corner in CORNERS[1:]:
        tool.move(Pointer(corner))
    assert tool.guides(None)[0].closed
    tool.release(Pointer(CORNERS[-1]))
    assert target.mask[25, 30]
    assert target.steps == ["Lasso"]


def test_a_lasso_click_does_nothing(target):
    tool = LassoTool(target, ToolSettings())
    tool.press(Pointer((5, 5)))
    tool.release(Pointer((5, 5)))
    assert target.steps == []
