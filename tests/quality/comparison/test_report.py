"""Measuring a whole comparison, its report, and keeping a snapshot."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from cxr_studio.errors import Cancelled, CheckpointError, StudioError
from cxr_studio.events import CancelToken
from cxr_studio.networks.card import Role
from cxr_studio.networks.checkpoint import read_checkpoint
from cxr_studio.networks.registry import load_network
from cxr_studio.quality.comparison.cells import CellCache, CellMaker
from cxr_studio.quality.comparison.columns import columns_of
from cxr_studio.quality.comparison.hash_memory import HashMemory
from cxr_studio.quality.comparison.keeping import card_scores, keep
from cxr_studio.quality.comparison.report import write_report
from cxr_studio.quality.comparison.report_pictures import MOST_COLUMNS, pictured
from cxr_studio.quality.comparison.results import measure
from cxr_studio.quality.comparison.scores import ColumnScores
from cxr_studio.quality.comparison.verdicts import Verdict, VerdictLog
from cxr_studio.resources import user_models
from cxr_studio.roles import find
from tests.quality.comparison.comparison_bench import lay_out


@pytest.fixture
def maker(bench):
    return CellMaker(bench.panel, cache=CellCache(bench.folder / "cache"), device="cpu")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Measured once for the tests that only look at it."""
    noise = np.random.default_rng(5).normal(20_000, 3_000, (320, 288)).clip(0, 65_535)
    bench = lay_out(tmp_path_factory.mktemp("measured"), noise.astype(np.uint16))
    maker = CellMaker(bench.panel, cache=CellCache(bench.folder / "cache"), device="cpu")
    return measure(maker, columns_of([bench.run, "telea"], hashes=HashMemory(bench.folder)))


def test_everything_is_measured_and_progress_runs_to_the_end(bench, maker):
    told: list[float] = []
    results = measure(maker, columns_of([bench.run]), progress=lambda fraction, _words: told.append(fraction))
    assert told == pytest.approx(np.arange(1, 10) / 9)
    assert len(results.cells) == 9
    assert all(scores.complete for scores in results.scores.values())
    assert results.scores[results.columns[1].key].journal == {"d_real": 0.7, "val_psnr_db": 31.5}


def test_a_faulty_checkpoint_is_told_and_the_others_go_on(bench, maker):
    results = measure(maker, columns_of(["lungs", bench.run]))
    assert len(results.scores) == 3
    (words,) = results.faults.values()
    assert "draws into no hole" in words
    with pytest.raises(StudioError, match="draws into no hole"):
        measure(maker, columns_of(["lungs"]))


def test_cancelling_keeps_what_was_made(bench, maker):
    cancel, columns = CancelToken(), columns_of([bench.run])
    with pytest.raises(Cancelled):
        measure(maker, columns, cancel=cancel, progress=lambda *_: cancel.cancel())
    assert maker.cached(bench.panel.cases[0], columns[0]) is not None
    assert maker.cached(bench.panel.cases[1], columns[0]) is None


def test_the_page_needs_nothing_else(bench, results):
    log = VerdictLog(bench.folder / "log")
    log.add(Verdict("t1", "Ann", "square", results.columns[0].key, True, ("good", "own <b>")))
    log.add(Verdict("t2", "Ann", "square", results.columns[0].key, True, ("seam",), "at the, left"))
    page = write_report(bench.folder / "report", results, verdicts=log).read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)
    assert "http" not in re.sub(r'xmlns[^ >]*|"http[^"]*"', "", page)
    cells, originals = len(results.columns) * 3, 3
    assert page.count("data:image/png;base64,") == cells + originals
    assert page.count("<svg") == 2
    assert page.count("abnormal, not scored") == 1
    assert "step 20" in page
    assert ">seam<" in page
    assert "/measured" not in page
    assert "own <b>" not in page


