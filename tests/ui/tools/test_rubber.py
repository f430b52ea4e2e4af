from __future__ import annotations

from cxr_studio.ui.tools.pointer import Key, Modifiers, Pointer
from cxr_studio.ui.tools.rubber import EllipseTool, RectangleTool
from cxr_studio.ui.tools.tool import ToolSettings


def pull(tool, start, end, modifiers=Modifiers.NONE):
    tool.press(Pointer(start))
    tool.move(Pointer(end, modifiers=modifiers))
    tool.release(Pointer(end, modifiers=modifiers))


def test_a_rectangle_covers_both_corners(target):
    pull(RectangleTool(target, ToolSettings()), (10, 20), (30, 60))
    assert target.mask.sum() == 21 * 41
    assert target.mask[10, 20]
    assert target.mask[30, 60]
    assert target.steps == ["Rectangle"]


def test_shift_makes_a_square_and_the_corners_may_be_swapped(target):
    pull(RectangleTool(target, ToolSettings()), (60, 60), (50, 40), Modifiers.SHIFT)
    assert target.mask.sum() == 21 * 21
    assert target.mask[40, 40]


def test_an_ellipse_leaves_the_corners_out(target):
    pull(EllipseTool(target, ToolSettings()), (10, 10), (50, 90))
    assert target.mask[30, 50]
    assert not target.mask[10, 10]
    assert target.steps == ["Ellipse"]


def test_alt_centres_on_the_first_point(target):
    pull(RectangleTool(target, ToolSettings()), (50, 50), (60, 70), Modifiers.ALT)
    assert target.mask[40, 30]
    assert target.mask[60, 70]


def test_a_click_or_escape_leaves_the_mask_alone(target):
    tool = RectangleTool(target, ToolSettings())
    pull(tool, (10, 10), (10, 10))
    tool.press(Pointer((5, 5)))
    tool.move(Pointer((50, 50)))
    assert tool.guides(None)
    assert tool.key(Key.ESCAPE)
    tool.release(Pointer((50, 50)))
    assert target.steps == []
    assert not target.mask.any()
