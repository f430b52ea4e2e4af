"""Surroundings on trial with an engine that answers by hand, and the proof of the box."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.generation.provenance import provenance_of
from cxr_studio.generation.result import Patch, Result, area_of
from cxr_studio.networks.card import Role
from cxr_studio.surround.drawing import kept_sha256
from cxr_studio.surround.options import SurroundOptions
from cxr_studio.ui.compare.proof import BOX_STAYED, proved
from cxr_studio.ui.whole.controller import NO_BOX, NO_GENERATOR, NO_MASK, SurroundController, TranslateController
from cxr_studio.ui.whole.trial import ONE_ANSWER
from cxr_studio.ui.whole.variations import SurroundingsController
from tests.generation.strangers import CARDS

KNOWN = (
    GeneratorFacts("many", "Many", Role.SURROUND, stochastic=True),
    GeneratorFacts("one", "One", Role.SURROUND),
)
BOX = 20, 30, 40, 60


@pytest.fixture
def settled():
    return []


@pytest.fixture
def surrounding(workspace, bridge, settled):
    return SurroundController(workspace, bridge, settle=lambda: settled.append(1), generators=lambda: KNOWN)


def paint(workspace):
    """Two corners: the box is more than the mask."""
    mask = workspace.session.mask.copy()
    mask[20:25, 30:35] = mask[35:40, 55:60] = True
    workspace.replace_mask(mask, "Paint")


def answer(bridge, value=77, *, box_too=False):
    request = bridge.jobs[-1]
    y0, x0, y1, x1 = request.box
    written = np.ones(request.image.shape, bool)
    written[y0:y1, x0:x1] = False
    stored = request.image.stored.copy()
    stored[written] = value
    if box_too:
        stored[y0, x0] += 1
    facts = GeneratorFacts(request.generator, request.generator, Role.SURROUND)
    stated = replace(provenance_of(request, facts, "cpu"), kept_sha256=kept_sha256(request.image, request.box))
    patches = (Patch((0, 0, *request.image.shape), stored),)
    result = Result(request.number, patches, area_of(written), 0.1, "cpu", stated, "Enlarged.")
    bridge.job_done.emit(result)
    return result


def test_the_bounding_box_of_the_mask_is_asked_for(surrounding, workspace, bridge, settled):
    assert surrounding.refusal == NO_BOX
    surrounding.run()
    assert not bridge.jobs
    paint(workspace)
    surrounding.run()
    assert (bridge.jobs[0].box, bridge.jobs[0].options) == (BOX, SurroundOptions("many"))
    assert settled == [1]


def test_the_answer_is_shown_and_becomes_an_edit_in_one_step(surrounding, workspace, bridge):
    paint(workspace)
    surrounding.run()
    result = answer(bridge)
    assert surrounding.result is result
    assert workspace.composite.image[0, 0] == 77
    assert not workspace.session.edits
    assert surrounding.accept()
    (edit,) = workspace.session.edits
    assert (edit.title, edit.provenance) == ("Many, 100 × 120 px", result.provenance)
    assert np.array_equal(workspace.composite.image, result.patches[0].stored)
    assert not workspace.session.mask.any()
    assert surrounding.result is None
    workspace.undo()
    assert not workspace.session.edits
    assert surrounding.box == BOX
    assert np.array_equal(workspace.composite.image, workspace.session.radiograph.stored)
    assert not surrounding.accept()


def test_discarded_it_leaves_the_image_and_the_mask(surrounding, workspace, bridge):
    paint(workspace)
    surrounding.run()
    answer(bridge)
    surrounding.drop()
    assert np.array_equal(workspace.composite.image, workspace.session.radiograph.stored)
    assert surrounding.box == BOX


def test_another_takes_the_next_seed_where_seeds_differ(surrounding, workspace, bridge):
    paint(workspace)
    surrounding.another()
    assert bridge.jobs[-1].options.seed == 1
    surrounding.set_options(SurroundOptions("one"))
    assert surrounding.another_refusal == ONE_ANSWER
    surrounding.another()
    assert len(bridge.jobs) == 1


def test_only_the_newest_answer_counts_and_the_older_job_is_stopped(surrounding, workspace, bridge, heard):
    busy = heard()
    surrounding.busy_changed.connect(busy)
    paint(workspace)
    surrounding.run()
    old = bridge.jobs[-1].number
    surrounding.another()
    assert bridge.given[0].token.cancelled
    assert not bridge.given[1].token.cancelled
    result = answer(bridge)
    bridge.job_done.emit(replace(result, number=old))
    assert surrounding.result is result
    assert busy == [True, False, True, False]


@pytest.mark.parametrize("by", ["stroke", "cancel", "close"])
def test_what_is_asked_is_given_up(surrounding, workspace, bridge, by):
    paint(workspace)
    surrounding.run()
    if by == "stroke":
        workspace.replace_mask(~workspace.session.mask, "Invert")
    else:
        surrounding.cancel() if by == "cancel" else workspace.close()
    assert bridge.given[0].token.cancelled
    assert not surrounding.under_way
    answer(bridge)
    assert surrounding.result is None


def test_what_is_shown_in_its_place_ends_the_trial(surrounding, workspace, bridge):
    paint(workspace)
    surrounding.run()
    answer(bridge)
    workspace.lay([Patch((0, 0, 2, 2), np.zeros((2, 2), np.uint16))])
    assert surrounding.result is None
    assert not surrounding.accept()
    assert workspace.composite.image[2, 2] == workspace.session.radiograph.stored[2, 2]


def test_a_failure_ends_the_wait(surrounding, workspace, bridge):
    paint(workspace)
    surrounding.run()
    bridge.failed.emit(bridge.jobs[0].number, GeneratorError("broken"))
    assert not surrounding.under_way


def test_the_chosen_generator_is_warmed_up_once_when_the_engine_is_there(surrounding, bridge):
    bridge.loaded = False
    surrounding.warm_up()
    bridge.loaded = True
    for _ in range(2):
        surrounding.warm_up()
    surrounding.take_generator("one")
    surrounding.take_generator("gone")
    assert surrounding.options == SurroundOptions("one")
    assert bridge.warmed_up == ["many", "one"]


def test_without_a_generator_it_says_so(workspace, bridge):
    bare = SurroundController(workspace, bridge, settle=lambda: None, generators=tuple)
    paint(workspace)
    assert bare.refusal == NO_GENERATOR
    bare.run()
    assert not bridge.jobs


def test_the_badge_states_that_the_box_stayed(surrounding, workspace, bridge):
    paint(workspace)
    surrounding.run()
    answer(bridge)
    assert proved(workspace.session, workspace.composite.image, workspace.whole) == (BOX_STAYED, 0)
    surrounding.accept()
    assert proved(workspace.session, workspace.composite.image, workspace.whole) == (BOX_STAYED, 0)
    workspace.session.enable(1, False)
    workspace.edited()
    words = proved(workspace.session, workspace.composite.image, None)
    assert words == ("Outside: 0 pixels changed", 0)


def test_a_pixel_changed_in_the_box_is_not_passed_over(surrounding, workspace, bridge):
    paint(workspace)
    surrounding.run()
    answer(bridge, box_too=True)
    words = proved(workspace.session, workspace.composite.image, workspace.whole)
    assert words == ("Outside: 1 pixel changed", 1)


@pytest.fixture
def translating(workspace, bridge):
    card = replace(CARDS[Role.TRANSLATE], labels=("mass", "effusion"))
    known = (
        GeneratorFacts("labelled", "Labelled", Role.TRANSLATE, card),
        GeneratorFacts("blind", "Blind", Role.TRANSLATE, CARDS[Role.TRANSLATE]),
    )
    return TranslateController(workspace, bridge, settle=lambda: None, generators=lambda: known)


def test_a_translation_asks_for_the_chosen_finding_everywhere(translating, workspace, bridge):
    paint(workspace)
    assert translating.labels == ("mass", "effusion")
    translating.set_options(replace(translating.options, labels=("mass",)))
    translating.run()
    assert (bridge.jobs[-1].region, bridge.jobs[-1].options.labels) == (None, ("mass",))
    translating.take_generator("blind")
    assert (translating.labels, translating.options.labels) == ((), ())


def test_a_translation_inside_the_mask_needs_one(translating, workspace, bridge):
    translating.set_masked(True)
    assert translating.refusal == NO_MASK
    translating.run()
    assert not bridge.jobs
    paint(workspace)
    translating.run()
    assert np.array_equal(bridge.jobs[-1].mask, workspace.session.mask)


def test_a_translation_of_everything_leaves_the_mask(translating, workspace, bridge):
    paint(workspace)
    mask = workspace.session.mask.copy()
    translating.run()
    request = bridge.jobs[-1]
    facts = GeneratorFacts(request.generator, request.generator, Role.TRANSLATE)
    stored = np.full_like(request.image.stored, 5)
    patches = (Patch((0, 0, *request.image.shape), stored),)
    written = area_of(np.ones(request.image.shape, bool))
    assert translating.words == "Healthy tissue will be drawn into the whole image."
    bridge.job_done.emit(Result(request.number, patches, written, 0.1, "cpu", provenance_of(request, facts, "cpu")))
    assert translating.words.startswith("It changed 100.0 % of the pixels by more than 2 % of the grey range")
    assert translating.accept()
    assert (workspace.composite.image == 5).all()
    assert np.array_equal(workspace.session.mask, mask)


def test_another_finding_is_drawn_at_once_where_one_is_on_trial_and_named_in_the_list(translating, workspace, bridge):
    card = replace(CARDS[Role.TRANSLATE], labels=("mass", "effusion"))

    def give(value):
        request = bridge.jobs[-1]
        stated = provenance_of(request, GeneratorFacts("labelled", "Labelled", Role.TRANSLATE, card), "cpu")
        patches = (Patch((0, 0, *request.image.shape), np.full_like(request.image.stored, value)),)
        written = area_of(np.ones(request.image.shape, bool))
        bridge.job_done.emit(Result(request.number, patches, written, 0.1, "cpu", stated))

    translating.take_label("mass")
    assert not bridge.jobs
    assert translating.words == "mass will be drawn into the whole image."
    translating.run()
    give(5)
    translating.take_label("effusion")
    assert [job.options.labels for job in bridge.jobs] == [("mass",), ("effusion",)]
    assert not (bridge.jobs[-1].image.stored == 5).all(), "of the patient, not of what is on trial"
    give(6)
    assert translating.accept()
    translating.take_label("")
    assert len(bridge.jobs) == 2
    translating.run()
    give(7)
    assert translating.accept()
    titles = [edit.title for edit in workspace.session.edits]
    assert [title.rpartition(",")[0] for title in titles] == ["Labelled: effusion", "Labelled: healthy"]
    workspace.undo()
    assert (workspace.composite.image == 6).all()


@pytest.fixture
def variations(workspace, bridge, surrounding):
    return SurroundingsController(workspace, bridge, surrounding)


def answers(bridge, first=0):
    """Answer every job from a place on, the last one first."""
    for request in reversed(bridge.jobs[first:]):
        y0, x0, y1, x1 = request.box
        written = np.ones(request.image.shape, bool)
        written[y0:y1, x0:x1] = False
        stored = request.image.stored.copy()
        stored[written] = 10 + request.options.seed
        facts = GeneratorFacts(request.generator, request.generator, Role.SURROUND)
        patches = (Patch((0, 0, *request.image.shape), stored),)
        stated = provenance_of(request, facts, "cpu")
        bridge.job_done.emit(Result(request.number, patches, area_of(written), 0.1, "cpu", stated))


def seeds(variations):
    return [result.provenance.options["seed"] for result in variations.answers]


def test_six_seeds_of_one_box_the_first_on_trial_and_another_taken(variations, surrounding, workspace, bridge):
    paint(workspace)
    variations.run()
    assert [(job.box, job.options.seed) for job in bridge.jobs] == [(BOX, seed) for seed in range(6)]
    answers(bridge)
    assert (seeds(variations), variations.waiting) == ([0, 1, 2, 3, 4, 5], 0)
    assert (variations.current, workspace.composite.image[0, 0]) == (0, 10)
    variations.take(4)
    assert (variations.current, workspace.composite.image[0, 0]) == (4, 14)
    assert surrounding.accept()
    assert workspace.session.edits[0].provenance.options["seed"] == 4
    assert not variations.shown


def test_the_next_six_seeds_follow(variations, workspace, bridge):
    paint(workspace)
    variations.run()
    answers(bridge)
    variations.more()
    assert [job.options.seed for job in bridge.jobs[6:]] == [6, 7, 8, 9, 10, 11]
    answers(bridge, 6)
    assert seeds(variations) == [6, 7, 8, 9, 10, 11]


def test_a_generator_without_seeds_draws_once(variations, surrounding, workspace, bridge):
    surrounding.set_options(SurroundOptions("one"))
    paint(workspace)
    variations.run()
    assert len(bridge.jobs) == 1
    assert not variations.shown


@pytest.mark.parametrize("by", ["stroke", "close", "radiograph"])
def test_the_row_goes_with_its_box(variations, workspace, bridge, by, other_session):
    paint(workspace)
    variations.run()
    if by == "stroke":
        workspace.replace_mask(~workspace.session.mask, "Invert")
    else:
        variations.close() if by == "close" else workspace.open(other_session)
    assert (variations.shown, variations.answers, variations.waiting) == (False, (), 0)
    assert all(job.token.cancelled for job in bridge.given[1:])


def test_a_listed_box_is_kept_until_something_is_painted(surrounding, workspace, bridge, other_session):
    surrounding.take_box((1, 2, 30, 40))
    surrounding.run()
    assert bridge.jobs[-1].box == (1, 2, 30, 40)
    answer(bridge)
    surrounding.accept()
    workspace.undo()
    assert surrounding.box == (1, 2, 30, 40)
    paint(workspace)
    assert (surrounding.box, surrounding.listed) == (BOX, None)
    surrounding.take_box((1, 2, 30, 40))
    workspace.open(other_session)
    assert surrounding.box is None
