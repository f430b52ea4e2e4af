"""How far each reader is and whether anything looks odd, blind to accuracy: nothing here knows the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from statistics import median

from cxr_studio.studies.agenda import INTERRUPTED, agenda, counted_answers, schedule_totals
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.rows import AnswerRow

FAST_MS = 500.0
"""A faster answer cannot have been looked at."""

FAST_SHARE, SIDE_LEVEL, SLOWING, AGREEING = 0.05, 0.01, 1.5, 0.5
"""Flags: share of fast answers, P of the side-choice test, ratio of median times, agreement with oneself."""

LEAST = 10
"""Answers before anything is judged."""


@dataclass(frozen=True)
class Standing:
    """Where a reader stands.

    Attributes:
        reader: Pseudonym.
        origin: Who answers.
        answered: Trials of the study answered.
        total: Trials of the study.
        finished: Nothing is left.
        sessions: Sittings.
        last: Time of the last answer, ISO 8601, "" for none.
        median_ms: Median response time, None without answers.
        first_choice: Share of answers "left" (or "fake"), None without answers.
        repeats: Repeats answered, and of them the same way.
        missed: Ended by the time limit.
        undone: Answers taken back.
        interrupted: Trials interrupted.
        flags: What looks odd, a clause each.
    """

    reader: str
    origin: str
    answered: int
    total: int
    finished: bool
    sessions: int
    last: str
    median_ms: float | None
    first_choice: float | None
    repeats: tuple[int, int]
    missed: int
    undone: int
    interrupted: int
    flags: tuple[str, ...]


def standings(bundle: Bundle, log: AnswerLog) -> list[Standing]:
    """Where every reader stands, by place.

    Raises:
        LogError: the answers cannot be read.
    """
    return [_standing(bundle, log, reader, place) for reader, place in log.places().items()]


def side_p(first: int, total: int) -> float:
    """Two-sided exact P that ``first`` of ``total`` choices fell on one side by chance."""
    few = min(first, total - first)
    tail = sum(comb(total, k) for k in range(few + 1))
    return float(min(1.0, 2 * tail / 2**total))


def flags_of(rows: Sequence[AnswerRow]) -> tuple[str, ...]:
    """What looks odd in the answers that count, a clause each."""
    found = []
    chosen = [row.choice for row in rows if row.choice is not None]
    times = [row.rt_ms for row in rows if row.rt_ms is not None]
    first = sum(choice in ("left", "fake") for choice in chosen)
    sides = set(chosen) <= {"left", "right"}
    if sides and len(chosen) >= LEAST and side_p(first, len(chosen)) < SIDE_LEVEL:
        found.append(f"side bias: left in {first} of {len(chosen)}")
    if len(times) >= LEAST:
        fast = sum(value < FAST_MS for value in times)
        if fast > FAST_SHARE * len(times):
            found.append(f"too fast: {fast} answers under {FAST_MS / 1000:g} s")
        third = len(times) // 3
        ratio = median(times[-third:]) / max(median(times[:third]), 1e-9)
        if ratio > SLOWING:
            found.append(f"slowing: {ratio:.1f} times the time of the beginning")
        elif ratio < 1 / SLOWING:
            found.append(f"hurrying: {ratio:.1f} times the time of the beginning")
    count, same = consistency(rows)
    if count >= LEAST // 2 and same <= AGREEING * count:
        found.append(f"inconsistent: {same} of {count} repeats answered as before")
    return tuple(found)


def consistency(rows: Sequence[AnswerRow]) -> tuple[int, int]:
    """Repeats whose first showing is answered too, and how many of them got the same answer."""
    given = {row.trial_uid: (row.chosen_image, row.choice if row.choice in ("real", "fake") else "") for row in rows}
    pairs = [(given[row.repeat_of], given[row.trial_uid]) for row in rows if row.repeat_of in given]
    return len(pairs), sum(first == second for first, second in pairs)


def _standing(bundle: Bundle, log: AnswerLog, reader: str, place: int) -> Standing:
    every, trail, schedule = log.sound_answers(reader), log.audit(reader), bundle.schedules[place]
    rows = counted_answers(every)
    left = agenda(schedule, every, trail, bundle.rules.resume.interrupted).left
    times = [row.rt_ms for row in rows if row.rt_ms is not None]
    chosen = [row.choice for row in rows if row.choice is not None]
    sessions = log.sessions(reader)
    return Standing(
        reader,
        str(sessions[-1]["origin"]) if sessions else "person",
        len(rows),
        schedule_totals(schedule)[1],
        not left,
        len(sessions),
        every[-1].utc if every else "",
        median(times) if times else None,
        sum(choice in ("left", "fake") for choice in chosen) / len(chosen) if chosen else None,
        consistency(rows),
        sum(row.choice is None for row in rows),
        sum(row.supersedes is not None for row in every),
        sum(row.kind == INTERRUPTED for row in trail),
        flags_of(rows),
    )
