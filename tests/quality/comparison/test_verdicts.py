"""The log of verdicts: order, taking back, kills, torn lines."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cxr_studio.errors import WriteError
from cxr_studio.quality.comparison.verdicts import LOG_NAME, TAGS, Verdict, VerdictLog, counts, utc_now, verdict_folder

ROOT = Path(__file__).parents[3]


def verdict(case: str = "a", column: str = "k", **more: object) -> Verdict:
    return replace(Verdict(utc_now(), "Ann", case, column, True, ("good",)), **more)


def test_verdicts_come_back_in_order_and_the_newest_counts(tmp_path):
    log = VerdictLog(tmp_path / "qa")
    assert log.all() == ()
    given = (
        verdict(note="zwölf\nlines, “quoted”"),
        verdict(tags=("seam", "own words")),
        verdict("b", judge="Bob", tags=("blurred",)),
    )
    for one in given:
        log.add(one)
    assert VerdictLog(tmp_path / "qa").all() == given
    assert log.latest() == {("a", "k"): given[1], ("b", "k"): given[2]}
    assert log.latest("Ann") == {("a", "k"): given[1]}
    assert counts(given) == {**dict.fromkeys(TAGS, 0), "good": 1, "seam": 1, "blurred": 1, "own words": 1}


def test_a_verdict_without_words_takes_the_earlier_back(tmp_path):
    log = VerdictLog(tmp_path)
    log.add(verdict())
    log.add(verdict(tags=()))
    assert log.latest() == {}
    assert len(log.all()) == 2


def test_a_torn_last_line_is_passed_over_and_spoils_no_other(tmp_path):
    log = VerdictLog(tmp_path)
    first, second = verdict(), verdict("b")
    log.add(first)
    whole = log.path.read_bytes()
    line = json.dumps({"time": "t"}).encode()
    for torn in (whole[:-10], whole[:-1], line, b"{", b"\xff\xfe", b"[1, 2]", b"3", b'{"tags": 4}'):
        log.path.write_bytes(whole + torn)
        assert set(log.all()) == {first}
        log.add(second)
        assert log.all()[0] == first
        assert log.all()[-1] == second
        log.path.write_bytes(whole)


def test_a_log_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(WriteError, match="could not be written"):
        VerdictLog(tmp_path / "file").add(verdict())


def test_panels_have_folders_of_their_own(bench):
    other = replace(bench.panel, name="other")
    assert verdict_folder(bench.panel) != verdict_folder(other)
    assert Path(os.environ["CXR_STUDIO_STATE"]) in verdict_folder(bench.panel).parents


JUDGING = """
import sys
from pathlib import Path
from cxr_studio.quality.comparison.verdicts import Verdict, VerdictLog
log = VerdictLog(Path(sys.argv[1]))
for number in range(100_000):
    log.add(Verdict(str(number), "Ann", f"case {number}", "k", False, ("good",)))
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_every_acknowledged_verdict_survives_a_kill(tmp_path):
    child = subprocess.Popen(
        [sys.executable, "-c", JUDGING, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    acknowledged = [int(child.stdout.readline()) for _ in range(25)]
    child.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in child.stdout.read().split("\n")[:-1]]
    child.wait()
    child.stdout.close()
    found = [one.time for one in VerdictLog(tmp_path).all()]
    assert len(acknowledged) >= 25
    assert found[: len(acknowledged)] == [str(number) for number in acknowledged]
    assert len(found) <= len(acknowledged) + 1
    VerdictLog(tmp_path).add(verdict("after"))
    assert VerdictLog(tmp_path).all()[-1].case == "after"
    assert (tmp_path / LOG_NAME).exists()
