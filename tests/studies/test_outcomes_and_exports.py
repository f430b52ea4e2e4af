"""Answers beside the truth, and their tables: every value read back as it was."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cxr_studio.errors import StudioError
from cxr_studio.studies.exporters.bids import OWN, RENAMED, write_bids
from cxr_studio.studies.exporters.columns import COLUMNS
from cxr_studio.studies.exporters.tidy import write_tidy
from cxr_studio.studies.integrity import consistency, flags_of, side_p, standings
from cxr_studio.studies.ledger import SittingOptions
from cxr_studio.studies.log import AnswerLog
from cxr_studio.studies.outcomes import COUNTED, EVERY, answers_table
from cxr_studio.studies.rows import effective
from cxr_studio.studies.simulation import Observer, simulate
from cxr_studio.studies.sitting import Sitting
from cxr_studio.studies.trial_view import Mark
from tests.studies.exporters.reading import read_table, read_tidy
from tests.studies.tiny_study import Reader, tiny_study


def sat(bundle, key, reader: str = "anna", observer: Observer | None = None, **options):
    sitting = Sitting(bundle, reader, SittingOptions(origin="simulated", **options))
    for _ in simulate(sitting, key, observer or Observer(0.6, seed=2)):
        pass
    sitting.close()


@pytest.fixture
def awkward(tmp_path: Path):
    """A sitting with a name that needs quoting, a taken-back answer, a missed one, marks and confidence."""
    bundle, key = tiny_study(
        tmp_path,
        answer={"time_limit_s": 5, "confidence": 4, "mark": True},
        conditions=[{"generator": "telea", "name": 'with "quotes", commas\tand tabs'}, {"generator": "biharmonic"}],
    )
    sitting = Sitting(bundle, "anna-1")
    reader = Reader(sitting)
    for place in range(8):
        view = reader.show()
        changed = "right" if key.right_answer(key.trials[view.uid]) == "left" else "left"
        marks = {2: (Mark(25, 15, changed),), 3: (Mark(25, 15, "left" if changed == "right" else "right"),)}
        if place == 4:
            reader.give(None)
        else:
            reader.give("left", confidence=3, marks=marks.get(place, ()))
        if place == 6:
            assert sitting.undo()
            reader.show()
            reader.give("right", confidence=1)
    sitting.close()
    return bundle, key


def test_outcomes_by_hand(awkward):
    bundle, key = awkward
    every = answers_table(bundle, key, phases=EVERY, superseded=True)
    assert len(every) == 9
    assert [one.phase for one in every[:2]] == ["practice"] * 2
    assert [one.mark_hit for one in every[2:4]] == [True, False]
    missed = every[4]
    assert (missed.response, missed.correct, missed.rt_ms, missed.mark_hit) == (None, None, None, None)
    back, again = every[6], every[7]
    assert (back.superseded, again.superseded, back.trial) == (True, False, again.trial)
    for one in every:
        truth = key.right_answer(key.trials[one.trial])
        assert one.truth == one.side == truth
        assert one.correct == (None if one.response is None else one.response == truth)
        assert one.condition == key.cases[one.case].condition
    counted = answers_table(bundle, key, phases=COUNTED)
    assert [one.sequence for one in counted] == [2, 3, 4, 5, 7, 8]
    assert all(one.phase == "main" for one in answers_table(bundle, key))


def test_a_simulated_reader_is_as_good_as_asked(tmp_path):
    bundle, key = tiny_study(tmp_path, images={"count": 50})
    sat(bundle, key, "good", Observer(0.8, seed=1))
    sat(bundle, key, "biased", Observer(0.5, side_bias=0.6, seed=2))
    outcomes = answers_table(bundle, key)
    assert {one.origin for one in outcomes} == {"simulated"}
    good = [one.correct for one in outcomes if one.reader == "good"]
    assert sum(good) / len(good) == pytest.approx(0.8, abs=0.12)  # 3 standard errors of 100 trials
    left = [one.response == "left" for one in outcomes if one.reader == "biased"]
    assert sum(left) / len(left) == pytest.approx(0.8, abs=0.12)
    with pytest.raises(StudioError, match="Accuracy"):
        Observer(1.2)


def test_files_of_several_workstations_are_joined(tmp_path):
    bundle, key = tiny_study(tmp_path)
    sat(bundle, key, "anna", database=tmp_path / "a.sqlite", place=0)
    sat(bundle, key, "ben", database=tmp_path / "b.sqlite", place=1)
    outcomes = answers_table(bundle, key, databases=[tmp_path / "b.sqlite", tmp_path / "a.sqlite"])
    assert [one.reader for one in outcomes] == ["anna"] * 16 + ["ben"] * 16
    assert {one.case for one in outcomes[:16]} == {one.case for one in outcomes[16:]}
    assert {one.trial for one in outcomes[:16]}.isdisjoint(one.trial for one in outcomes[16:])


def test_csv_reads_back_the_same(awkward, tmp_path):
    outcomes = answers_table(*awkward, phases=EVERY, superseded=True)
    table, dictionary = write_tidy(outcomes, tmp_path / "out")
    assert read_tidy(table) == outcomes
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == list(COLUMNS)
    assert len(rows) == 1 + len(outcomes)
    with dictionary.open(newline="", encoding="utf-8") as stream:
        assert [row["column"] for row in csv.DictReader(stream)] == list(COLUMNS)


def test_bids_reads_back_the_same(awkward, tmp_path):
    outcomes = answers_table(*awkward, phases=EVERY, superseded=True)
    participants, table = write_bids(outcomes, tmp_path / "out")
    root = tmp_path / "out" / "bids"
    assert table == root / "sub-anna1" / "beh" / "sub-anna1_task-2afc_run-1_beh.tsv"
    rows = read_table(table)
    assert [row["truth"] for row in rows] == [one.truth for one in outcomes]
    assert [row["response"] for row in rows] == [one.response for one in outcomes]
    for row, one in zip(rows, outcomes, strict=True):
        seconds = row["response_time"]
        assert (seconds is None) == (one.rt_ms is None)
        assert seconds is None or float(seconds) == pytest.approx(one.rt_ms / 1000, abs=1e-12)  # seconds, as BIDS asks
        assert row["condition"] == one.condition.replace(
            "\t", " "
        )  # the one thing that a tab-separated cell cannot hold
    assert "" not in {value for row in rows for value in row.values()}
    sidecar = json.loads(table.with_suffix(".json").read_text(encoding="utf-8"))
    assert sidecar["TaskName"] == "2afc"
    assert {RENAMED.get(name, name) for name in OWN} <= set(sidecar)
    assert set(sidecar["response"]["Levels"]) >= {"left", "right"}
    assert json.loads((root / "dataset_description.json").read_text(encoding="utf-8"))["BIDSVersion"]
    assert read_table(participants)[0]["participant_id"] == "sub-anna1"


def test_two_readers_that_bids_would_take_for_one(tmp_path):
    bundle, key = tiny_study(tmp_path)
    for name in ("a-b", "a_b"):
        sat(bundle, key, name)
    with pytest.raises(StudioError, match="same name"):
        write_bids(answers_table(bundle, key), tmp_path / "out")
    assert not (tmp_path / "out").exists()


# --- integrity, blind to accuracy ---


def rows_of(tmp_path, observer: Observer, *, count: int = 30):
    bundle, key = tiny_study(tmp_path, images={"count": count}, order={"repeats": 12, "break_every": 0})
    sat(bundle, key, observer=observer)
    log = AnswerLog(bundle)
    rows = [row for row in effective(log.answers("anna")) if row.phase in COUNTED]
    log.close()
    return rows


def changed(rows, **columns):
    from dataclasses import replace

    return [replace(row, **{name: give(k, row) for name, give in columns.items()}) for k, row in enumerate(rows)]


def test_flags(tmp_path):
    rows = rows_of(tmp_path, Observer(1.0, seed=1))
    assert flags_of(rows) == ()  # always right, and nothing shows it
    assert consistency(rows) == (12, 12)
    assert "side bias" in flags_of(changed(rows, choice=lambda k, row: "left"))[0]
    assert "too fast: 6" in flags_of(changed(rows, rt_ms=lambda k, row: 200.0 if k < 6 else 3000.0))[0]
    assert "slowing: 2.0" in flags_of(changed(rows, rt_ms=lambda k, row: 3000.0 if k < 40 else 6000.0))[0]
    assert "hurrying: 0.5" in flags_of(changed(rows, rt_ms=lambda k, row: 6000.0 if k < 40 else 3000.0))[0]
    other = changed(rows, chosen_image=lambda k, row: "x" if row.phase == "repeat" else row.chosen_image)
    assert "inconsistent: 0 of 12" in flags_of(other)[0]


@pytest.mark.parametrize(("first", "total", "expected"), [(60, 100, 0.05688793), (5, 10, 1.0), (65, 100, 0.00351764)])
def test_the_side_test_is_the_exact_one(first, total, expected):
    """Values of the reference: scipy's binomtest against 0.5."""
    assert side_p(first, total) == pytest.approx(expected, abs=1e-7)


def test_progress_is_blind(tmp_path):
    """Two readers who differ in nothing but how often they are right cannot be told apart."""
    bundle, key = tiny_study(tmp_path, order={"repeats": 0})
    for name, accuracy in (("anna", 1.0), ("ben", 0.0)):
        sat(bundle, key, name, Observer(accuracy, seed=3), place=None)
    log = AnswerLog(bundle)
    found = standings(bundle, log)
    log.close()
    assert [one.answered for one in found] == [16, 16]
    assert all(one.finished and one.sessions == 1 and not one.flags for one in found)
    assert found[0].first_choice == found[1].first_choice == 0.5
