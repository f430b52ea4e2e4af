"""Nodules by mouse and keys: placed, dragged, sized, changed, undone, exported."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent

from cxr_studio.masks.boxes import cut
from cxr_studio.nodules.diameter import diameter
from cxr_studio.nodules.edits import placement_of
from cxr_studio.resources import resource
from cxr_studio.ui.nodule.panel import NodulePanel


@pytest.fixture
def nodule_desk(desk):
    desk.start(resource("samples", "healthy-1.png"))
    desk.do("tool.nodule")
    return desk


def edits(desk):
    return desk.studio.workspace.session.edits


def place(desk, *points):
    """Press, drag and let go; wait until it is an edit."""
    count, before = len(edits(desk)), edits(desk)
    desk.drag(*points)
    desk.qtbot.waitUntil(lambda: edits(desk) is not before and len(edits(desk)) >= count, timeout=20_000)


def settled(desk, before):
    desk.qtbot.waitUntil(lambda: edits(desk) is not before, timeout=20_000)


def shown(desk):
    return desk.studio.workspace.composite.image


def test_a_click_places_a_nodule_of_the_chosen_diameter(nodule_desk):
    nodule_desk.studio.nodules.adjust(diameter=36.0)
    place(nodule_desk, (420.0, 250.0))
    (edit,) = edits(nodule_desk)
    assert edit.title.startswith("Nodule 36 px")
    original = nodule_desk.studio.workspace.session.radiograph.stored
    mask = edit.mask(original.shape)
    assert (shown(nodule_desk)[mask] > original[mask]).all()
    assert (shown(nodule_desk)[~mask] == original[~mask]).all()
    assert diameter(mask) == pytest.approx(36, abs=6)
    y, x = np.nonzero(mask)
    assert (y.mean(), x.mean()) == pytest.approx((420, 250), abs=5)
    assert not nodule_desk.studio.workspace.session.mask.any()


def test_ten_nodules_are_ten_different_edits_and_can_be_undone(nodule_desk):
    for n in range(4):
        place(nodule_desk, (320.0 + 60 * n, 240.0))
    seeds = {placement_of(edit).seed for edit in edits(nodule_desk)}
    assert len(edits(nodule_desk)) == len(seeds) == 4
    for _ in range(4):
        nodule_desk.do("edit.undo")
    assert (shown(nodule_desk) == nodule_desk.studio.workspace.session.radiograph.stored).all()
    nodule_desk.do("edit.redo")
    assert len(edits(nodule_desk)) == 1


def test_a_drag_moves_a_nodule_and_leaves_no_trace(nodule_desk):
    place(nodule_desk, (420.0, 250.0))
    first = placement_of(edits(nodule_desk)[0])
    place(nodule_desk, (420.0, 250.0), (440.0, 262.0), (470.0, 280.0))
    (edit,) = edits(nodule_desk)
    moved = placement_of(edit)
    assert (moved.seed, moved.diameter) == (first.seed, first.diameter)
    assert (moved.y - first.y, moved.x - first.x) == pytest.approx((50, 30), abs=4)
    original = nodule_desk.studio.workspace.session.radiograph.stored
    assert (shown(nodule_desk)[~edit.mask(original.shape)] == original[~edit.mask(original.shape)]).all()


def test_keys_change_the_selected_nodule_in_one_step(nodule_desk):
    place(nodule_desk, (420.0, 250.0))
    before = edits(nodule_desk)
    for _ in range(3):
        nodule_desk.do("tool.larger")
    nodule_desk.do("nodule.denser")
    nodule_desk.do("nodule.turn")
    settled(nodule_desk, before)
    changed = placement_of(edits(nodule_desk)[0])
    assert changed.diameter > 33
    assert changed.contrast > 1.1
    assert changed.angle == 15
    nodule_desk.do("edit.undo")
    assert placement_of(edits(nodule_desk)[0]) == placement_of(before[0])


def test_another_shape_keeps_size_and_place(nodule_desk):
    place(nodule_desk, (420.0, 250.0))
    before = edits(nodule_desk)
    nodule_desk.do("nodule.reshape")
    settled(nodule_desk, before)
    old, new = placement_of(before[0]), placement_of(edits(nodule_desk)[0])
    assert (new.y, new.x, new.diameter) == (old.y, old.x, old.diameter)
    assert new.seed != old.seed


def test_a_nodule_is_deleted_and_a_click_beside_it_deselects_nothing_else(nodule_desk):
    place(nodule_desk, (420.0, 250.0))
    place(nodule_desk, (420.0, 700.0))
    nodule_desk.do("edit.remove")
    (left,) = edits(nodule_desk)
    assert placement_of(left).x == pytest.approx(250, abs=2)


def test_escape_puts_a_held_nodule_back(nodule_desk):
    place(nodule_desk, (420.0, 250.0))
    before = shown(nodule_desk).copy()
    nodule_desk.mouse(QEvent.Type.MouseButtonPress, nodule_desk.place(420.0, 250.0))
    with nodule_desk.qtbot.waitSignal(nodule_desk.studio.link.answered, timeout=20_000):
        nodule_desk.mouse(QEvent.Type.MouseMove, nodule_desk.place(500.0, 300.0))
    assert (shown(nodule_desk) != before).any()
    nodule_desk.studio.pointing.cancel()
    nodule_desk.mouse(QEvent.Type.MouseButtonRelease, nodule_desk.place(500.0, 300.0))
    assert (shown(nodule_desk) == before).all()
    assert len(edits(nodule_desk)) == 1


def test_a_session_with_nodules_comes_back(nodule_desk, desk_maker, tmp_path):
    place(nodule_desk, (420.0, 250.0))
    nodule_desk.answers.path = tmp_path / "n.cxrs"
    nodule_desk.do("file.save-as")
    other = desk_maker(generator="biharmonic")
    other.open(nodule_desk.answers.path)
    assert placement_of(edits(other)[0]) == placement_of(edits(nodule_desk)[0])
    assert (shown(other) == shown(nodule_desk)).all()


def test_a_nodule_that_is_run_again_is_the_same_nodule(nodule_desk):
    place(nodule_desk, (420.0, 250.0))
    before, image = edits(nodule_desk), shown(nodule_desk).copy()
    nodule_desk.studio.variations.rerun(before[0].number)
    settled(nodule_desk, before)
    assert placement_of(edits(nodule_desk)[0]) == placement_of(before[0])
    assert (shown(nodule_desk) == image).all()


def test_a_nodule_can_be_removed_again_by_the_inpainting(nodule_desk):
    place(nodule_desk, (420.0, 250.0))
    nodule_desk.do("tool.brush")
    nodule_desk.studio.pointing.set_radius(26)
    nodule_desk.stroke((420.0, 250.0), (421.0, 252.0))
    nodule_desk.do("inpaint.accept")
    assert [edit.title.split()[0] for edit in edits(nodule_desk)] == ["Nodule", "Biharmonic"]
    patch = edits(nodule_desk)[1].patches[0]
    assert (shown(nodule_desk)[cut(patch.box)] == patch.stored).mean() > 0.5


def test_the_lungs_are_outlined_on_demand(nodule_desk):
    lungs = nodule_desk.studio.lungs
    nodule_desk.do("view.lungs")
    nodule_desk.qtbot.waitUntil(lambda: lungs.mask is not None, timeout=30_000)
    assert 0.1 < lungs.mask.mean() < 0.6
    assert len(nodule_desk.window.grid.scene.lines["lungs"]) >= 2
    nodule_desk.do("view.lungs")
    assert nodule_desk.window.grid.scene.lines["lungs"] == ()


def test_a_nodule_outside_the_lungs_is_told_and_allowed(nodule_desk):
    nodule_desk.qtbot.waitUntil(lambda: nodule_desk.studio.lungs.mask is not None, timeout=30_000)
    place(nodule_desk, (900.0, 512.0))
    assert len(edits(nodule_desk)) == 1
    assert "outside the lungs" in nodule_desk.window.messages.text


def test_two_sources_side_by_side(nodule_desk):
    panel = nodule_desk.view(NodulePanel)
    place(nodule_desk, (420.0, 250.0))
    nodule_desk.do("nodule.generator")
    assert panel.generator_title == "Nodule texture, compact, own lung"
    settled(nodule_desk, edits(nodule_desk))
    (edit,) = edits(nodule_desk)
    assert edit.provenance.generator == "nodule-texture"
    assert edit.provenance.checkpoint_sha256
    nodule_desk.studio.workspace.select(None)
    nodule_desk.do("nodule.generator")
    place(nodule_desk, (420.0, 740.0))
    assert placement_of(edits(nodule_desk)[-1]).background == "drawn"
    nodule_desk.do("nodule.generator")
    settled(nodule_desk, edits(nodule_desk))
    assert {e.provenance.generator for e in edits(nodule_desk)} == {"ct-superposition", "nodule-texture"}
