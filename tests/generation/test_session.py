"""Sessions: strokes, edits, and one history of both."""

from collections.abc import Callable

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxr_studio.generation.session import Session
from cxr_studio.restore.fill import fill
from cxr_studio.roles import request_again
from tests.generation.sessions import OPTIONS, answer

Stroke = Callable[..., None]


def test_a_stroke_is_one_step(session: Session, stroke: Stroke) -> None:
    stroke(50, 60)
    assert session.mask.any()
    assert session.dirty
    assert session.undo().label == "Brush stroke"
    assert not session.mask.any()
    session.redo()
    assert session.mask[50, 60]
    assert session.undo() is not None
    assert session.undo() is None


def test_a_stroke_that_changes_nothing_is_no_step(session: Session, stroke: Stroke) -> None:
    stroke(50, 60)
    stroke(50, 60)
    assert len(session.history.done) == 1


def test_an_abandoned_stroke_leaves_the_mask(session: Session, stroke: Stroke) -> None:
    stroke(50, 60)
    before = session.mask.copy()
    session.begin_stroke()
    session.mask[40:80, 40:90] = True
    session.touched((40, 40, 80, 90))
    assert session.abandon_stroke() == (40, 40, 80, 90)
    np.testing.assert_array_equal(session.mask, before)


def test_accepting_clears_the_mask_in_the_same_step(session: Session, stroke: Stroke) -> None:
    stroke(100, 90)
    mask = session.mask.copy()
    session.accept(answer(session), "Biharmonic")
    assert not session.mask.any()
    changed = session.composite != session.radiograph.stored
    assert changed.any()
    assert not changed[~mask].any()
    session.undo()
    np.testing.assert_array_equal(session.mask, mask)
    assert session.composite is session.radiograph.stored


def test_edits_are_switched_rerun_and_removed(session: Session, stroke: Stroke) -> None:
    stroke(100, 90)
    first = session.accept(answer(session), "Biharmonic")
    stroke(104, 92)
    second = session.accept(answer(session), "Biharmonic")
    both = session.composite
    assert not session.stale(second.number)
    session.enable(first.number, False)
    assert session.stale(second.number)
    again = fill(request_again(session, second.number))
    session.rerun(second.number, again)
    assert not session.stale(second.number)
    session.remove(second.number)
    assert session.composite is session.radiograph.stored
    for _ in range(3):
        session.undo()
    np.testing.assert_array_equal(session.composite, both)


def test_a_request_is_safe_from_later_strokes(session: Session, stroke: Stroke) -> None:
    stroke(100, 90)
    request = session.request(OPTIONS, session.mask)
    stroke(150, 150)
    assert not request.mask[150, 150]
    assert session.request(OPTIONS).number > request.number


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from("psaeuur"), max_size=14), seed=st.integers(0, 99))
def test_any_history_can_be_undone_to_the_start_and_redone(session: Session, moves: list[str], seed: int) -> None:
    rng = np.random.default_rng(seed)
    fresh = Session(session.radiograph)
    for move in moves:
        if move in "ps":
            mask = fresh.mask.copy()
            y, x = rng.integers(20, 200, 2)
            mask[y : y + 12, x : x + 9] = move == "p"
            fresh.apply_mask(mask, "Rectangle")
        elif move == "a" and fresh.mask.any():
            fresh.accept(answer(fresh), "Biharmonic")
        elif move == "e" and fresh.edits:
            fresh.enable(fresh.edits[0].number, not fresh.edits[0].enabled)
        elif move == "u":
            fresh.undo()
        elif move == "r":
            fresh.redo()
    mask, composite = fresh.mask.copy(), fresh.composite.copy()
    steps = 0
    while fresh.undo() is not None:
        steps += 1
    assert not fresh.mask.any()
    np.testing.assert_array_equal(fresh.composite, fresh.radiograph.stored)
    for _ in range(steps):
        fresh.redo()
    np.testing.assert_array_equal(fresh.mask, mask)
    np.testing.assert_array_equal(fresh.composite, composite)
