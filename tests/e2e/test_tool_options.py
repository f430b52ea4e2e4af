"""The bar above the panes: values typed apply at Enter, letters reach the shortcuts, it is plain what is sized."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox

from cxr_studio.ui.shell.number_field import NumberField
from cxr_studio.ui.shell.tool_options import ToolOptions


@pytest.fixture
def open_desk(desk, picture):
    desk.open(picture)
    return desk


def field(desk, name) -> NumberField:
    (found,) = [f for f in desk.view(ToolOptions).findChildren(NumberField) if f.accessibleName() == name]
    return found


def typed(desk, box, text, end=Qt.Key.Key_Return):
    box.setFocus()
    box.selectAll()
    desk.qtbot.keyClicks(box, text)
    if end is not None:
        desk.qtbot.keyClick(box, end)


def test_a_typed_diameter_applies_at_enter_and_gives_the_keyboard_back(open_desk):
    settings = open_desk.studio.pointing.toolbox.settings
    box = field(open_desk, "Brush diameter")
    typed(open_desk, box, "57", end=None)
    assert settings.radius == 20, "not before Enter"
    open_desk.qtbot.keyClick(box, Qt.Key.Key_Return)
    assert settings.radius == 28.5
    assert open_desk.window.status.field("brush").startswith("⌀ 57 px")
    assert open_desk.window.focusWidget() is open_desk.canvas


def test_escape_takes_back_what_was_typed(open_desk):
    box = field(open_desk, "Brush diameter")
    typed(open_desk, box, "99", end=Qt.Key.Key_Escape)
    assert box.text() == "40 px"
    assert open_desk.studio.pointing.toolbox.settings.radius == 20


@pytest.mark.parametrize("where", ["bar", "panel"])
def test_letters_reach_the_shortcuts_from_a_number_field(open_desk, where):
    box = field(open_desk, "Brush diameter")
    if where == "panel":
        open_desk.do("tool.nodule")
        box = next(f for f in open_desk.window.side.findChildren(QDoubleSpinBox) if f.isVisible())
    box.setFocus()
    open_desk.qtbot.keyClick(box, Qt.Key.Key_P)
    assert open_desk.studio.pointing.toolbox.chosen == "polygon"


def test_a_tool_shows_its_own_settings(open_desk):
    seen = {}
    for tool in ("brush", "flood", "stamp", "nodule", "pan"):
        open_desk.do(f"tool.{tool}")
        boxes = open_desk.view(ToolOptions).findChildren(NumberField)
        seen[tool] = {box.accessibleName() for box in boxes if box.isVisible()}
        assert open_desk.view(ToolOptions).height() == 32
    assert seen == {
        "brush": {"Brush diameter", "Feather"},
        "flood": {"Tolerance", "Feather"},
        "stamp": {"Side", "Feather"},
        "nodule": {"Nodule diameter", "Contrast"},
        "pan": set(),
    }


def test_the_flood_and_the_stamp_are_set_there(open_desk):
    open_desk.do("tool.flood")
    typed(open_desk, field(open_desk, "Tolerance"), "30")
    open_desk.do("tool.stamp")
    typed(open_desk, field(open_desk, "Side"), "48")
    settings = open_desk.studio.pointing.toolbox.settings
    assert (settings.tolerance, settings.stamp_side) == (30, 48)
    typed(open_desk, field(open_desk, "Feather"), "7")
    assert open_desk.studio.inpainting.options.feather == 7


def test_it_is_plain_whose_diameter_is_changed(desk, picture):
    desk.start(picture)
    desk.do("tool.nodule")
    words = [label.text() for label in desk.view(ToolOptions).children() if hasattr(label, "text")]
    assert "Next nodule:" in words
    with desk.qtbot.waitSignal(desk.studio.workspace.edits_changed, timeout=20_000):
        desk.drag((150.0, 90.0))
    words = [label.text() for label in desk.view(ToolOptions).children() if hasattr(label, "text")]
    assert "Nodule 1:" in words
    with desk.qtbot.waitSignal(desk.studio.workspace.edits_changed, timeout=20_000):
        typed(desk, field(desk, "Nodule diameter"), "44")
    assert desk.studio.workspace.session.edits[0].title.startswith("Nodule 44 px")
