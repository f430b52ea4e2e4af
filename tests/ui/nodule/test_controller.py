"""The nodule controller with an engine that answers by hand: placing, holding, changing, taking back."""

from __future__ import annotations

import pytest

from cxr_studio.errors import GeneratorError
from cxr_studio.nodules.edits import placement_of
from cxr_studio.nodules.judging import TRIES, Verdict
from cxr_studio.nodules.ways import Way
from cxr_studio.ui.nodule import controller
from cxr_studio.ui.nodule.controller import NoduleController
from cxr_studio.ui.nodule.panel import NodulePanel

CLEAR, FAINT = Verdict(9.0, 1.2), Verdict(0.2, 1.2)


@pytest.fixture
def verdicts(monkeypatch):
    """Every draw passes, unless a test says what is measured first."""
    coming = []
    monkeypatch.setattr(controller, "verdict_of", lambda _image, _placed: coming.pop(0) if coming else CLEAR)
    return coming


@pytest.fixture
def nodules(workspace, bridge, verdicts):
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


def test_a_draw_that_cannot_be_found_is_made_again_with_the_next_seed(nodules, bridge, workspace, verdicts):
    verdicts += [FAINT, FAINT]
    placed(nodules, bridge)
    for _ in range(2):
        assert not workspace.session.edits
        bridge.place(bridge.asked[-1])
    seeds = [request.options.seed for request in bridge.asked]
    assert seeds == [seeds[0], seeds[0] + 1, seeds[0] + 2]
    assert placement_of(workspace.session.edits[0]).seed == seeds[-1]
    nodules.press((90.0, 80.0))
    assert bridge.asked[-1].options.seed == seeds[-1] + 1


def test_a_faint_draw_stays_where_less_contrast_asks_for_it_and_a_ring_does_not(nodules, bridge, workspace, verdicts):
    nodules.adjust(contrast=0.5)
    verdicts += [FAINT]
    placed(nodules, bridge)
    assert len(workspace.session.edits) == 1
    verdicts += [Verdict(9.0, 0.3)]
    placed(nodules, bridge, 90.0, 80.0)
    assert len(workspace.session.edits) == 1
    bridge.place(bridge.asked[-1])
    assert len(workspace.session.edits) == 2


def test_drawing_again_ends(nodules, bridge, workspace, verdicts):
    verdicts += [FAINT] * 20
    placed(nodules, bridge)
    while not workspace.session.edits:
        bridge.place(bridge.asked[-1])
    assert len(bridge.asked) == TRIES


def test_a_move_of_a_kept_nodule_never_draws_another(nodules, bridge, workspace, verdicts):
    placed(nodules, bridge)
    seed = placement_of(workspace.session.edits[0]).seed
    verdicts += [FAINT] * 5
    nodules.press((50.0, 40.0))
    nodules.move((70.0, 40.0))
    bridge.place(bridge.asked[-1])
    nodules.release()
    assert placement_of(workspace.session.edits[0]).seed == seed


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
    nodules.scale_contrast(1.5)
    nodules.flip()
    assert bridge.asked == []
    nodules.press((50.0, 40.0))
    assert bridge.asked[-1].options.contrast == 1.5
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


def test_long_titles_of_generators_do_not_widen_the_panel(qtbot):
    short = NodulePanel((Way("CT", "ct-superposition", "kept", ""),))
    long = NodulePanel((Way("A generator with a very long title (experimental)", "x", "kept", ""),))
    for panel in (short, long):
        qtbot.addWidget(panel)
    assert long.minimumSizeHint().width() == short.minimumSizeHint().width()


def test_a_grade_of_subtlety_sets_the_contrast_of_a_kept_nodule_and_a_contrast_takes_it_back(
    nodules, bridge, workspace, verdicts
):
    placed(nodules, bridge)
    verdicts += [Verdict(1.1, 1.2), Verdict(2.2, 1.2)]
    nodules.set_subtlety(3)
    nodules.release()
    for _ in range(2):
        bridge.place(bridge.asked[-1])
    kept = placement_of(workspace.session.edits[0])
    assert (kept.subtlety, kept.contrast) == (3, pytest.approx(2.0))
    assert kept.seed == bridge.asked[0].options.seed
    nodules.adjust(contrast=1.5)
    assert (nodules.look.subtlety, nodules.look.contrast) == (None, 1.5)


def test_a_grade_out_of_reach_is_said(nodules, bridge, workspace, verdicts, heard):
    said = heard()
    nodules.warned.connect(said)
    nodules.set_subtlety(5)
    verdicts += [Verdict(0.4, 1.2)] * 20
    placed(nodules, bridge)
    while not workspace.session.edits:
        bridge.place(bridge.asked[-1])
    assert len(said) == 1
    assert "A subtlety of 5 cannot be reached here" in str(said[0])


def test_steps_go_through_every_value_and_back_to_any(nodules):
    for step, name in (
        (nodules.next_margin, "margin"),
        (nodules.next_profile, "profile"),
        (nodules.next_subtlety, "subtlety"),
    ):
        seen = []
        while not seen or seen[-1] is not None:
            step()
            seen.append(getattr(nodules.look, name))
        assert len(seen) == len(set(seen)) == {"margin": 4, "profile": 5, "subtlety": 6}[name]
