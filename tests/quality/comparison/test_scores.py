"""Figures of columns, journals that are being written, and curves."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_studio.metrics.frechet import Moments
from cxr_studio.quality.comparison.cell import CellScores
from cxr_studio.quality.comparison.columns import columns_of
from cxr_studio.quality.comparison.curves import (
    figures_at,
    journal_curves,
    journal_figures,
    measured_curves,
    nearest_column,
)
from cxr_studio.quality.comparison.scores import (
    METRICS,
    ColumnScores,
    Figures,
    column_scores,
    metric_of,
    sorted_columns,
)
from tests.quality.comparison.comparison_bench import JOURNAL


def given(**figures: float) -> Figures:
    return Figures(CellScores(**figures))


def test_only_healthy_cases_count(bench):
    figures = {"square": given(psnr_db=30, seam=2), "disc": given(psnr_db=34), "abnormal": given(psnr_db=99, seam=9)}
    scores = column_scores(bench.panel, figures)
    assert (scores.cases, scores.total, scores.complete) == (2, 2, True)
    assert scores.value("psnr_db") == 32
    assert scores.value("seam") == 2
    assert np.isnan(scores.value("ssim"))
    assert np.isnan(scores.value("frechet"))
    assert not column_scores(bench.panel, {"disc": given(psnr_db=34)}).complete
    assert np.isnan(column_scores(bench.panel, {}).value("psnr_db"))


def test_an_infinite_figure_does_not_spoil_the_mean(bench):
    figures = {"square": given(psnr_db=float("inf")), "disc": given(psnr_db=34)}
    assert column_scores(bench.panel, figures).value("psnr_db") == 34


def test_the_distance_is_over_the_vectors_of_all_cases(bench):
    rng = np.random.default_rng(1)
    true = [rng.normal(size=(40, 1)), rng.normal(size=(60, 1))]
    figures = {
        name: Figures(CellScores(), Moments.of(vectors * 2 + 3), Moments.of(vectors))
        for name, vectors in zip(("square", "disc"), true, strict=True)
    }
    whole = np.concatenate(true)
    mean, sd = whole.mean(), whole.std(ddof=1)
    expected = (2 * mean + 3 - mean) ** 2 + (2 * sd - sd) ** 2
    assert column_scores(bench.panel, figures).value("frechet") == pytest.approx(expected)


def test_columns_are_sorted_by_what_is_better(bench):
    columns = columns_of([bench.run])
    values = {"psnr_db": [30, 32, 31], "mae": [3, 1, 2], "grain": [0.2, 1.1, 1.4], "milliseconds": [5, 1, 2]}
    scores = {
        column.key: ColumnScores(1, 1, {name: own[k] for name, own in values.items()})
        for k, column in enumerate(columns)
    }
    for name, order in {"psnr_db": [20, 30, 10], "mae": [20, 30, 10], "grain": [20, 30, 10]}.items():
        assert [column.step for column in sorted_columns(columns, scores, name)] == order, name
    del scores[columns[1].key]
    assert [column.step for column in sorted_columns(columns, scores, "psnr_db")] == [30, 10, 20]


def test_values_are_said_with_their_unit():
    assert metric_of("psnr_db").words(30.456) == "30.46 dB"
    assert metric_of("grain").words(0.5) == "0.50"
    assert metric_of("ssim").words(float("nan")) == "–"
    assert metric_of("own_loss").title == "own loss"
    assert not metric_of("d_real").measured
    assert {metric.name for metric in METRICS} >= set(CellScores().as_dict())


def test_a_journal_is_read_to_its_last_whole_row(bench):
    whole = journal_figures(bench.run)
    assert whole == {"d_real": [(10, 0.8), (20, 0.7)], "val_psnr_db": [(20, 31.5)]}
    path, row = bench.run / "journal.csv", "30,0.3,0,3.0,d_real,0.65432\n"
    for length in range(len(row)):
        path.write_text(JOURNAL + row[:length], encoding="utf-8")
        assert journal_figures(bench.run) == whole, row[:length]
    path.write_text(JOURNAL + row, encoding="utf-8")
    assert journal_figures(bench.run)["d_real"][-1] == (30, 0.65432)


def test_rows_that_a_resumed_run_wrote_again_replace_the_old_ones(bench):
    path = bench.run / "journal.csv"
    path.write_text(JOURNAL + "15,0.1,0,1.0,d_real,0.6\n25,0.1,0,1.0,d_real,0.5\n", encoding="utf-8")
    assert journal_figures(bench.run) == {"d_real": [(10, 0.8), (15, 0.6), (25, 0.5)]}


def test_damaged_rows_and_missing_journals_are_passed_over(bench, tmp_path):
    path = bench.run / "journal.csv"
    path.write_bytes(JOURNAL.encode() + b"x,y,z\n30,0,0,0,d_real,nan\n\xff\xfe,1,1,1,d_real,1\n31,0,0,0,d_real,0.4\n")
    assert journal_figures(bench.run)["d_real"] == [(10, 0.8), (20, 0.7), (31, 0.4)]
    path.write_text("", encoding="utf-8")
    assert journal_figures(bench.run) == {}
    assert journal_figures(tmp_path / "none") == {}


def test_figures_are_those_of_the_nearest_step():
    figures = {"a": [(10, 1.0), (20, 2.0)], "b": [(100, 5.0)], "c": []}
    assert figures_at(figures, 16) == {"a": 2.0, "b": 5.0}
    assert figures_at(figures, None) == {}


def test_curves_of_a_run_and_the_column_that_a_point_leads_to(bench):
    columns = columns_of([bench.run, "telea"])
    scores = {c.key: ColumnScores(2, 2, {"psnr_db": 30.0 + (c.step or 0)}) for c in columns}
    scores[columns[1].key] = ColumnScores(1, 2, {"psnr_db": 99.0})
    (curve,) = measured_curves(columns, scores)
    assert (curve.metric, curve.run, curve.points) == ("psnr_db", bench.run, ((10, 40.0), (30, 60.0)))
    assert {curve.metric for curve in journal_curves(columns)} == {"d_real", "val_psnr_db"}
    assert nearest_column(columns, bench.run, 21) == columns[1]
    assert nearest_column(columns, bench.folder, 21) is None