def test_tables_beside_the_page_hold_every_figure(bench, results):
    log = VerdictLog(bench.folder / "log")
    log.add(Verdict("t1", "Ann", "square", results.columns[0].key, True, ("good",)))
    log.add(Verdict("t2", "Bob", "square", results.columns[0].key, False, ("seam", "odd"), 'at the "left", low'))
    write_report(bench.folder / "report", results, verdicts=log)
    content = json.loads((bench.folder / "report" / "report.json").read_text(encoding="utf-8"))
    assert [column["title"] for column in content["columns"]][-1] == "Telea (classical)"
    key = results.columns[0].key
    assert content["columns"][0]["means"]["psnr_db"] == pytest.approx(results.scores[key].value("psnr_db"))
    assert content["columns"][0]["cells"]["abnormal"]["psnr_db"] is None
    with (bench.folder / "report" / "cells.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 12
    assert rows[0]["tags"] == "seam; odd"
    assert rows[0]["note"] == 'at the "left", low'
    assert float(rows[0]["psnr_db"]) == pytest.approx(results.cells["square", key].psnr_db, rel=1e-4)
    assert rows[2]["psnr_db"] == ""
    with (bench.folder / "report" / "verdicts.csv").open(newline="", encoding="utf-8") as stream:
        assert [(row["judge"], row["column"]) for row in csv.DictReader(stream)] == [
            ("Ann", "step 10"),
            ("Bob", "step 10"),
        ]


def test_of_many_columns_the_ends_and_the_best_are_pictured(bench):
    (base, *_) = columns_of([bench.run])
    columns = [replace(base, key=f"k{step}", step=step) for step in range(200)]
    scores = {c.key: ColumnScores(1, 1, {"psnr_db": 30.0 + (c.step == 137)}) for c in columns}
    shown = [column.step for column in pictured(columns, scores)]
    assert len(shown) == MOST_COLUMNS
    assert shown == sorted(shown)
    assert {0, 137, 199} <= set(shown)


def test_a_kept_snapshot_is_found_by_name_with_its_figures_on_the_card(bench, results):
    column = results.columns[1]
    path = keep(column, results.scores[column.key], bench.panel, name="mine")
    assert path == user_models() / "mine.safetensors"
    facts = find("mine", Role.RESTORE)
    assert facts.title == "Tiny, step 20"
    name = "PSNR on panel 'Phantom', 2 healthy cases, grain off"
    assert facts.card.scores[name] == pytest.approx(results.scores[column.key].value("psnr_db"), abs=1e-3)
    original = load_network(read_checkpoint(column.path)).state_dict()
    assert all(
        bool((value == original[name]).all()) for name, value in load_network(facts.checkpoint).state_dict().items()
    )


def test_another_checkpoint_is_not_overwritten_unasked(bench, results):
    first, second = results.columns[:2]
    path = keep(first, results.scores[first.key], bench.panel)
    assert path.name == "tiny.safetensors"
    kept = path.read_bytes()
    with pytest.raises(CheckpointError, match="already exists"):
        keep(second, results.scores[second.key], bench.panel)
    assert path.read_bytes() == kept
    assert keep(second, results.scores[second.key], bench.panel, replace_other=True) == path
    assert read_checkpoint(path).card.steps == 20


@pytest.mark.parametrize("name", ["../up", "", "UPPER", "a b", "a/b", ".hidden"])
def test_a_name_that_is_none_is_refused(results, name):
    column = results.columns[0]
    with pytest.raises(CheckpointError, match="not a valid checkpoint name"):
        keep(column, results.scores[column.key], results.maker.panel, name=name)


def test_a_built_in_fill_cannot_be_kept(bench, results):
    column = results.columns[-1]
    with pytest.raises(CheckpointError, match="built in"):
        keep(column, results.scores[column.key], bench.panel)


def test_missing_figures_and_times_are_left_off_the_card(bench):
    scores = ColumnScores(1, 2, {"psnr_db": 30.0, "ssim": float("nan"), "milliseconds": 5.0})
    assert list(card_scores(scores, bench.panel)) == ["PSNR on panel 'Phantom', 1 healthy cases, grain off"]
