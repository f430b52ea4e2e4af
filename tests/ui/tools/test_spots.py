from __future__ import annotations

from cxr_studio.ui.tools.pointer import Pointer
from cxr_studio.ui.tools.spots import FloodTool, StampTool
from cxr_studio.ui.tools.tool import ToolSettings


def test_flood_takes_the_connected_grey(target):
    FloodTool(target, ToolSettings(tolerance=10)).press(Pointer((50, 30)))
    assert target.mask[:, :60].all()
    assert not target.mask[:, 60:].any()
    assert target.steps == ["Flood"]


def test_flood_outside_the_image_does_nothing(target):
    FloodTool(target, ToolSettings()).press(Pointer((-4, 30)))
    assert target.steps == []


def test_the_wheel_changes_the_tolerance():
    settings = ToolSettings(tolerance=10)
    tool = FloodTool(None, settings)
    assert tool.wheel(2, Pointer((0, 0)))
    assert settings.tolerance == 12
    tool.wheel(-100, Pointer((0, 0)))
    assert settings.tolerance == 0


def test_the_stamp_is_exactly_its_side(target):
    StampTool(target, ToolSettings(stamp_side=64)).press(Pointer((50, 60)))
    assert target.mask.sum() == 64 * 64
    assert target.steps == ["Square stamp"]
    (outline,) = StampTool(target, ToolSettings(stamp_side=64)).guides(Pointer((50, 60)))
    assert outline.points[0] == (18, 28)
