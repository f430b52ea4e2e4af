"""SIGKILL at 200 random moments of simulated sittings: nothing acknowledged is lost, nothing comes twice."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from cxr_studio.studies.agenda import INTERRUPTED, SHOWN
from cxr_studio.studies.bundle import Bundle
from cxr_studio.studies.ledger import SittingOptions
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.rows import effective
from cxr_studio.studies.simulation import simulate
from cxr_studio.studies.sitting import Sitting
from cxr_studio.studies.verification import verify_answers, verify_copy
from tests.studies import killed_study
from tests.studies.killed_study import OBSERVER, sit
from tests.studies.tiny_study import tiny_study

KILLS = 200
LONGEST = 8
"""A process is killed so many trials' time after its start or, mostly, after its first trial, at the latest."""

EARLY = 0.2
"""Share of kills that may fall into the opening of the study."""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not known there")


@pytest.fixture(scope="module")
def killed(tmp_path_factory) -> tuple[Path, Bundle, list[str], int]:
    """Studies sat by processes that were killed again and again, and then finished."""
    folder = tmp_path_factory.mktemp("killed")
    bundle, key = tiny_study(
        folder, images={"count": 70}, order={"break_every": 25, "repeats": 10}, study={"readers": 12}
    )
    moments, readers, kills = random.Random(11), ["r0"], 0
    server = subprocess.Popen(
        [sys.executable, killed_study.__file__, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with server:
        longest = LONGEST * float(server.stdout.readline().split()[1])
        while kills < KILLS:
            server.stdin.write(f"{readers[-1]}\n")
            server.stdin.flush()
            process = int(server.stdout.readline().split()[1])
            if moments.random() > EARLY:
                assert server.stdout.readline() == "open\n"
            time.sleep(moments.uniform(0.0, longest))
            with suppress(ProcessLookupError):  # it has just finished
                os.kill(process, signal.SIGKILL)
            told = next(line for line in server.stdout if not line.startswith("open"))
            assert told.startswith("ended"), told
            if int(told.split()[1]) == -signal.SIGKILL:
                kills += 1
            else:
                assert int(told.split()[1]) == 0
                readers.append(f"r{len(readers)}")
        server.stdin.close()
    sit(folder, readers[-1], bundle, key)
    return folder, bundle, readers, kills


def test_no_acknowledged_answer_is_lost(killed):
    folder, bundle, readers, kills = killed
    log = AnswerLog(bundle)
    told = 0
    for reader in readers:
        rows = {row.sequence: row for row in log.answers(reader)}
        for line in (folder / f"acknowledged-{reader}").read_text().splitlines():
            sequence, uid, row_hash = line.split()
            assert (rows[int(sequence)].trial_uid, rows[int(sequence)].row_hash) == (uid, row_hash)
            told += 1
    log.close()
    assert kills == KILLS
    assert told > KILLS / 2


def test_every_trial_is_answered_exactly_once(killed):
    _, bundle, readers, _ = killed
    log = AnswerLog(bundle)
    for reader in readers:
        counted = Counter(row.trial_uid for row in effective(log.answers(reader)))
        assert counted == Counter(trial.uid for trial in bundle.schedules[log.places()[reader]])
    log.close()


def test_chains_copies_and_database_are_whole(killed):
    folder, bundle, readers, _ = killed
    log = AnswerLog(bundle)
    findings = [*verify_answers(bundle, log), *verify_copy(folder / "copy", bundle, log)]
    log.close()
    assert [finding.fault for finding in findings] == [""] * (1 + 2 * len(readers))
    connection = sqlite3.connect(bundle.folder / "answers.sqlite")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_each_sitting_goes_on_exactly_where_the_last_stood(killed):
    """Replayed from the audit trail alone: what was shown is always what the schedule and the policy ask for."""
    _, bundle, readers, _ = killed
    log, interrupted = AnswerLog(bundle), 0
    for reader in readers:
        open_ones = {trial.uid: trial for trial in bundle.schedules[log.places()[reader]]}
        times: Counter[str] = Counter()
        trail = [row for row in log.audit(reader) if row.kind in (SHOWN, INTERRUPTED)]
        for row, following in zip(trail, [*trail[1:], None], strict=True):
            if row.kind == INTERRUPTED:
                times[row.trial_uid] += 1
                interrupted += 1
                continue
            expected = min(open_ones.values(), key=lambda t: (t.block, times[t.uid], t.index))
            assert row.trial_uid == expected.uid
            if following is None or following.kind == SHOWN:
                del open_ones[row.trial_uid]
        assert not open_ones
    log.close()
    assert interrupted > KILLS / 20  # many kills fell between showing and answering


def test_the_answers_are_those_of_a_sitting_that_was_never_killed(killed, tmp_path):
    folder, bundle, readers, _ = killed
    from cxr_studio.studies.key import open_key

    calm = Sitting(bundle, "calm", SittingOptions(tmp_path / "calm.sqlite"))
    for _ in simulate(calm, open_key(folder / "key.json"), OBSERVER):
        pass
    log = AnswerLog(bundle)
    assert log.places()[readers[0]] == calm.ledger.place == 0
    assert {r.trial_uid: r.choice for r in effective(log.answers(readers[0]))} == {
        r.trial_uid: r.choice for r in calm.ledger.rows
    }
    log.close()
    calm.close()
