"""The same log on a real PostgreSQL server, with several readers at once; skipped where none is installed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from cxr_studio.studies.database import LogError
from cxr_studio.studies.ledger import SittingOptions
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.outcomes import answers_table
from cxr_studio.studies.sitting import Sitting
from cxr_studio.studies.trial_view import Finished
from cxr_studio.studies.verification import verify_answers
from tests.studies.postgres_server import MISSING, running_server
from tests.studies.tiny_study import Reader, tiny_study

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_server() as address:
        yield address


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
