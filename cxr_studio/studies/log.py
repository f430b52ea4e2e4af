"""The log of a study: one committed transaction an answer, chained rows that are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cxr_studio.studies import tables
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.canonical import canonical_json
from cxr_studio.studies.clock import utc_now
from cxr_studio.studies.database import LogError, file_of, lock, open_engine, reading, writing
from cxr_studio.studies.enrolment import enrolled, enter_study, places, schedule_fault, study_fault
from cxr_studio.studies.rows import (
    ANSWER_FIELDS,
    AUDIT_FIELDS,
    AnswerRow,
    AuditRow,
    chain_fault,
    chain_start,
    row_hash,
    values_of,
)

DATABASE = "answers.sqlite"
"""Name of the file of answers in the bundle's folder, unless another database is asked for."""


class AnswerLog:
    """The answers of one study in one database; used by one thread.

    Args:
        bundle: The study.
        database: A file or ``postgresql+psycopg://…``; by default ``answers.sqlite`` in the bundle.
        create: Make the database where there is none.

    Raises:
        LogError: it cannot be opened or holds another study.
    """

    def __init__(self, bundle: Bundle, database: str | Path | None = None, *, create: bool = True) -> None:
        self.bundle = bundle
        self._engine = open_engine(database or bundle.folder / DATABASE, create=create)
        self._tips: dict[tuple[str, str], tuple[int, str]] = {}
        self._starts: dict[str, str] = {}

    @property
    def file(self) -> Path | None:
        """The SQLite file, None on a server."""
        return file_of(self._engine.url)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def claim(self, reader: str, place: int | None = None) -> int:
        """Give a reader a place in the study, with its schedule written down; the place it has if it has one.

        Args:
            reader: Pseudonym.
            place: A certain place from 0; the lowest free one by default.

        Raises:
            LogError: the study is full, the place is taken, or what is written differs from the bundle.
        """
        with writing(self._engine) as connection:
            lock(connection, self.bundle.study_id)
            enter_study(connection, self.bundle)
            given = enrolled(connection, self.bundle, reader, place)
            words = schedule_fault(connection, self.bundle, reader, given) or study_fault(connection, self.bundle)
        if words:
            raise self._fault(words, "Ask the study's owner")
        self._check_chains(reader, given)
        return given

    def places(self) -> dict[str, int]:
        """Readers and their places."""
        with reading(self._engine) as connection:
            return places(connection, self.bundle)

    def answers(self, reader: str) -> list[AnswerRow]:
        """All rows of a reader in order, superseded ones too."""
        with reading(self._engine) as connection:
            found = self._rows(connection, tables.answer, reader)
            return [AnswerRow(**{name: row[name] for name in ANSWER_FIELDS}) for row in found]

    def sound_answers(self, reader: str) -> list[AnswerRow]:
        """``answers`` of a chain that is whole.

        Raises:
            LogError: rows have been changed or are missing.
        """
        faults = self.faults(reader)
        if faults:
            raise self._fault(f"the rows of reader {reader} are not whole ({faults[0]})", "Run cxr-studio study verify")
        return self.answers(reader)

    def audit(self, reader: str) -> list[AuditRow]:
        """The audit trail of a reader in order."""
        with reading(self._engine) as connection:
            found = self._rows(connection, tables.audit, reader)
            return [AuditRow(**{name: row[name] for name in AUDIT_FIELDS}) for row in found]

    def sessions(self, reader: str) -> list[dict[str, Any]]:
        """The sessions of a reader, the first first."""
        table = tables.session
        wanted = sa.select(table).where(table.c.study_id == self.bundle.study_id, table.c.reader_id == reader)
        with reading(self._engine) as connection:
            return [dict(row) for row in connection.execute(wanted.order_by(table.c.utc)).mappings()]

    def interactions(self, session_id: str) -> list[dict[str, Any]]:
        """The interaction events of a session in order."""
        table = tables.interaction
        wanted = sa.select(table).where(table.c.session_id == session_id).order_by(table.c.event_id)
        with reading(self._engine) as connection:
            return [dict(row) for row in connection.execute(wanted).mappings()]

    def start_session(self, values: dict[str, Any]) -> None:
        """Write a session down; the values are the columns of ``session``."""
        with writing(self._engine) as connection:
            connection.execute(sa.insert(tables.session), {"study_id": self.bundle.study_id, **values})

    def add_display_check(self, session_id: str, body: dict[str, Any]) -> int:
        """Write a display check down; returns its number."""
        with writing(self._engine) as connection:
            values = {"session_id": session_id, "utc": utc_now(), "body": canonical_json(body)}
            done = connection.execute(sa.insert(tables.display_check), values)
            return int(done.inserted_primary_key[0])  # type: ignore[index]

    def add_interactions(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write a batch of interaction events in one transaction."""
        if rows:
            with writing(self._engine) as connection:
                connection.execute(sa.insert(tables.interaction), list(rows))

    def add_answer(self, row: AnswerRow) -> AnswerRow:
        """Chain an answer to the reader's last and commit it.

        Returns:
            The row as it is on disk.

        Raises:
            LogError: it is not on disk.
        """
        added = self._add(tables.answer, row)
        assert isinstance(added, AnswerRow)
        return added

    def add_audit(self, row: AuditRow) -> AuditRow:
        """Chain a line to the reader's audit trail and commit it; see ``add_answer``."""
        added = self._add(tables.audit, row)
        assert isinstance(added, AuditRow)
        return added

    def written_faults(self) -> list[str]:
        """What of the study and of its readers' schedules differs from the bundle, a clause each."""
        with reading(self._engine) as connection:
            found = [study_fault(connection, self.bundle)]
            known = places(connection, self.bundle)
            found += [schedule_fault(connection, self.bundle, reader, place) for reader, place in known.items()]
        return [words for words in found if words]

    def faults(self, reader: str) -> list[str]:
        """What is wrong with a reader's rows, a clause each; nothing where all is whole."""
        place = self.places()[reader]
        start = chain_start(self.bundle.study_id, reader, self.bundle.schedule_sha256(place))
        found = [
            ("answers", chain_fault(self.answers(reader), start)),
            ("audit", chain_fault(self.audit(reader), start)),
        ]
        return [f"{name}: {words}" for name, words in found if words]

    def _add(self, table: sa.Table, row: AnswerRow | AuditRow) -> AnswerRow | AuditRow:
        tip = self._tips[table.name, row.reader_id]
        with writing(self._engine) as connection:
            if self._tip(connection, table, row.reader_id) != tip:
                raise self._fault(
                    f"rows of reader {row.reader_id} were added or changed by somebody else meanwhile",
                    "Close the other window and open the study again",
                )
            chained = replace(row, sequence=tip[0], previous_hash=tip[1])
            chained = replace(chained, row_hash=row_hash(values_of(chained)))
            connection.execute(sa.insert(table), values_of(chained))
        self._tips[table.name, row.reader_id] = (chained.sequence + 1, chained.row_hash)
        return chained

    def _tip(self, connection: sa.Connection, table: sa.Table, reader: str) -> tuple[int, str]:
        """Next sequence number, and the hash to chain to."""
        wanted = (
            sa.select(table.c.sequence, table.c.row_hash)
            .where(table.c.study_id == self.bundle.study_id, table.c.reader_id == reader)
            .order_by(table.c.sequence.desc())
            .limit(1)
        )
        last = connection.execute(wanted).first()
        return (0, self._starts[reader]) if last is None else (int(last[0]) + 1, str(last[1]))

    def _check_chains(self, reader: str, place: int) -> None:
        self._starts[reader] = chain_start(self.bundle.study_id, reader, self.bundle.schedule_sha256(place))
        faults = self.faults(reader)
        if faults:
            raise self._fault(f"the kept rows of reader {reader} are not whole ({faults[0]})", "Ask the study's owner")
        with reading(self._engine) as connection:
            for table in (tables.answer, tables.audit):
                self._tips[table.name, reader] = self._tip(connection, table, reader)

    def _rows(self, connection: sa.Connection, table: sa.Table, reader: str) -> Sequence[Any]:
        wanted = sa.select(table).where(table.c.study_id == self.bundle.study_id, table.c.reader_id == reader)
        return connection.execute(wanted.order_by(table.c.sequence)).mappings().all()

    def _fault(self, what: str, remedy: str) -> LogError:
        return LogError(what, file=self.file, remedy=remedy)
