"""What a reader has still to do: the schedule minus what is answered, by the policy for interruptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cxr_studio.studies.bundle import ShownTrial
from cxr_studio.studies.protocol_parts import Interrupted
from cxr_studio.studies.rows import AnswerRow, AuditRow, effective

SHOWN, INTERRUPTED, WARM_UP = "shown", "interrupted", "warm-up"
"""Kinds of audit rows that decide what comes next."""


@dataclass(frozen=True)
class Agenda:
    """Where a reader stands.

    Attributes:
        left: Trials still to show, in order.
        answered: uids with an answer.
        dropped: uids that an interruption cost.
    """

    left: tuple[ShownTrial, ...]
    answered: frozenset[str]
    dropped: frozenset[str]


def agenda(
    schedule: Sequence[ShownTrial], answers: Sequence[AnswerRow], audit: Sequence[AuditRow], policy: Interrupted
) -> Agenda:
    """Work out what is left.

    Args:
        schedule: Of the reader.
        answers: All rows; warm-ups count for nothing.
        audit: The audit trail.
        policy: "later": an interrupted trial comes at the end of its block; "drop": never again. Practice always comes
            again.
    """
    answered = frozenset(row.trial_uid for row in answers if row.phase != WARM_UP)
    times = Counter(row.trial_uid for row in audit if row.kind == INTERRUPTED)
    open_ones = [trial for trial in schedule if trial.uid not in answered]
    dropped = frozenset(t.uid for t in open_ones if policy == "drop" and times[t.uid] and t.phase != "practice")
    left = sorted((t for t in open_ones if t.uid not in dropped), key=lambda t: (t.block, times[t.uid], t.index))
    return Agenda(tuple(left), answered, dropped)


def unfinished(answers: Sequence[AnswerRow], audit: Sequence[AuditRow]) -> str:
    """Trial that was shown last and has neither an answer since nor been told as interrupted; "" for none."""
    told = [row for row in audit if row.kind in (SHOWN, INTERRUPTED)]
    if not told or told[-1].kind == INTERRUPTED:
        return ""
    last = told[-1]
    return "" if any(row.trial_uid == last.trial_uid for row in answers if row.phase != WARM_UP) else last.trial_uid


def schedule_totals(schedule: Sequence[ShownTrial]) -> tuple[int, int]:
    """Number of practice trials, and of the others."""
    practice = sum(trial.block < 0 for trial in schedule)
    return practice, len(schedule) - practice


def counted_answers(answers: Sequence[AnswerRow]) -> list[AnswerRow]:
    """The answers to trials of the study that no later one supersedes."""
    return [row for row in effective(answers) if row.phase in ("main", "repeat")]
