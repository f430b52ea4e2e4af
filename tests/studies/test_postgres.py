"""The same log on a real PostgreSQL server, with several readers at once; skipped where none is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from cxr_studio.studies.database import LogError
from cxr_studio.studies.ledger import SittingOptions
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.outcomes import answers_table
from cxr_studio.studies.sitting import Sitting
from cxr_studio.studies.trial_view import Finished
from cxr_studio.studies.verification import verify_answers
from tests.studies.tiny_study import Reader, tiny_study


def binaries() -> Path | None:
    """Folder of ``initdb`` and ``pg_ctl``."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


def ordinary_user() -> str | None:
    """A user that a server may run as; None for the present one, which will do where it is not root."""
    import pwd

    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


BINARIES = binaries() if os.name == "posix" else None
pytestmark = pytest.mark.skipif(BINARIES is None, reason="PostgreSQL is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """URL of a server of this test's own, on a socket in a temporary folder."""
    assert BINARIES is not None
    folder = Path(tempfile.mkdtemp(prefix="cxr-postgres-"))
    user = ordinary_user()
    if user is not None:
        shutil.chown(folder, user)

    def call(*words: str) -> None:
        subprocess.run(
            [str(BINARIES / words[0]), *words[1:]], check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL
        )

    try:
        call("initdb", "-D", str(folder / "store"), "-A", "trust", "-U", "owner", "--no-sync", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses= -c max_connections=40"
        call("pg_ctl", "-D", str(folder / "store"), "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield f"postgresql+psycopg://owner@/postgres?host={folder}"
        finally:
            call("pg_ctl", "-D", str(folder / "store"), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def whole_study(bundle, database: str, reader: str) -> int:
    """Sit a study in two sittings; returns the answers given."""
    given = 0
    for stop in (7, 10**6):
        sitting = Sitting(bundle, reader, SittingOptions(database))
        given += len(Reader(sitting).answer_many(stop))
        sitting.event("zoom", {"factor": 2})
        sitting.close()
    return given


def test_several_readers_at_once(server, tmp_path):
    bundle, key = tiny_study(tmp_path)
    names = ["anna", "ben", "cleo", "dora"]
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda name: whole_study(bundle, server, name), names))
    assert given == [20] * 4
    log = AnswerLog(bundle, server, create=False)
    assert sorted(log.places()) == names
    assert sorted(log.places().values()) == [0, 1, 2, 3]
    assert [finding.fault for finding in verify_answers(bundle, log)] == [""] * 5
    log.close()
    outcomes = answers_table(bundle, key, databases=[server])
    assert len(outcomes) == 4 * 16


def test_the_server_refuses_changes_and_sees_tampering(server, tmp_path):
    bundle, _ = tiny_study(tmp_path, study={"title": "Tampering"}, secret="ab" * 24)
    sitting = Sitting(bundle, "anna", SittingOptions(server))
    Reader(sitting).answer_many(5)
    sitting.close()
    engine = sa.create_engine(server)
    change = sa.text("UPDATE answer SET rt_ms = 1 WHERE study_id = :study AND sequence = 3")
    with pytest.raises(sa.exc.DBAPIError, match="only ever added"), engine.begin() as connection:
        connection.execute(change, {"study": bundle.study_id})
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE answer DISABLE TRIGGER ALL"))
        connection.execute(change, {"study": bundle.study_id})
        connection.execute(sa.text("ALTER TABLE answer ENABLE TRIGGER ALL"))
    engine.dispose()
    with pytest.raises(LogError, match="row 3 has been changed"):
        Sitting(bundle, "anna", SittingOptions(server))


def test_one_reader_at_two_workstations(server, tmp_path):
    bundle, _ = tiny_study(tmp_path, secret="cd" * 24)
    first = Sitting(bundle, "anna", SittingOptions(server))
    second = Sitting(bundle, "anna", SittingOptions(server))
    with pytest.raises(LogError, match="somebody else"):
        Reader(first).show()
    Reader(second).answer_many()
    assert second.current() == Finished(18, 0, 0)
    second.close()
    with pytest.raises(LogError):
        first.close()


def test_a_server_that_is_not_there_is_one_sentence(tmp_path):
    bundle, _ = tiny_study(tmp_path)
    with pytest.raises(LogError, match="server cannot be reached"):
        AnswerLog(bundle, f"postgresql+psycopg://nobody@/none?host={tmp_path}")
