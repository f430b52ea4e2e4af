"""Rows of the answer log in memory, and how each is chained to the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from cxr_studio.studies.canonical import digest


@dataclass(frozen=True)
class AnswerRow:
    """One answer; every field of the table ``answer`` but its row number.

    Times ending in ``_ns`` are of the workstation's monotonic clock, nanoseconds; JSON is canonical.
    """

    study_id: str
    reader_id: str
    sequence: int
    session_id: str
    origin: str
    trial_uid: str
    iteration: int
    schedule_index: int
    block: int
    phase: str
    repeat_of: str
    images: str
    image_sha256: str
    choice: str | None
    chosen_image: str
    key_pressed: str
    confidence: int | None
    marks: str
    cue: str
    timed_out: int
    undo_count: int
    supersedes: int | None
    reason: str
    load_start_ns: int | None
    painted_ns: int | None
    first_input_ns: int | None
    decision_ns: int | None
    written_ns: int
    pause_ns: int
    frame_interval_ns: int | None
    rt_ms: float | None
    utc: str
    utc_offset_min: int
    view: str
    display_check_id: int | None
    previous_hash: str = ""
    row_hash: str = ""


@dataclass(frozen=True)
class AuditRow:
    """One line of the audit trail of a reader."""

    study_id: str
    reader_id: str
    sequence: int
    session_id: str
    utc: str
    kind: str
    trial_uid: str
    body: str
    previous_hash: str = ""
    row_hash: str = ""


Row = AnswerRow | AuditRow

ANSWER_FIELDS = tuple(field.name for field in fields(AnswerRow))
AUDIT_FIELDS = tuple(field.name for field in fields(AuditRow))


def values_of(row: Row) -> dict[str, Any]:
    """A row as column → value."""
    return {name: getattr(row, name) for name in (ANSWER_FIELDS if isinstance(row, AnswerRow) else AUDIT_FIELDS)}


def chain_start(study_id: str, reader_id: str, schedule_sha256: str) -> str:
    """What stands in for the hash before a reader's first row."""
    return digest(["cxr-studio answers", study_id, reader_id, schedule_sha256])


def row_hash(values: Mapping[str, Any]) -> str:
    """SHA-256 over the previous row's hash and the row's canonical JSON."""
    return digest(
        [values["previous_hash"], {k: v for k, v in values.items() if k not in ("row_hash", "previous_hash")}]
    )


def chain_fault(rows: Sequence[Row], start: str) -> str:
    """What is wrong with a chain, a clause; "" where it is whole."""
    previous = start
    for place, row in enumerate(rows):
        if row.sequence != place:
            return f"row {place} is missing"
        if row.previous_hash != previous or row_hash(values_of(row)) != row.row_hash:
            return f"row {place} has been changed"
        previous = row.row_hash
    return ""


def effective(rows: Sequence[AnswerRow]) -> list[AnswerRow]:
    """The answers that count: those that no later row supersedes."""
    gone = {row.supersedes for row in rows if row.supersedes is not None}
    return [row for row in rows if row.sequence not in gone]
