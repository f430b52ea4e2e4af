from __future__ import annotations

from cxr_studio.ui.tools.brush import BrushTool
from cxr_studio.ui.tools.pointer import Key, Pointer
from cxr_studio.ui.tools.tool import ToolSettings


def at(y: float, x: float) -> Pointer:
    return Pointer((y, x))


def test_a_stroke_is_one_step_and_covers_its_path(target):
    tool = BrushTool(target, ToolSettings(radius=3))
    tool.press(at(50, 20))
    tool.move(at(50, 60))
    tool.release(at(50, 60))
    assert target.steps == ["Brush stroke"]
    assert target.mask[50, 20:61].all()
    assert target.mask[48, 40]
    assert not target.mask[60, 40]


def test_touched_boxes_hold_every_changed_pixel(target):
    tool = BrushTool(target, ToolSettings(radius=5))
    tool.press(at(2, 2))
    tool.move(at(30, 44))
    tool.release(at(31, 44))
    covered = target.mask.copy()
    for y0, x0, y1, x1 in target.boxes:
        covered[y0:y1, x0:x1] = False
    assert not covered.any()


def test_the_eraser_takes_away_and_x_swaps_both(target):
    target.mask[:] = True
    settings = ToolSettings(radius=4)
    eraser = BrushTool(target, settings, erases=True)
    eraser.press(at(50, 50))
    eraser.release(at(50, 50))
    assert not target.mask[50, 50]
    settings.value = False
    eraser.press(at(50, 50))
    eraser.release(at(50, 50))
    assert target.mask[50, 50]
    assert target.steps == ["Eraser stroke", "Brush stroke"]


def test_escape_drops_the_stroke(target):
    tool = BrushTool(target, ToolSettings(radius=4))
    tool.press(at(50, 50))
    assert tool.key(Key.ESCAPE)
    assert not target.mask.any()
    assert target.steps == []
    assert not tool.busy


def test_the_wheel_changes_the_radius_within_limits():
    settings = ToolSettings(radius=20)
    settings.resize(1)
    assert settings.radius > 20
    settings.resize(-1000)
    assert settings.radius == 1
    settings.resize(1)
    assert settings.radius == 2
    settings.resize(1000)
    assert settings.radius == 400


def test_the_outline_follows_the_pointer(target):
    tool = BrushTool(target, ToolSettings(radius=7))
    (ring,) = tool.guides(at(3, 4))
    assert ring.centre == (3, 4)
    assert ring.radius == 7
    assert tool.guides(None) == ()
