"""One reader's session in the log: answers, audit lines, queued interaction events, the second copy."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from cxr_studio.errors import StudioError
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.canonical import canonical_json
from cxr_studio.studies.clock import utc_now, utc_offset_min
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.rows import AnswerRow, AuditRow
from cxr_studio.studies.second_copy import SecondCopy

Origin = Literal["person", "simulated", "machine"]

EVENTS_KEPT = 4096
"""Interaction events that wait to be written; what comes beyond is counted and told."""


@dataclass(frozen=True)
class SittingOptions:
    """How a study is sat.

    Attributes:
        database: A file or ``postgresql+psycopg://…``; ``answers.sqlite`` in the bundle by default.
        copy_to: Folder of a second copy of the answers, or None.
        place: Place in the study from 0; the lowest free one by default.
        origin: Who answers.
        provenance: Versions, operating system, display: kept with the session.
    """

    database: str | Path | None = None
    copy_to: Path | None = None
    place: int | None = None
    origin: Origin = "person"
    provenance: Mapping[str, Any] = field(default_factory=dict)


class Ledger:
    """What a sitting writes down.

    Args:
        bundle: The study.
        reader: Pseudonym.
        options: Database and the rest.

    Raises:
        StudioError: the reader must not begin.

    Attributes:
        session_id: Of this session.
        reader: Pseudonym.
        place: The reader's place, from 0.
        rows: All answers of the reader, in order.
        trail: The audit trail, in order.
        gap_h: Hours since the last answer, None where there is none.
        origin: Who answers.
        display_check: Number of the last display check of this session.
    """

    def __init__(self, bundle: Bundle, reader: str, options: SittingOptions) -> None:
        self.session_id, self.origin, self.reader = uuid4().hex, options.origin, reader
        self.display_check: int | None = None
        self._bundle = bundle
        self._events: deque[dict[str, Any]] = deque()
        self._lost_events = 0
        self._uncopied: list[AnswerRow] = []
        self._log = AnswerLog(bundle, options.database)
        try:
            self.place = self._log.claim(reader, options.place)
            self.rows = self._log.answers(reader)
            self.trail = self._log.audit(reader)
            self._copy = self._second_copy(options.copy_to)
            self.gap_h = self._gap_hours()
            self._open_session(options.provenance)
        except StudioError:
            self._log.close()
            raise

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences to show once, e.g. that the folder is synchronised with a cloud."""
        from cxr_studio.studies.database import folder_warning

        words = folder_warning(self._log.file) if self._log.file else ""
        return (words,) if words else ()

    def keep(self, row: AnswerRow) -> AnswerRow:
        """Commit an answer; the second copy follows with ``settle``.

        Raises:
            LogError: it is not on disk.
        """
        kept = self._log.add_answer(row)
        self.rows.append(kept)
        self._uncopied.append(kept)
        return kept

    def settle(self) -> None:
        """Bring the second copy up to the log.

        Raises:
            LogError: it cannot be written.
        """
        while self._uncopied:
            if self._copy is not None:
                self._copy.append(self._uncopied[0])
            self._uncopied.pop(0)

    def note(self, kind: str, uid: str = "", **body: Any) -> None:
        """Commit a line of the audit trail."""
        row = AuditRow(
            self._bundle.study_id, self.reader, -1, self.session_id, utc_now(), kind, uid, canonical_json(body)
        )
        self.trail.append(self._log.add_audit(row))

    def queue(self, kind: str, body: Mapping[str, Any], *, ns: int | None, uid: str) -> None:
        """Queue an interaction event; nothing is written yet."""
        if len(self._events) >= EVENTS_KEPT:
            self._lost_events += 1
            return
        values = {
            "session_id": self.session_id,
            "trial_uid": uid,
            "kind": kind,
            "ns": time.monotonic_ns() if ns is None else ns,
            "body": canonical_json(dict(body)),
        }
        self._events.append(values)

    def flush(self) -> None:
        """Write the queued events in one transaction of their own."""
        if self._lost_events:
            lost, self._lost_events = self._lost_events, 0
            self.note("events lost", count=lost)
        batch = list(self._events)
        self._log.add_interactions(batch)
        for _ in batch:
            self._events.popleft()

    def display_checked(self, body: dict[str, Any]) -> int:
        """Write a display check down."""
        self.display_check = self._log.add_display_check(self.session_id, body)
        return self.display_check

    def close(self) -> None:
        """Write what is queued and let go of the database."""
        try:
            self.settle()
            self.flush()
            self.note("session ended")
        finally:
            self._log.close()

    def _second_copy(self, folder: Path | None) -> SecondCopy | None:
        if folder is None:
            return None
        return SecondCopy(folder, self._bundle.study_id, reader=self.reader, rows=self.rows)

    def _gap_hours(self) -> float | None:
        if not self.rows:
            return None
        last = datetime.fromisoformat(self.rows[-1].utc)
        return max(0.0, (datetime.fromisoformat(utc_now()) - last).total_seconds() / 3600)

    def _open_session(self, provenance: Mapping[str, Any]) -> None:
        gap = None if self.gap_h is None else self.gap_h * 3600
        self._log.start_session(
            {
                "session_id": self.session_id,
                "reader_id": self.reader,
                "origin": self.origin,
                "gap_s": gap,
                "utc": utc_now(),
                "utc_offset_min": utc_offset_min(),
                "provenance": canonical_json(dict(provenance)),
            }
        )
        self.note("session started", origin=self.origin, answered=len(self.rows), gap_s=gap)
