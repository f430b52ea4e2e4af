"""Everything by keyboard: Tab moves the focus, which is seen; arrows move image and pointer; Insert clicks."""

import pytest
from PySide6.QtCore import Qt

from cxr_studio.ui.canvas.canvas import Canvas
from cxr_studio.ui.shell.file_names import short_name

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def open_desk(desk, picture):
    desk.open(picture)
    desk.window.activateWindow()
    return desk


def test_tab_moves_the_focus_out_of_a_pane_and_around(open_desk):
    open_desk.canvas.setFocus()
    seen = []
    for _ in range(80):
        open_desk.qtbot.keyClick(open_desk.window.focusWidget(), Qt.Key.Key_Tab)
        seen.append(open_desk.window.focusWidget())
    assert {type(widget).__name__ for widget in seen} >= {"Canvas", "QToolButton", "NumberField", "QComboBox"}
    assert open_desk.window.tools.buttons[0] in seen
    assert len({widget for widget in seen if isinstance(widget, Canvas)}) == 2, "original and inpainted"


def test_the_pane_with_the_keyboard_is_marked(open_desk):
    panes = open_desk.window.grid.panes
    for kind, other in (("inpainted", "original"), ("original", "inpainted")):
        panes[kind].canvas.setFocus()
        marked = [
            k for k in (kind, other) if panes[k].findChild(type(panes[k]._header), "paneHeader").property("focused")
        ]
        assert marked == [kind]


def test_arrows_move_the_image(open_desk):
    view = open_desk.window.grid.scene.view
    open_desk.do("view.one-to-one")
    before = view.y, view.x
    open_desk.key(Qt.Key.Key_Right)
    open_desk.key(Qt.Key.Key_Down)
    assert view.x > before[1]
    assert view.y > before[0]


def test_shift_and_arrows_move_the_pointer_and_insert_paints(open_desk):
    for _ in range(3):
        open_desk.key(Qt.Key.Key_Right, SHIFT)
    open_desk.key(Qt.Key.Key_Down, SHIFT)
    y, x = open_desk.studio.pointing.place
    open_desk.key(Qt.Key.Key_Insert)
    mask = open_desk.studio.workspace.session.mask
    assert mask[round(y), round(x)]
    assert mask.sum() == pytest.approx(3.14 * 20**2, rel=0.05), "one disc of the brush"
    open_desk.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not open_desk.studio.workspace.session.mask.any()


def test_a_long_name_loses_its_middle():
    name = "patient-0001-study-20240101-series-000001-instance-000042-frontal.dcm"
    short = short_name(name)
    assert len(short) <= 44
    assert short.startswith("patient-0001")
    assert short.endswith("frontal.dcm")
    assert short_name("a&b.png") == "a&&b.png"


def test_no_two_commands_share_a_key(open_desk):
    registry = open_desk.window.registry
    clashes = {row.id: registry.clash(row.id, key) for row in registry.rows.values() for key in registry.keys(row.id)}
    assert {name: other.id for name, other in clashes.items() if other is not None} == {}
