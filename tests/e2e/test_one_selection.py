"""List, panes and keys act on the same edit."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QListWidget

from cxr_studio.ui.edits.edits_list import EditsList


@pytest.fixture
def edited(desk, picture):
    desk.start(picture)
    for place in ((100.0, 80.0), (200.0, 200.0)):
        desk.stroke(place, (place[0] + 4, place[1]))
        desk.do("inpaint.accept")
    return desk


def test_a_click_in_the_list_centres_and_selects(edited):
    listed = edited.view(EditsList)
    rows = listed.findChild(QListWidget)
    edited.qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualItemRect(rows.item(1)).center())
    assert edited.studio.workspace.selected == 1
    view = edited.window.grid.scene.view
    assert (view.y, view.x) == pytest.approx((102, 80), abs=3)


def test_ctrl_click_on_a_pane_selects_in_the_list_and_delete_removes(edited):
    place = edited.place(202.0, 200.0)
    edited.qtbot.mouseClick(edited.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, place)
    assert edited.view(EditsList).current == 2
    assert not edited.studio.workspace.session.mask.any(), "it has not painted"
    edited.key(Qt.Key.Key_Delete)
    assert [edit.number for edit in edited.studio.workspace.session.edits] == [1]
    assert edited.view(EditsList).current is None


def test_painting_ends_the_selection_so_that_delete_clears_the_mask(edited):
    edited.do("edit.next-edit")
    edited.stroke((150.0, 140.0), (154.0, 140.0))
    assert edited.studio.workspace.selected is None
    edited.key(Qt.Key.Key_Delete)
    assert len(edited.studio.workspace.session.edits) == 2
    assert not edited.studio.workspace.session.mask.any()


def test_a_placed_nodule_is_selected_everywhere(edited):
    edited.do("tool.nodule")
    with edited.qtbot.waitSignal(edited.studio.workspace.edits_changed, timeout=20_000):
        edited.drag((150.0, 90.0))
    number = edited.studio.nodules.selected
    assert number == edited.studio.workspace.selected == edited.view(EditsList).current
    edited.do("edit.previous-edit")
    assert edited.studio.nodules.selected is None
    assert edited.view(EditsList).current == 2


def test_a_tick_hides_an_edit_and_leaves_the_view_where_it_is(edited):
    rows = edited.view(EditsList).findChild(QListWidget)
    view = edited.window.grid.scene.view
    before = view.y, view.x
    box = rows.visualItemRect(rows.item(1))
    edited.qtbot.mouseClick(
        rows.viewport(), Qt.MouseButton.LeftButton, pos=box.center() - QPoint(box.width() // 2 - 13, 0)
    )
    assert [edit.enabled for edit in edited.studio.workspace.session.edits] == [False, True]
    assert (view.y, view.x) == before
