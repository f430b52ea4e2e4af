"""Traces: what the log keeps of how a trial was looked at, back in order of time, and as a table."""

from __future__ import annotations

import csv
import json
import time

import pytest

from cxr_studio.errors import StudioError
from cxr_studio.studies.exporters.trace_table import write_traces
from cxr_studio.studies.ledger import SittingOptions
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.sitting import Sitting
from cxr_studio.studies.trace import traces
from tests.studies.tiny_study import Reader, tiny_study

VIEW = {"scale": 2.0, "y": 30.0, "x": 20.0, "window": [100.0, 50.0], "pane": [400, 400], "ratio": 1.0}


@pytest.fixture
def looked_at(tmp_path):
    """A reader who zooms 40 ms after the first frame, points 60 ms after it, and answers two trials."""
    bundle, key = tiny_study(tmp_path, practice={"trials": 0})
    sitting = Sitting(bundle, "anna", SittingOptions())
    reader = Reader(sitting)
    shown = reader.show()
    painted = time.monotonic_ns()
    for ms, kind, body in ((60, "pointer", {"side": "left", "y": 5.0, "x": 6.0}), (40, "view", VIEW)):
        sitting.event(kind, body, ns=painted + ms * 1_000_000, uid=shown.uid)
    time.sleep(0.09)
    reader.give("left")
    reader.show()
    reader.give("right")
    sitting.close()
    log = AnswerLog(bundle, create=False)
    yield bundle, key, log
    log.close()


def test_what_was_seen_at_a_time(looked_at):
    _, key, log = looked_at
    first, second = traces(key, log, "anna")
    assert (first.number, first.choice, first.reader) == (1, "left", "anna")
    assert first.truth == key.right_answer(key.trials[first.trial])
    assert [moment.kind for moment in first.moments if moment.kind in ("view", "pointer")] == ["view", "pointer"]
    assert first.at(0.0) == (None, None)
    assert first.at(55.0) == (VIEW, None)
    assert first.at(80.0) == (VIEW, {"side": "left", "y": 5.0, "x": 6.0})
    assert first.length_ms >= first.rt_ms > 80
    assert second.at(second.length_ms) == (None, None)


def test_the_table_has_a_row_an_event(looked_at, tmp_path):
    _, key, log = looked_at
    found = traces(key, log, "anna")
    table, dictionary = write_traces(found, tmp_path / "out")
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == sum(len(trace.moments) for trace in found)
    (view,) = [row for row in rows if row["event"] == "view"]
    assert (view["scale"], view["window_centre"], view["window_width"]) == ("2.0", "100.0", "50.0")
    assert 0 < float(view["time_ms"]) < 60
    assert json.loads(view["details"]) == VIEW
    with dictionary.open(newline="", encoding="utf-8") as stream:
        assert [row["column"] for row in csv.DictReader(stream)] == list(rows[0])


def test_an_unknown_reader_is_one_sentence(looked_at):
    _, key, log = looked_at
    with pytest.raises(StudioError, match="No reader bert has taken this study"):
        traces(key, log, "bert")
