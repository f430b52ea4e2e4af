"""The log: durable, append-only, chained; what must keep a reader from going on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from cxr_studio.studies import database, tables
from cxr_studio.studies.database import LogError, folder_warning, network_kind
from cxr_studio.studies.ledger import SittingOptions
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.rows import ANSWER_FIELDS, AUDIT_FIELDS
from cxr_studio.studies.sitting import Sitting
from tests.studies.tiny_study import Reader, tiny_study


@pytest.fixture
def study(tmp_path: Path):
    return tiny_study(tmp_path / "study")


def answered(bundle, count: int, reader: str = "anna", **options) -> Path:
    sitting = Sitting(bundle, reader, SittingOptions(**options))
    Reader(sitting).answer_many(count)
    sitting.close()
    return bundle.folder / "answers.sqlite"


def test_rows_and_tables_have_the_same_columns():
    assert [c.name for c in tables.answer.columns][1:] == list(ANSWER_FIELDS)
    assert [c.name for c in tables.audit.columns][1:] == list(AUDIT_FIELDS)


def test_the_database_syncs_every_commit(study):
    log = AnswerLog(study[0])
    with log._engine.connect() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    log.close()
    assert found == ["wal", 2]


@pytest.mark.parametrize("table", ["answer", "audit", "schedule", "reader", "study"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET study_id = 'x'", "DELETE FROM {}"])
def test_rows_cannot_be_changed_or_deleted(study, table, verb):
    path = answered(study[0], 3)
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
        connection.execute(verb.format(table))
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE answer SET choice = 'left' WHERE sequence = 2",
        "UPDATE answer SET rt_ms = rt_ms + 1 WHERE sequence = 1",
        "DELETE FROM answer WHERE sequence = 1",
        "DELETE FROM audit WHERE sequence = 1",
        "UPDATE schedule SET images = '[\"0000000000000000.png\"]' WHERE schedule_index = 5",
        "UPDATE case_item SET sha256 = 'x'",
        "UPDATE answer SET sequence = 77 WHERE sequence = 3",
    ],
)
def test_tampering_around_the_triggers_keeps_the_reader_out(study, statement):
    path = answered(study[0], 6)
    connection = sqlite3.connect(path)
    for table in ("answer", "audit", "schedule"):
        for verb in ("update", "delete"):
            connection.execute(f"DROP TRIGGER {table}_no_{verb}")
    connection.execute("UPDATE answer SET choice = 'right' WHERE sequence = 2" if "choice" in statement else "SELECT 1")
    connection.execute(statement)
    connection.commit()
    connection.close()
    if "choice" in statement:  # 'right' first, then 'left': at least one of the two differs from what was given
        connection = sqlite3.connect(path)
        given = connection.execute("SELECT key_pressed FROM answer WHERE sequence = 2").fetchone()[0]
        connection.execute(f"UPDATE answer SET choice = '{'left' if given == 'right' else 'right'}' WHERE sequence = 2")
        connection.commit()
        connection.close()
    with pytest.raises(LogError, match="owner"):
        Sitting(study[0], "anna")


def test_a_cut_off_end_is_seen_by_the_second_copy(study, tmp_path):
    path = answered(study[0], 6, copy_to=tmp_path / "copy")
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER answer_no_delete")
    connection.execute("DELETE FROM answer WHERE sequence >= 4")
    connection.commit()
    connection.close()
    with pytest.raises(LogError, match="second copy has answers that the log lacks"):
        Sitting(study[0], "anna", SittingOptions(copy_to=tmp_path / "copy"))


def test_a_locked_database_keeps_the_answer_out_and_the_trial_on(study, monkeypatch):
    monkeypatch.setattr(database, "WAIT_S", 0.05)
    sitting = Sitting(study[0], "anna")
    reader = Reader(sitting)
    reader.answer_many(2)
    step = reader.show()
    other = sqlite3.connect(study[0].folder / "answers.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LogError, match="locked by another program"):
        reader.give("left")
    assert sitting.current() == step
    other.execute("ROLLBACK")
    other.close()
    assert reader.give("left").sequence == 2
    sitting.close()


def test_a_full_disk_keeps_the_answer_out_and_the_trial_on(study):
    sitting = Sitting(study[0], "anna")
    reader = Reader(sitting)
    reader.answer_many(2)
    step = reader.show()
    with sitting.ledger._log._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def go_on() -> None:
        nonlocal step
        while True:  # the last page has room for some
            step = reader.show()
            reader.give("left")

    with pytest.raises(LogError, match="disk is full"):
        go_on()
    assert sitting.current() == step
    kept = len(sitting.ledger.rows)
    with sitting.ledger._log._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    if sitting._painted_ns is None:
        reader.show()
    assert reader.give("left").sequence == kept
    sitting.close()


def test_a_full_second_copy_is_caught_up_later(study, tmp_path, monkeypatch):
    sitting = Sitting(study[0], "anna", SittingOptions(copy_to=tmp_path / "copy"))
    reader = Reader(sitting)
    reader.answer_many(1)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    step = reader.show()
    monkeypatch.setattr("cxr_studio.studies.second_copy.os.fsync", full)
    with pytest.raises(LogError, match="second copy"):
        reader.give("left")
    assert sitting.current() != step  # the log has it
    with pytest.raises(LogError, match="second copy"):
        sitting.settle()
    monkeypatch.undo()
    reader.answer_many(2)
    sitting.close()
    lines = next((tmp_path / "copy").iterdir()).read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(set(lines)) == 4


def test_a_torn_line_of_the_copy_is_mended(study, tmp_path):
    answered(study[0], 4, copy_to=tmp_path / "copy")
    path = next((tmp_path / "copy").iterdir())
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    answered(study[0], 0, copy_to=tmp_path / "copy")
    assert path.read_bytes() == whole


def test_places_that_cannot_be_written_are_refused(study):
    with pytest.raises(LogError, match="cannot be written"):
        AnswerLog(study[0], "/proc/answers.sqlite")
    (study[0].folder / "file").write_text("x")
    with pytest.raises(LogError, match="cannot be written"):
        AnswerLog(study[0], study[0].folder / "file" / "answers.sqlite")


def test_a_read_only_database_is_one_sentence(study):
    sitting = Sitting(study[0], "anna")
    with sitting.ledger._log._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(LogError, match="read-only"):
        Reader(sitting).show()
    with sitting.ledger._log._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = OFF")
    sitting.close()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\x00" * 4096])
def test_a_file_that_is_no_database_is_refused(study, content):
    path = study[0].folder / "answers.sqlite"
    path.write_bytes(content)
    with pytest.raises(LogError, match="damaged"):
        AnswerLog(study[0])
    assert path.read_bytes() == content


def test_network_folders_are_refused_and_cloud_folders_told(study, monkeypatch, tmp_path):
    assert network_kind(tmp_path) == ""
    monkeypatch.setattr(database, "network_kind", lambda folder: "nfs4")
    with pytest.raises(LogError, match=r"network \(nfs4\).*postgresql"):
        AnswerLog(study[0])
    assert folder_warning(Path("/somebody/Dropbox/study/answers.sqlite"))
    assert not folder_warning(tmp_path)


def test_other_databases_are_refused(study):
    with pytest.raises(LogError, match="SQLite or PostgreSQL"):
        AnswerLog(study[0], "mysql://somewhere/study")
    with pytest.raises(LogError, match="not understood"):
        AnswerLog(study[0], "://")


def test_a_reader_cannot_sit_twice_at_once(study):
    first, second = Sitting(study[0], "anna"), Sitting(study[0], "anna")
    with pytest.raises(LogError, match="somebody else"):
        Reader(first).show()
    Reader(second).answer_many(2)
    second.close()
    with pytest.raises(LogError):
        first.close()


def test_a_full_study_says_so(study):
    for number in range(4):
        answered(study[0], 1, f"r{number}")
    with pytest.raises(LogError, match="All 4 places"):
        Sitting(study[0], "late")
    assert AnswerLog(study[0]).places() == {f"r{k}": k for k in range(4)}


def test_answers_of_another_bundle_are_refused(study, tmp_path):
    other, _ = tiny_study(tmp_path / "other", study={"title": "Other words"})
    path = answered(study[0], 1)
    with pytest.raises(LogError, match="another bundle"):
        Sitting(other, "anna", SittingOptions(path))


def test_a_commit_is_seen_by_others_at_once(study):
    sitting = Sitting(study[0], "anna")
    reader = Reader(sitting)
    engine = sa.create_engine(f"sqlite:///{study[0].folder / 'answers.sqlite'}")
    for expected in range(1, 5):
        reader.show()
        reader.give("left")
        with engine.connect() as connection:
            assert connection.execute(sa.text("SELECT count(*) FROM answer")).scalar() == expected
    engine.dispose()
    sitting.close()


def test_a_name_that_differs_in_case_only_is_refused(study):
    log = AnswerLog(study[0])
    log.claim("anna")
    with pytest.raises(LogError, match="Anna differs from anna, who is in the study, in upper and lower case only"):
        log.claim("Anna")
    assert list(log.places()) == ["anna"]
    log.claim("anna")
    log.close()
