from __future__ import annotations

import pytest

from cxr_studio.ui.tools.pointer import Button, Key, Modifiers, Pointer
from cxr_studio.ui.tools.schemes import Scheme
from cxr_studio.ui.tools.toolbox import Toolbox


def at(y: float, x: float, modifiers: Modifiers = Modifiers.NONE) -> Pointer:
    return Pointer((y, x), screen=(x, y), modifiers=modifiers)


def drag(box: Toolbox, button: Button, modifiers: Modifiers = Modifiers.NONE) -> None:
    box.press(button, at(50, 50, modifiers))
    box.move(at(50, 60, modifiers))
    box.release(at(50, 60, modifiers))


@pytest.mark.parametrize(
    ("scheme", "button", "kind"),
    [
        (Scheme.READING, Button.LEFT, "window"),
        (Scheme.READING, Button.MIDDLE, "pan"),
        (Scheme.PAINTING, Button.RIGHT, "window"),
        (Scheme.PAINTING, Button.MIDDLE, "pan"),
    ],
)
def test_each_scheme_sends_the_drag_where_it_belongs(target, view, scheme, button, kind):
    box = Toolbox(target, view)
    box.scheme = scheme
    drag(box, button)
    assert view.calls == [(kind, 10, 0)]
    assert target.steps == []


def test_the_right_button_zooms_when_reading(target, view):
    box = Toolbox(target, view)
    box.scheme = Scheme.READING
    box.press(Button.RIGHT, at(50, 50))
    box.move(at(40, 50))
    box.release(at(40, 50))
    assert view.calls[0][0] == "zoom"
    assert view.calls[0][1] > 1


def test_painting_paints_and_space_pans(target, view):
    box = Toolbox(target, view)
    drag(box, Button.LEFT)
    assert target.steps == ["Brush stroke"]
    drag(box, Button.LEFT, Modifiers.SPACE)
    assert view.calls == [("pan", 10, 0)]
    assert len(target.steps) == 1


def test_a_second_button_does_not_disturb_the_stroke(target, view):
    box = Toolbox(target, view)
    box.press(Button.LEFT, at(50, 50))
    box.press(Button.RIGHT, at(50, 50))
    box.release(at(50, 60))
    assert target.steps == ["Brush stroke"]
    assert view.calls == []


def test_choosing_another_tool_drops_what_is_half_done(target, view):
    box = Toolbox(target, view)
    box.choose("polygon")
    box.press(Button.LEFT, at(5, 5))
    box.release(at(5, 5))
    assert box.painting
    box.choose("lasso")
    box.choose("polygon")
    assert not box.painting
    assert not box.key(Key.ENTER)
    with pytest.raises(KeyError):
        box.choose("scalpel")


def test_a_double_click_of_the_brush_is_a_second_dot(target, view):
    box = Toolbox(target, view)
    drag(box, Button.LEFT)
    box.double(Button.LEFT, at(5, 5))
    box.release(at(5, 5))
    assert len(target.steps) == 2


def test_the_wheel_zooms_sizes_or_steps(target, view):
    box = Toolbox(target, view)
    steps: list[int] = []
    box.step_case = steps.append
    box.wheel(1, at(5, 5))
    assert view.calls[0][1] == pytest.approx(1.2)
    radius = box.settings.radius
    box.wheel(1, at(5, 5, Modifiers.SHIFT))
    assert box.settings.radius > radius
    box.scheme = Scheme.READING
    box.wheel(-1, at(5, 5, Modifiers.CONTROL))
    assert steps == [1]


def test_no_brush_outline_when_reading(target, view):
    box = Toolbox(target, view)
    assert box.guides(at(5, 5))
    box.scheme = Scheme.READING
    assert box.guides(at(5, 5)) == ()
