"""All generators on one mask, with an engine that answers by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cxr_studio.errors import GeneratorError
from cxr_studio.generation.generators import GeneratorFacts
from cxr_studio.networks.card import Role
from cxr_studio.resources import user_models
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.rivals.controller import NO_MASK, RivalsController, fill_generators
from tests.generation.strangers import CARDS, write

KNOWN = (
    GeneratorFacts("blind", "Blind repair", Role.TRANSLATE, CARDS[Role.TRANSLATE]),
    GeneratorFacts("second", "Second", Role.RESTORE),
    GeneratorFacts("first", "First", Role.RESTORE),
)


@pytest.fixture
def inpainting(workspace, bridge):
    return InpaintingController(workspace, bridge, generators=lambda: tuple(reversed(KNOWN[1:])))


@pytest.fixture
def rivals(workspace, bridge, inpainting):
    return RivalsController(workspace, bridge, inpainting, generators=lambda: KNOWN)


def paint(workspace, rows=(20, 40)):
    mask = workspace.session.mask.copy()
    mask[slice(*rows), 30:50] = True
    workspace.replace_mask(mask, "Paint")


def answer(bridge, place, value):
    bridge.job_done.emit(bridge._filled(bridge.jobs[place], value, 0.02))


def names(rivals):
    return [rival.facts.name for rival in rivals.answers]


def test_every_generator_is_asked_about_the_mask_as_it_is(rivals, workspace, bridge, inpainting):
    assert rivals.refusal == NO_MASK
    rivals.run()
    assert not bridge.jobs
    paint(workspace)
    inpainting.set_options(replace(inpainting.options, seed=4, feather=7))
    rivals.run()
    assert [job.generator for job in bridge.jobs] == ["blind", "second", "first"]
    assert all((job.mask == workspace.session.mask).all() for job in bridge.jobs)
    assert {(job.options.seed, job.options.feather) for job in bridge.jobs} == {(4, 7)}
    assert rivals.waiting == 3


def test_the_newest_answer_comes_first(rivals, workspace, bridge):
    paint(workspace)
    rivals.run()
    for place in (1, 0, 2):
        answer(bridge, place, 50 + place)
    assert names(rivals) == ["first", "blind", "second"]
    assert (rivals.waiting, rivals.failed) == (0, 0)
    assert not workspace.session.edits
    assert rivals.current == -1


def test_the_fill_on_trial_is_not_asked_for_again(rivals, workspace, bridge, inpainting):
    paint(workspace)
    fill = bridge.answer(bridge.asked[-1])
    rivals.run()
    assert [job.generator for job in bridge.jobs] == ["blind", "second"]
    assert (names(rivals), rivals.current) == (["first"], 0)
    assert rivals.answers[0].result is fill


def test_what_is_taken_is_on_trial_and_is_kept_under_its_own_name(rivals, workspace, bridge, inpainting):
    paint(workspace)
    rivals.run()
    answer(bridge, 0, 60)
    answer(bridge, 1, 70)
    rivals.take(1)
    assert workspace.composite.image[30, 40] == 60
    assert rivals.current == 1
    assert not workspace.session.edits
    assert inpainting.accept()
    (edit,) = workspace.session.edits
    assert edit.title.startswith("Blind repair")
    assert not rivals.shown, "the mask is filled"
    assert bridge.given[2].token.cancelled
    workspace.undo()
    assert workspace.session.mask[30, 40]


def test_a_name_of_another_fill_is_not_kept_for_the_next(rivals, workspace, bridge, inpainting):
    paint(workspace)
    rivals.run()
    answer(bridge, 0, 60)
    rivals.take(0)
    inpainting.run()
    bridge.answer(bridge.asked[-1])
    assert inpainting.accept()
    assert workspace.session.edits[0].title.startswith("First")


def test_a_stroke_gives_up_what_is_asked_and_its_end_asks_again(rivals, workspace, bridge):
    paint(workspace)
    rivals.run()
    answer(bridge, 0, 60)
    workspace.touch((0, 0, 5, 5))
    assert all(job.token.cancelled for job in bridge.given)
    assert (rivals.answers, rivals.waiting, rivals.shown) == ((), 0, True)
    answer(bridge, 1, 70)
    assert not rivals.answers, "of the old mask"
    paint(workspace, (60, 70))
    assert [job.generator for job in bridge.jobs[3:]] == ["blind", "second", "first"]
    assert bridge.jobs[-1].mask[65, 40]


def test_not_live_the_end_of_a_stroke_asks_nothing(rivals, workspace, bridge, inpainting):
    inpainting.set_live(False)
    paint(workspace)
    rivals.run()
    paint(workspace, (60, 70))
    assert len(bridge.jobs) == 3
    assert (rivals.shown, rivals.waiting) == (True, 0)


@pytest.mark.parametrize("by", ["close", "clear", "radiograph"])
def test_it_closes_and_gives_up(rivals, workspace, bridge, by, other_session):
    paint(workspace)
    rivals.run()
    answer(bridge, 0, 60)
    {
        "close": rivals.close,
        "clear": lambda: workspace.replace_mask(~workspace.session.mask & False, "Clear"),
        "radiograph": lambda: workspace.open(other_session),
    }[by]()
    assert (rivals.shown, rivals.answers, rivals.waiting) == (False, (), 0)
    assert bridge.given[1].token.cancelled


def test_a_generator_that_fails_is_counted(rivals, workspace, bridge):
    paint(workspace)
    rivals.run()
    bridge.failed.emit(bridge.jobs[0].number, GeneratorError("broken"))
    bridge.failed.emit(12345, GeneratorError("of another feature"))
    assert (rivals.failed, rivals.waiting) == (1, 2)


def test_before_the_engine_is_there_it_says_so(rivals, workspace, bridge, heard, monkeypatch):
    def loading(_request):
        raise GeneratorError("the generator is still loading")

    monkeypatch.setattr(bridge, "submit_job", loading)
    warned = heard()
    rivals.warned.connect(warned)
    paint(workspace)
    rivals.run()
    assert len(warned) == 1
    assert rivals.waiting == 0


def test_quick_ones_are_asked_first_the_default_last_and_blind_ones_too():
    user_models().mkdir(parents=True)
    for card in (CARDS[Role.RESTORE], CARDS[Role.TRANSLATE]):
        write(user_models(), card)
    write(user_models(), replace(CARDS[Role.TRANSLATE], name="labelled", labels=("mass",)))
    found = [facts.name for facts in fill_generators()]
    assert {"stranger-restore", "stranger-translate"} <= set(found)
    assert "labelled" not in found
    assert set(found[:4]) == {"biharmonic", "telea", "navier-stokes", "exemplar"}
    assert found[-1] == "inpainting"
