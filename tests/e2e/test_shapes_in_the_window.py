"""The strip of sixteen shapes: picked by mouse and keys, kept while the size changes, saved with the session."""

from __future__ import annotations

import json

import numpy as np
import pytest

from cxr_studio.nodules.ct_superposition import projection_of
from cxr_studio.nodules.edits import placement_of
from cxr_studio.resources import resource
from cxr_studio.ui.nodule.shape_strip import ShapeStrip


@pytest.fixture
def shape_desk(desk):
    desk.start(resource("samples", "healthy-1.png"))
    with desk.qtbot.waitSignal(desk.studio.shapes.drawn, timeout=30_000):
        desk.do("tool.nodule")
    return desk


def edits(desk):
    return desk.studio.workspace.session.edits


def place(desk, *points):
    before = edits(desk)
    desk.drag(*points)
    desk.qtbot.waitUntil(lambda: edits(desk) is not before, timeout=20_000)
    return placement_of(edits(desk)[-1])


def changed(desk, act):
    before = edits(desk)
    act()
    desk.qtbot.waitUntil(lambda: edits(desk) is not before, timeout=20_000)
    return placement_of(edits(desk)[-1])


def outline(placement):
    return projection_of(placement, 0.4).mask


def likeness(first, second):
    """Overlap over union of two placements' silhouettes at one size."""
    from dataclasses import replace

    from cxr_studio.nodules.diameter import modulated

    a, b = (modulated(outline(replace(each, diameter=100.0)), 100.0) for each in (first, second))
    return float((a & b).sum() / (a | b).sum())


def test_the_strip_shows_sixteen_shapes_while_the_tool_is_taken(shape_desk):
    strip = shape_desk.view(ShapeStrip)
    assert strip.seeds == tuple(range(16))
    assert strip.isVisible()
    assert strip.current is None
    shape_desk.do("tool.brush")
    assert not strip.isVisible()


def test_a_picked_shape_is_the_placed_one_and_the_next_differs(shape_desk):
    shape_desk.view(ShapeStrip).click(6)
    assert shape_desk.view(ShapeStrip).current == 6
    first = place(shape_desk, (420.0, 250.0))
    second = place(shape_desk, (420.0, 700.0))
    assert (first.shape_seed, second.shape_seed) == (6, 7)
    assert shape_desk.view(ShapeStrip).current == 7


def test_shape_and_size_change_each_by_itself(shape_desk):
    first = place(shape_desk, (420.0, 250.0))
    picked = changed(shape_desk, lambda: shape_desk.view(ShapeStrip).click(3))
    assert (picked.shape_seed, picked.diameter, picked.seed) == (3, first.diameter, first.seed)
    grown = changed(shape_desk, lambda: shape_desk.studio.nodules.adjust(diameter=70.0))
    assert (grown.shape_seed, grown.diameter) == (3, 70.0)
    assert likeness(picked, grown) > 0.97
    other = changed(shape_desk, lambda: shape_desk.view(ShapeStrip).click(4))
    assert (other.shape_seed, other.diameter) == (4, 70.0)
    assert likeness(grown, other) < 0.97
    assert len(edits(shape_desk)) == 1
    shape_desk.do("edit.undo")
    assert placement_of(edits(shape_desk)[0]) == grown


def test_a_second_click_lets_the_seed_choose_again(shape_desk):
    first = place(shape_desk, (420.0, 250.0))
    changed(shape_desk, lambda: shape_desk.view(ShapeStrip).click(3))
    assert changed(shape_desk, lambda: shape_desk.view(ShapeStrip).click(3)) == first
    assert shape_desk.view(ShapeStrip).current is None


def test_fresh_shapes_keep_the_nodule_and_keys_walk_over_the_pages(shape_desk):
    strip, shapes = shape_desk.view(ShapeStrip), shape_desk.studio.shapes
    shape_desk.view(ShapeStrip).click(15)
    placed = place(shape_desk, (420.0, 250.0))
    with shape_desk.qtbot.waitSignal(shapes.drawn, timeout=30_000):
        shape_desk.do("nodule.fresh-shapes")
    assert strip.seeds == tuple(range(16, 32))
    assert strip.current is None
    assert placement_of(edits(shape_desk)[0]) == placed
    stepped = changed(shape_desk, lambda: shape_desk.do("nodule.next-shape"))
    assert (stepped.shape_seed, strip.current) == (16, 16)
    with shape_desk.qtbot.waitSignal(shapes.drawn, timeout=30_000):
        back = changed(shape_desk, lambda: shape_desk.do("nodule.previous-shape"))
    assert back.shape_seed == 15
    assert (strip.seeds[0], strip.current) == (0, 15)


def test_the_shape_seed_comes_back_with_the_session(shape_desk, desk_maker, tmp_path):
    shape_desk.view(ShapeStrip).click(9)
    placed = place(shape_desk, (420.0, 250.0))
    shape_desk.answers.path = tmp_path / "n.cxrs"
    shape_desk.do("file.save-as")
    other = desk_maker(generator="biharmonic")
    other.open(shape_desk.answers.path)
    assert placement_of(edits(other)[0]) == placed
    assert np.array_equal(other.studio.workspace.composite.image, shape_desk.studio.workspace.composite.image)


def test_density_draws_other_shapes_and_another_source_can_be_plugged_in(shape_desk):
    from cxr_studio.nodules.ct_library import Profile
    from cxr_studio.ui.nodule.shapes import ShapesController

    with shape_desk.qtbot.waitSignal(shape_desk.studio.shapes.drawn, timeout=30_000):
        shape_desk.studio.nodules.set_profile(Profile.SOLID)
    asked = []

    def source(look, seeds):
        asked.append((look.generator, tuple(seeds), look.profile))
        return [np.ones((4, 8), bool) for _ in seeds]

    mine = ShapesController(shape_desk.studio.nodules, shape_desk.studio.background, shape_desk.studio, source=source)
    with shape_desk.qtbot.waitSignal(mine.drawn, timeout=10_000) as drawn:
        mine.set_shown(True)
    assert asked == [("ct-superposition", tuple(range(16)), Profile.SOLID)]
    assert len(drawn.args[1]) == 16


def test_the_command_line_draws_the_same_shape(shape_desk, tmp_path, capsys):
    from cxr_studio.cli.main import main
    from cxr_studio.masks.files import load_mask

    shape_desk.view(ShapeStrip).click(2)
    placed = place(shape_desk, (420.0, 250.0))
    mask = tmp_path / "mask.png"
    words = ["nodule", str(resource("samples", "healthy-1.png")), "--at", f"{placed.x},{placed.y}", "--shape", "2"]
    size = ["--diameter", f"{placed.diameter}px", "--out", str(tmp_path / "out.png"), "--mask", str(mask)]
    assert main([*words, *size]) == 0
    assert json.loads(capsys.readouterr().out)["diameter_px"] == pytest.approx(placed.diameter, abs=0.5)
    image = shape_desk.studio.workspace.session.radiograph
    found = load_mask(mask, image.shape)
    y, x = np.nonzero(found)
    assert (y.mean(), x.mean()) == pytest.approx((placed.y, placed.x), abs=1.5)
