"""The tables of the answer log, the same on SQLite and PostgreSQL. Answers and audit rows are only ever added."""

from __future__ import annotations

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Float,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)

metadata = MetaData()

study = Table(
    "study",
    metadata,
    Column("study_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("protocol_sha256", String(64), nullable=False),
    Column("bundle_sha256", String(64), nullable=False),
    Column("rules", Text, nullable=False),
    Column("utc", String(32), nullable=False),
)

case_item = Table(
    "case_item",
    metadata,
    Column("study_id", String(64), nullable=False),
    Column("image", String(64), nullable=False),
    Column("sha256", String(64), nullable=False),
    PrimaryKeyConstraint("study_id", "image"),
)

reader = Table(
    "reader",
    metadata,
    Column("study_id", String(64), nullable=False),
    Column("reader_id", String(64), nullable=False),
    Column("place", Integer, nullable=False),
    Column("schedule_sha256", String(64), nullable=False),
    Column("utc", String(32), nullable=False),
    PrimaryKeyConstraint("study_id", "reader_id"),
    UniqueConstraint("study_id", "place"),
)

schedule = Table(
    "schedule",
    metadata,
    Column("study_id", String(64), nullable=False),
    Column("reader_id", String(64), nullable=False),
    Column("schedule_index", Integer, nullable=False),
    Column("trial_uid", String(64), nullable=False),
    Column("block", Integer, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("images", Text, nullable=False),
    Column("repeat_of", String(64), nullable=False),
    PrimaryKeyConstraint("study_id", "reader_id", "schedule_index"),
    UniqueConstraint("study_id", "trial_uid"),
)

session = Table(
    "session",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("study_id", String(64), nullable=False),
    Column("reader_id", String(64), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("gap_s", Float),
    Column("utc", String(32), nullable=False),
    Column("utc_offset_min", Integer, nullable=False),
    Column("provenance", Text, nullable=False),
)

display_check = Table(
    "display_check",
    metadata,
    Column("check_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String(64), nullable=False),
    Column("utc", String(32), nullable=False),
    Column("body", Text, nullable=False),
)

interaction = Table(
    "event",
    metadata,
    Column("event_id", Integer, primary_key=True, autoincrement=True),
    Column("session_id", String(64), nullable=False),
    Column("trial_uid", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("ns", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)

answer = Table(
    "answer",
    metadata,
    Column("row_id", Integer, primary_key=True, autoincrement=True),
    Column("study_id", String(64), nullable=False),
    Column("reader_id", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("session_id", String(64), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("trial_uid", String(64), nullable=False),
    Column("iteration", Integer, nullable=False),
    Column("schedule_index", Integer, nullable=False),
    Column("block", Integer, nullable=False),
    Column("phase", String(16), nullable=False),
    Column("repeat_of", String(64), nullable=False),
    Column("images", Text, nullable=False),
    Column("image_sha256", Text, nullable=False),
    Column("choice", String(16)),
    Column("chosen_image", String(64), nullable=False),
    Column("key_pressed", String(32), nullable=False),
    Column("confidence", Integer),
    Column("marks", Text, nullable=False),
    Column("cue", Text, nullable=False),
    Column("timed_out", Integer, nullable=False),
    Column("undo_count", Integer, nullable=False),
    Column("supersedes", Integer),
    Column("reason", Text, nullable=False),
    Column("load_start_ns", BigInteger),
    Column("painted_ns", BigInteger),
    Column("first_input_ns", BigInteger),
    Column("decision_ns", BigInteger),
    Column("written_ns", BigInteger, nullable=False),
    Column("pause_ns", BigInteger, nullable=False),
    Column("frame_interval_ns", BigInteger),
    Column("rt_ms", Float),
    Column("utc", String(32), nullable=False),
    Column("utc_offset_min", Integer, nullable=False),
    Column("view", Text, nullable=False),
    Column("display_check_id", Integer),
    Column("previous_hash", String(64), nullable=False),
    Column("row_hash", String(64), nullable=False),
    UniqueConstraint("study_id", "reader_id", "sequence", name="one_answer_a_place"),
    UniqueConstraint("study_id", "reader_id", "trial_uid", "iteration", name="one_answer_a_trial"),
)

audit = Table(
    "audit",
    metadata,
    Column("row_id", Integer, primary_key=True, autoincrement=True),
    Column("study_id", String(64), nullable=False),
    Column("reader_id", String(64), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("session_id", String(64), nullable=False),
    Column("utc", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("trial_uid", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("row_hash", String(64), nullable=False),
    UniqueConstraint("study_id", "reader_id", "sequence", name="one_audit_row_a_place"),
)

REFUSAL = "rows are only ever added"
"""What the database says to a change of an answer."""

APPEND_ONLY = (study, reader, schedule, answer, audit)


def _guard(table: Table) -> None:
    """Make the database refuse to change or delete rows of a table."""
    for verb in ("UPDATE", "DELETE"):
        name = f"{table.name}_no_{verb.lower()}"
        lite = f"CREATE TRIGGER {name} BEFORE {verb} ON {table.name} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        function = (
            f"CREATE OR REPLACE FUNCTION cxr_studio_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$BEGIN RAISE EXCEPTION '{REFUSAL}'; END$$"
        )
        trigger = (
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table.name} FOR EACH ROW EXECUTE FUNCTION cxr_studio_refuse()"
        )
        for dialect, text in (("sqlite", lite), ("postgresql", function), ("postgresql", trigger)):
            statement = DDL(text)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", statement.execute_if(dialect=dialect))


for _table in APPEND_ONLY:
    _guard(_table)
