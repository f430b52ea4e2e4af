"""Answers beside the truth: one typed row an answer, for statistics and exports. Needs the key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.key import REAL, Key, KeyCase, KeyTrial
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.rows import AnswerRow, effective

MAIN = ("main",)
COUNTED = ("main", "repeat")
EVERY = ("practice", "main", "repeat", "warm-up")


@dataclass(frozen=True)
class Outcome:
    """One answer and its truth.

    Attributes:
        study: Short name of the study.
        paradigm: "2afc" or "real-or-fake".
        reader: Pseudonym.
        reader_place: The reader's place in the study, from 0.
        origin: "person", "simulated" or "machine".
        case: Case identifier; the same for all readers.
        trial: Trial identifier.
        index: Place in the reader's schedule, from 0.
        block: From 0; practice is -1.
        phase: "main", "repeat", "practice" or "warm-up".
        repeat_of: Trial that it repeats, "" for none.
        catch: Has a change that cannot be missed.
        condition: Title of the condition, or "real".
        generator: What changed the image, or "real".
        source: File name of the radiograph.
        patient: Whose radiograph it is.
        pathology: Its labels.
        truth: The right answer: "left" or "right" (2afc), "real" or "fake".
        response: The answer; None when the time ran out.
        correct: None when the time ran out.
        confidence: 1 to the protocol's steps, None without a scale.
        rt_ms: From the first painted frame to key-down, pauses taken out, ms; None when the time ran out.
        marked: Marks made.
        mark_hit: Whether the first mark lies on the change, None without a mark or a change.
        session: Session identifier.
        sequence: Number of the reader's row.
        superseded: A later row counts instead.
        utc: When, ISO 8601.
    """

    study: str
    paradigm: Literal["2afc", "real-or-fake"]
    reader: str
    reader_place: int
    origin: str
    case: str
    trial: str
    index: int
    block: int
    phase: str
    repeat_of: str
    catch: bool
    condition: str
    generator: str
    source: str
    patient: str
    pathology: tuple[str, ...]
    truth: str
    response: str | None
    correct: bool | None
    confidence: int | None
    rt_ms: float | None
    marked: int
    mark_hit: bool | None
    session: str
    sequence: int
    superseded: bool
    utc: str

    @property
    def side(self) -> str | None:
        """Side of the right answer in 2afc, None elsewhere."""
        return self.truth if self.paradigm == "2afc" else None

    @property
    def fake(self) -> bool:
        """Whether the image shown is a changed one (always of one of the two in 2afc)."""
        return self.condition != REAL


def answers_table(
    bundle: Bundle,
    key: Key,
    *,
    databases: Sequence[str | Path] = (),
    phases: Sequence[str] = MAIN,
    superseded: bool = False,
) -> list[Outcome]:
    """Join the log with the truth.

    Args:
        bundle: The study.
        key: Its key.
        databases: Files or addresses; the bundle's own file by default. Several workstations' files are joined.
        phases: Which phases; by default the main trials alone. Catch trials have the phase "main": see ``catch``.
        superseded: Taken-back answers too.

    Returns:
        Rows by reader's name, then in the order in which they were given.

    Raises:
        StudioError: the answers cannot be read or have been changed.
    """
    found: dict[tuple[str, int], Outcome] = {}
    for database in databases or (None,):
        log = AnswerLog(bundle, database, create=False)
        try:
            for reader, place in log.places().items():
                rows = log.sound_answers(reader)
                counting = {row.sequence for row in effective(rows)}
                for row in rows:
                    if row.phase in phases and (superseded or row.sequence in counting):
                        outcome = _outcome(bundle, key, row, place=place, superseded=row.sequence not in counting)
                        found[reader, row.sequence] = outcome
        finally:
            log.close()
    return [found[place] for place in sorted(found)]


def _outcome(bundle: Bundle, key: Key, row: AnswerRow, *, place: int, superseded: bool) -> Outcome:
    trial: KeyTrial = key.trials[row.trial_uid]
    case: KeyCase = key.cases[trial.case]
    truth = key.right_answer(trial)
    marks = json.loads(row.marks)
    return Outcome(
        study=bundle.rules.name,
        paradigm=bundle.rules.paradigm,
        reader=row.reader_id,
        reader_place=place,
        origin=row.origin,
        case=case.case,
        trial=row.trial_uid,
        index=row.schedule_index,
        block=row.block,
        phase=row.phase,
        repeat_of=row.repeat_of,
        catch=case.catch,
        condition=case.condition,
        generator=case.generator,
        source=case.source,
        patient=case.patient,
        pathology=case.pathology,
        truth=truth,
        response=row.choice,
        correct=None if row.choice is None else row.choice == truth,
        confidence=row.confidence,
        rt_ms=row.rt_ms,
        marked=len(marks),
        mark_hit=_hit(case, trial, marks, question=bundle.rules.question),
        session=row.session_id,
        sequence=row.sequence,
        superseded=superseded,
        utc=row.utc,
    )


def _hit(case: KeyCase, trial: KeyTrial, marks: list[dict[str, float | str]], *, question: str) -> bool | None:
    """Whether the first mark lies on the change, and in 2afc on the changed image's side."""
    if not marks or not case.boxes:
        return None
    first = marks[0]
    if trial.target is not None:
        other = "right" if trial.target == "left" else "left"
        changed = other if question == "original" else trial.target
        if first["side"] != changed:
            return False
    return case.marked(float(first["x"]), float(first["y"]))
