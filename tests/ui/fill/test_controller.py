"""The inpainting controller with an engine that answers by hand: asking, newest wins, keeping, dropping."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.card import Role
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.fill.three_masks import ThreeMasksController
from cxr_studio.ui.fill.variations import VariationsController
from cxr_studio.ui.paint.controller import PaintingController

KNOWN = (GeneratorFacts("first", "First", Role.RESTORE), GeneratorFacts("second", "Second", Role.RESTORE))


@pytest.fixture
def inpainting(workspace, bridge):
    return InpaintingController(workspace, bridge, generators=lambda: KNOWN)


@pytest.fixture
def painting(workspace, inpainting):
    made = PaintingController(workspace)
    made.stroking.connect(inpainting.stroked)
    return made


def paint(painting, rows=(20, 40), columns=(20, 40)):
    painting.begin()
    painting.mask[slice(*rows), slice(*columns)] = True
    painting.touch((rows[0], columns[0], rows[1], columns[1]))
    painting.commit("Brush stroke")


def test_a_stroke_asks_and_the_answer_is_shown_but_not_kept(inpainting, painting, bridge, workspace):
    paint(painting)
    assert len(bridge.asked) == 1
    assert inpainting.fill is None
    bridge.answer(bridge.asked[0])
    assert workspace.composite.image[30, 30] == 77
    assert inpainting.fill is not None
    assert not workspace.session.edits


def test_a_preview_is_shown_until_the_answer_and_cannot_be_kept(inpainting, painting, bridge, workspace):
    paint(painting)
    bridge.preview(bridge.asked[0], 33)
    assert workspace.composite.image[30, 30] == 33
    assert inpainting.fill is None
    assert not inpainting.accept()
    bridge.answer(bridge.asked[0])
    bridge.preview(bridge.asked[0], 44)
    assert workspace.composite.image[30, 30] == 77


def test_only_the_newest_answer_counts(inpainting, painting, bridge, workspace):
    paint(painting)
    paint(painting, (60, 70), (60, 70))
    bridge.answer(bridge.asked[0], 11)
    assert inpainting.fill is None
    bridge.answer(bridge.asked[1], 22)
    assert workspace.composite.image[30, 30] == 22


def test_not_live_nothing_is_asked_until_told(inpainting, painting, bridge):
    inpainting.set_live(False)
    paint(painting)
    assert bridge.asked == []
    inpainting.run()
    assert len(bridge.asked) == 1
    inpainting.set_live(True)
    assert len(bridge.asked) == 2


def test_accepted_the_fill_is_an_edit_and_the_mask_is_empty(inpainting, painting, bridge, workspace, heard):
    offers = heard()
    inpainting.offered.connect(offers)
    paint(painting)
    bridge.answer(bridge.asked[0])
    assert inpainting.accept()
    assert not painting.mask.any()
    assert workspace.session.edits[0].title.startswith("First")
    assert offers[-1] is None
    assert not inpainting.accept()


def test_a_changed_mask_makes_the_fill_stale(inpainting, painting, bridge):
    paint(painting)
    bridge.answer(bridge.asked[0])
    paint(painting, (60, 70), (60, 70))
    assert inpainting.fill is None
    assert not inpainting.accept()


def test_a_cleared_mask_takes_the_fill_away(inpainting, painting, bridge, workspace):
    before = workspace.composite.image.copy()
    paint(painting)
    bridge.answer(bridge.asked[0])
    painting.clear()
    assert (workspace.composite.image == before).all()
    assert bridge.cancelled


def test_erased_pixels_are_the_originals_at_once(inpainting, painting, bridge, workspace):
    paint(painting)
    bridge.answer(bridge.asked[0])
    painting.begin()
    painting.mask[20:30] = False
    painting.touch((20, 20, 30, 40))
    painting.commit("Eraser stroke")
    original = workspace.session.radiograph.stored
    assert (workspace.composite.image[20:30] == original[20:30]).all()
    assert workspace.composite.image[35, 30] == 77


def test_another_generator_is_warmed_up_and_asked(inpainting, painting, bridge):
    paint(painting)
    inpainting.take_generator("second")
    assert bridge.warmed_up == ["second"]
    assert bridge.asked[-1].options.generator == "second"
    inpainting.next_generator()
    assert inpainting.options.generator == "first"


def test_a_generator_that_is_not_there_is_left_aside(inpainting, bridge):
    inpainting.take_generator("gone")
    assert inpainting.options.generator == "first"
    assert inpainting.facts_of("gone").title == "gone"


def test_pasting_options_do_not_change_the_generator(inpainting):
    inpainting.take_generator("second")
    inpainting.take_pasting(replace(inpainting.options, generator="first", feather=9))
    assert (inpainting.options.generator, inpainting.options.feather) == ("second", 9)
    inpainting.next_seed()
    assert inpainting.options.seed == 1


def test_a_fast_generator_follows_the_brush(inpainting, painting, bridge):
    paint(painting)
    bridge.answer(bridge.asked[0], seconds=0.01)
    painting.begin()
    painting.mask[50:55, 50:55] = True
    painting.touch((50, 50, 55, 55))
    assert len(bridge.asked) == 2
    painting.touch((50, 50, 55, 55))
    assert len(bridge.asked) == 2, "one request at a time while a stroke goes on"


def test_a_failure_is_told_and_the_next_stroke_asks_again(inpainting, painting, bridge, heard):
    warned = heard()
    inpainting.warned.connect(warned)
    paint(painting)
    bridge.failed.emit(bridge.asked[0].number, ValueError("no room"))
    assert warned == ["no room"]
    assert not inpainting.under_way
    paint(painting, (60, 70), (60, 70))
    assert len(bridge.asked) == 2


def test_three_variations_beside_the_fill_and_one_is_chosen(inpainting, painting, bridge, workspace, heard):
    variations, shown = VariationsController(workspace, bridge, inpainting), heard()
    variations.changed.connect(shown)
    paint(painting)
    bridge.answer(bridge.asked[0])
    variations.more()
    assert [job.options.seed for job in bridge.jobs] == [1, 2, 3]
    for place, job in enumerate(tuple(bridge.jobs)):
        made = bridge.answer(job, 100 + place)
        bridge.job_done.emit(made)
    assert len(shown[-1][0]) == 4
    variations.choose(2)
    assert workspace.composite.image[30, 30] == 101
    assert inpainting.accept()
    assert workspace.session.composite[30, 30] == 101
    assert shown[-1][0] == ()


def test_the_shown_mask_is_the_painted_or_the_blended_one(inpainting, painting, workspace, heard):
    masks, shown = ThreeMasksController(workspace, inpainting), heard()
    masks.mask_changed.connect(shown)
    paint(painting)
    masks.show("blending")
    assert 0 < shown[-1].sum() < painting.mask.sum()
    masks.show("painted")
    assert shown[-1] is workspace.session.mask
    workspace.close()
    assert shown[-1] is None
