"""How a reader looked at a trial: window, zoom, place and pointer over time, as the log has kept them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cxr_studio.errors import StudioError
from cxr_studio.studies.key import Key
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.rows import AnswerRow, effective


@dataclass(frozen=True)
class Moment:
    """One logged event.

    Attributes:
        ms: Since the first painted frame of the trial, milliseconds; negative before it.
        kind: "view", "pointer", "input", "paused", "went on", "committed" and others.
        body: What happened; of "view" scale, y, x, window, pane and ratio, of "pointer" side, y and x (image pixels).
    """

    ms: float
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Trace:
    """One answered trial as it was seen.

    Attributes:
        reader: Pseudonym.
        trial: Trial identifier.
        number: Of the trial among the reader's traces, from 1.
        phase: "practice", "main", "repeat" or "warm-up".
        images: File names, left and right or the only one.
        choice: The answer, None when the time ran out.
        truth: The right answer.
        rt_ms: Response time, pauses taken out, ms; None without an answer.
        moments: Events in order of time.
        last: View at the answer, as the answer's row has it.
    """

    reader: str
    trial: str
    number: int
    phase: str
    images: tuple[str, ...]
    choice: str | None
    truth: str
    rt_ms: float | None
    moments: tuple[Moment, ...]
    last: Mapping[str, Any]

    @property
    def length_ms(self) -> float:
        """From the first frame to the answer, pauses included, ms."""
        return max([self.rt_ms or 0.0, *(moment.ms for moment in self.moments if moment.kind in TIMED)])

    def at(self, ms: float) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
        """View and pointer as they were at a time; None where none has been logged by then (as at the start)."""
        view = pointer = None
        for moment in self.moments:
            if moment.ms > ms:
                break
            if moment.kind == "view":
                view = moment.body
            elif moment.kind == "pointer":
                pointer = moment.body
        return view, pointer


TIMED = ("view", "pointer", "input", "paused", "went on")
"""Kinds of events that lie within a trial."""

LATE_MS = 250.0
"""Events are logged with a delay of so many ms at most; they may carry a time after the answer."""


def traces(key: Key, log: AnswerLog, reader: str) -> list[Trace]:
    """The traces of a reader's answers that count, in the order in which they were given.

    Raises:
        StudioError: there is no such reader, or the answers cannot be read.
    """
    places = log.places()
    if reader not in places:
        known = ", ".join(places) or "nobody"
        raise StudioError(f"no reader {reader} has taken this study", remedy=f"Readers who have: {known}")
    rows = effective(log.sound_answers(reader))
    events: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for session in dict.fromkeys(row.session_id for row in rows):
        for event in log.interactions(session):
            events.setdefault((session, event["trial_uid"]), []).append(event)
    return [
        _trace(key, row, events.get((row.session_id, row.trial_uid), []), number) for number, row in enumerate(rows, 1)
    ]


def _trace(key: Key, row: AnswerRow, events: list[dict[str, Any]], number: int) -> Trace:
    start = row.painted_ns or row.load_start_ns or row.written_ns
    end = row.decision_ns or row.written_ns
    moments = sorted(
        (Moment((int(e["ns"]) - start) / 1e6, str(e["kind"]), json.loads(e["body"])) for e in events),
        key=lambda moment: moment.ms,
    )
    within = tuple(m for m in moments if m.kind not in TIMED or 0 <= m.ms <= (end - start) / 1e6 + LATE_MS)
    truth = key.right_answer(key.trials[row.trial_uid])
    images = tuple(json.loads(row.images))
    return Trace(
        row.reader_id,
        row.trial_uid,
        number,
        row.phase,
        images,
        row.choice,
        truth,
        row.rt_ms,
        within,
        json.loads(row.view or "{}"),
    )
