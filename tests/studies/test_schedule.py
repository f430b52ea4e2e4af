"""Schedules: balanced exactly, no long runs, sources apart, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_studio.errors import StudioError
from cxr_studio.studies.schedule import Case, latin_row, make_schedule
from cxr_studio.studies.sides import balanced_sides, left_counts
from tests.studies.tiny_study import tiny_protocol

QUICK = settings(deadline=None, max_examples=60)


def protocol_of(conditions: int, count: int, **order):
    return tiny_protocol(
        conditions=[{"generator": "telea", "name": f"c{k}"} for k in range(conditions)],
        images={"count": count},
        order={"repeats": 0, **order},
    )


def cases_of(protocol, *, sources: int | None = None, practice: int = 2) -> list[Case]:
    titles = [c.title for c in protocol.conditions]
    crossed = protocol.order.assignment != "separate"
    found = [Case(f"p{k}", titles[k % len(titles)], f"practice {k}", practice=True) for k in range(practice)]
    for k in range(protocol.images.count):
        for place, title in enumerate(titles):
            number = k if crossed else k * len(titles) + place
            found.append(Case(f"{k}-{place}", title, f"s{number % (sources or 10**9)}"))
    return found


def longest_run(values) -> int:
    return max((len(list(group)) for _, group in groupby(values)), default=0)


def off_balance(sides: Counter) -> int:
    return abs(sides["left"] - sides["right"])


@QUICK
@given(
    st.integers(1, 4),
    st.integers(1, 30),
    st.integers(0, 25),
    st.integers(0, 2**64),
    st.sampled_from(["mixed", "blocked"]),
)
def test_sides_balance_in_every_block_condition_and_in_all(conditions, count, every, seed, arrangement):
    protocol = protocol_of(conditions, count, break_every=every, arrangement=arrangement)
    trials = make_schedule(protocol, cases_of(protocol), study_seed=seed, reader=1)
    assert longest_run(trial.target for trial in trials) <= 3
    main = [trial for trial in trials if trial.phase == "main"]
    groups = [Counter(t.target for t in main)]
    groups += [Counter(t.target for t in trials if t.block == block) for block in {t.block for t in trials}]
    groups += [Counter(t.target for t in main if t.case.condition == c.title) for c in protocol.conditions]
    for group in groups:
        assert off_balance(group) == group.total() % 2


@QUICK
@given(st.integers(2, 12), st.integers(5, 40), st.integers(0, 2**32), st.integers(0, 2))
def test_every_case_comes_once_and_sources_keep_their_distance(sources, count, seed, repeats):
    distance = max(1, min(sources, count) // 4)
    protocol = protocol_of(1, count, distance=distance, repeats=min(repeats, count), break_every=9)
    trials = make_schedule(protocol, cases_of(protocol, sources=sources), study_seed=seed, reader=0)
    assert [trial.index for trial in trials] == list(range(len(trials)))
    assert len({trial.uid for trial in trials}) == len(trials)
    main = [trial.case.case for trial in trials if trial.phase == "main"]
    assert sorted(main) == sorted({f"{k}-0" for k in range(count)})
    assert sum(trial.phase == "repeat" for trial in trials) == min(repeats, count)
    shown = [trial.case.source for trial in trials if trial.phase != "practice"]
    last: dict[str, int] = {}
    for place, source in enumerate(shown):
        assert place - last.get(source, -(10**6)) >= distance
        last[source] = place
    assert max(Counter(trial.block for trial in trials if trial.block >= 0).values()) <= 9


def test_repeats_follow_their_first_showing():
    protocol = protocol_of(2, 10, repeats=6)
    trials = make_schedule(protocol, cases_of(protocol), study_seed=5, reader=0)
    known = {trial.uid: trial for trial in trials}
    repeats = [trial for trial in trials if trial.phase == "repeat"]
    assert len(repeats) == 6
    for trial in repeats:
        first = known[trial.repeat_of]
        assert first.case == trial.case
        assert first.index < trial.index


def test_the_same_seed_gives_the_same_schedule_and_readers_differ():
    protocol = protocol_of(2, 12)
    cases = cases_of(protocol)
    one, again = (make_schedule(protocol, cases, study_seed=7, reader=0) for _ in range(2))
    other = make_schedule(protocol, cases, study_seed=7, reader=1)
    assert one == again
    assert [t.case for t in one] != [t.case for t in other]
    assert [t.target for t in one] != [t.target for t in other]


def test_order_and_sides_come_from_streams_of_their_own():
    """Another rule for the sides leaves the order as it is."""
    strict, loose = protocol_of(1, 30, longest_run=2), protocol_of(1, 30, longest_run=3)
    first = make_schedule(strict, cases_of(strict), study_seed=9, reader=0)
    second = make_schedule(loose, cases_of(loose), study_seed=9, reader=0)
    assert [t.case for t in first] == [t.case for t in second]
    assert [t.target for t in first] != [t.target for t in second]


def test_a_side_is_no_better_known_from_its_place():
    """Over many readers each place has the right answer on the left about half of the time."""
    protocol = protocol_of(1, 20)
    cases = cases_of(protocol, practice=0)
    left = np.zeros(20)
    for reader in range(400):
        left += [t.target == "left" for t in make_schedule(protocol, cases, study_seed=1, reader=reader)]
    assert np.abs(left / 400 - 0.5).max() < 0.11  # 4.4 standard errors


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
def test_latin_squares(size):
    square = np.array([latin_row(reader, size) for reader in range(size)])
    for line in (*square, *square.T):
        assert sorted(line) == list(range(size))
    if size % 2 == 0:  # each follows each other exactly once
        assert len({(a, b) for row in square for a, b in pairwise(row)}) == size * (size - 1)


def test_blocked_conditions_follow_a_latin_square():
    protocol = protocol_of(3, 4, arrangement="blocked", break_every=0)
    orders = []
    for reader in range(3):
        trials = make_schedule(protocol, cases_of(protocol, practice=0), study_seed=3, reader=reader)
        orders.append([title for title, _ in groupby(t.case.condition for t in trials)])
    assert all(len(order) == 3 for order in orders)
    assert all(sorted(column) == ["c0", "c1", "c2"] for column in zip(*orders, strict=True))


def test_rotated_conditions_each_source_once_a_reader_and_all_over_the_readers():
    protocol = protocol_of(3, 6, assignment="rotated")
    seen: dict[str, set[str]] = {}
    for reader in range(3):
        trials = make_schedule(protocol, cases_of(protocol, practice=0), study_seed=3, reader=reader)
        assert len({t.case.source for t in trials}) == len(trials) == 6
        for trial in trials:
            seen.setdefault(trial.case.source, set()).add(trial.case.condition)
    assert all(found == {"c0", "c1", "c2"} for found in seen.values())


def test_an_impossible_distance_is_one_sentence():
    protocol = protocol_of(1, 20, distance=8)
    with pytest.raises(StudioError, match=r"8 trials apart.*at most 2 can be reached"):
        make_schedule(protocol, cases_of(protocol, sources=2), study_seed=1, reader=0)


def test_without_a_distance_sources_are_as_far_apart_as_they_can_be():
    protocol = protocol_of(1, 20)
    trials = make_schedule(protocol, cases_of(protocol, sources=4, practice=0), study_seed=1, reader=0)
    assert all(len({t.case.source for t in trials[k : k + 4]}) == 4 for k in range(17))


@QUICK
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abcd")), max_size=60), st.integers(0, 2**32))
def test_rounding_balances_blocks_conditions_and_all(cells, seed):
    sizes = Counter(cells)
    left = left_counts(sizes, np.random.default_rng(seed))
    for pick in (lambda cell: cell, lambda cell: cell[0], lambda cell: cell[1], lambda cell: 0):
        for group in {pick(cell) for cell in sizes}:
            own = [cell for cell in sizes if pick(cell) == group]
            total, lefts = sum(sizes[cell] for cell in own), sum(left[cell] for cell in own)
            assert lefts in (total // 2, -(-total // 2))


def test_sides_that_cannot_be_are_one_sentence(monkeypatch):
    monkeypatch.setattr("cxr_studio.studies.sides.left_counts", lambda sizes, rng: dict(sizes))
    with pytest.raises(StudioError, match="longest_run"):
        balanced_sides([(0, "a")] * 8, np.random.default_rng(1))
