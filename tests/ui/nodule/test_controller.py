"""The nodule controller with an engine that answers by hand: placing, holding, changing, taking back."""

from __future__ import annotations

import pytest

from cxr_studio.errors import GeneratorError
from cxr_studio.ui.nodule.controller import NoduleController


@pytest.fixture
def nodules(workspace, bridge):
    made = NoduleController(workspace, bridge)
    made.adjust(diameter=20.0)
    yield made
    made.close()


def placed(nodules, bridge, y=50.0, x=40.0):
    nodules.press((y, x))
    bridge.place(bridge.asked[-1])
    nodules.release()


def test_a_click_places_a_nodule_as_an_edit_of_its_own(nodules, bridge, workspace, heard):
    where = heard()
    nodules.placed.connect(where)
    placed(nodules, bridge)
    assert [edit.number for edit in workspace.session.edits] == [nodules.selected]
    assert where == [(50.0, 40.0)]
    assert workspace.composite.image[50, 40] == 99


def test_let_go_before_the_picture_has_come_it_is_kept_when_it_comes(nodules, bridge, workspace):
    nodules.press((50.0, 40.0))
    nodules.release()
    assert not workspace.session.edits
    bridge.place(bridge.asked[-1])
    assert len(workspace.session.edits) == 1


def test_an_old_answer_is_dropped(nodules, bridge, workspace):
    nodules.press((50.0, 40.0))
    nodules.move((60.0, 40.0))
    bridge.place(bridge.asked[0])
    nodules.release()
    assert not workspace.session.edits
    bridge.place(bridge.asked[-1])
    assert len(workspace.session.edits) == 1
    assert nodules.outline.centre == (60.0, 40.0)


def test_a_nodule_is_taken_hold_of_where_it_lies_and_moved_as_one_step(nodules, bridge, workspace):
    placed(nodules, bridge)
    number = nodules.selected
    nodules.press((52.0, 41.0))
    assert nodules.selected == number
    for y in (60.0, 70.0):
        nodules.move((y + 2.0, 41.0))
    bridge.place(bridge.asked[-1])
    nodules.release()
    assert len(workspace.session.edits) == 1
    assert nodules.outline.centre == (70.0, 40.0)
    workspace.undo()
    workspace.select(number)
    assert nodules.outline.centre == (50.0, 40.0)


def test_its_centre_stays_on_the_image(nodules, bridge, workspace):
    nodules.press((50.0, 40.0))
    nodules.move((-30.0, 5000.0))
    assert nodules.outline.centre == (0.0, workspace.session.radiograph.shape[1] - 1.0)
    nodules.abandon()


def test_a_click_beside_the_image_places_nothing(nodules, bridge):
    nodules.press((-5.0, 40.0))
    assert bridge.asked == []
    assert nodules.outline is None


def test_abandoned_everything_is_as_it_was(nodules, bridge, workspace):
    before = workspace.composite.image.copy()
    nodules.press((50.0, 40.0))
    bridge.place(bridge.asked[-1])
    assert workspace.composite.image[50, 40] == 99
    nodules.abandon()
    assert (workspace.composite.image == before).all()
    assert not workspace.session.edits


def test_changes_of_the_selected_nodule_in_quick_succession_are_one_step(nodules, bridge, workspace, qtbot):
    placed(nodules, bridge)
    steps = len(workspace.session.history.done)
    for _ in range(3):
        nodules.resize(1)
        bridge.place(bridge.asked[-1])
    qtbot.waitUntil(lambda: len(workspace.session.history.done) == steps + 1, timeout=5000)
    assert nodules.look.diameter == pytest.approx(20 * 1.06**3, abs=0.2)


def test_without_a_selection_the_next_one_is_changed(nodules, bridge):
    nodules.scale_subtlety(1.5)
    nodules.flip()
    assert bridge.asked == []
    nodules.press((50.0, 40.0))
    assert bridge.asked[-1].options.subtlety == 1.5
    assert bridge.asked[-1].options.mirror
    nodules.abandon()


def test_the_next_one_has_another_seed(nodules, bridge, workspace):
    placed(nodules, bridge)
    workspace.select(None)
    nodules.press((90.0, 70.0))
    assert bridge.asked[-1].options.seed == bridge.asked[0].options.seed + 1
    nodules.abandon()


def test_deleted_it_is_gone_and_undo_brings_it_back(nodules, bridge, workspace):
    placed(nodules, bridge)
    nodules.delete()
    assert not workspace.session.edits
    assert nodules.selected is None
    workspace.undo()
    assert len(workspace.session.edits) == 1


def test_undo_of_the_selected_one_takes_the_selection_away(nodules, bridge, workspace):
    placed(nodules, bridge)
    workspace.undo()
    assert nodules.selected is None


def test_what_fails_is_put_back_and_told(nodules, bridge, workspace, heard):
    warned = heard()
    nodules.warned.connect(warned)
    nodules.press((50.0, 40.0))
    bridge.failed.emit(bridge.asked[-1].number, GeneratorError("it does not fit"))
    assert not workspace.session.edits
    assert nodules.outline is None
    assert "does not fit" in warned[0]


def test_another_radiograph_forgets_what_was_held(nodules, bridge, workspace, other_session):
    nodules.press((50.0, 40.0))
    workspace.open(other_session)
    assert nodules.outline is None
    bridge.place(bridge.asked[-1])
    assert not other_session.edits
