"""The report of a comparison: one page with pictures and plots, figures as JSON, tables as CSV."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cxr_studio.events import Progress, silent
from cxr_studio.files import replaced
from cxr_studio.pages import page_templates
from cxr_studio.quality.comparison.report_figures import journal_plot, measured_plot
from cxr_studio.quality.comparison.report_pictures import picture_rows, pictured
from cxr_studio.quality.comparison.report_tables import as_json, cells_csv, verdicts_csv
from cxr_studio.quality.comparison.results import Results
from cxr_studio.quality.comparison.scores import JOURNAL_METRICS, METRICS, Metric
from cxr_studio.quality.comparison.verdicts import Verdict, VerdictLog, counts
from cxr_studio.version import program_version

TABLED = ("d_real", "d_fake", "val_psnr_db", "val_masked_psnr_db")
"""Figures of the journal that stand in the page's table."""

HTML, JSON, CELLS, VERDICTS = "report.html", "report.json", "cells.csv", "verdicts.csv"


def write_report(
    folder: Path, results: Results, *, verdicts: VerdictLog | None = None, progress: Progress = silent
) -> Path:
    """Write ``report.html`` (self-contained), ``report.json``, ``cells.csv`` and ``verdicts.csv``; returns the page.

    Args:
        folder: Made where missing; an earlier report in it is replaced.
        results: From ``results.measure``.
        verdicts: The panel's; none by default.
        progress: Called between the parts.

    Raises:
        WriteError: a file cannot be written.
    """
    given = () if verdicts is None else verdicts.all()
    progress(0.0, "pictures and plots")
    page = render(results, given)
    progress(0.9, "writing the report")
    figures = json.dumps(as_json(results, given), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    for name, text in (
        (JSON, figures),
        (CELLS, cells_csv(results, given)),
        (VERDICTS, verdicts_csv(results, given)),
        (HTML, page),
    ):
        with replaced(folder / name) as beside:
            beside.write_text(text, encoding="utf-8", newline="")
    progress(1.0, "report written")
    return folder / HTML


def render(results: Results, verdicts: Sequence[Verdict]) -> str:
    """The page, with styles, pictures and plots inside."""
    measured = [column for column in results.columns if column.key in results.scores]
    offered = (*METRICS, *(metric for metric in JOURNAL_METRICS if metric.name in TABLED))
    metrics = [m for m in offered if any(np.isfinite(results.scores[c.key].value(m.name)) for c in measured)]
    shown = pictured(measured, results.scores)
    titles = {column.key: column.title for column in results.columns}
    return (
        page_templates("qa")
        .get_template("report.html.j2")
        .render(
            panel=results.maker.panel,
            columns=measured,
            scores=results.scores,
            metrics=metrics,
            best=best_columns(results, metrics),
            faults=[(titles[key], words) for key, words in results.faults.items()],
            pictured=shown,
            rows=picture_rows(results, shown),
            plots={"measured": measured_plot(measured, results.scores), "journal": journal_plot(measured)},
            tallies=_tallies(results, verdicts),
            summary=summary(results, metrics),
            program=f"CXR Studio {program_version()}",
        )
    )


def best_columns(results: Results, metrics: Sequence[Metric]) -> dict[str, str]:
    """Metric's name → key of the column with the best mean; only where there are several and one is better."""
    found = {}
    for metric in metrics:
        ranks = {key: metric.rank(scores.value(metric.name)) for key, scores in results.scores.items()}
        if len(set(ranks.values())) > 1 and metric.better:
            found[metric.name] = min(ranks, key=lambda key: ranks[key])
    return found


def summary(results: Results, metrics: Sequence[Metric]) -> list[str]:
    """A sentence or two on what was compared and which is best."""
    panel = results.maker.panel
    healthy = sum(case.healthy for case in panel.cases)
    sentences = [
        f"{len(results.scores)} checkpoints on {len(panel.cases)} cases of the panel “{panel.name}”, "
        f"{healthy} of them healthy places that count for the figures."
    ]
    titles = {column.key: column.title for column in results.columns}
    best = best_columns(results, metrics)
    for metric in metrics:
        if metric.name in best and metric.measured and metric.name != "milliseconds":
            key = best[metric.name]
            sentences.append(
                f"Best {metric.title}: {titles[key]}, {metric.words(results.scores[key].value(metric.name))}."
            )
    return sentences


def _tallies(results: Results, verdicts: Sequence[Verdict]) -> list[tuple[str, int, dict[str, int]]]:
    """Column's title, cells judged, and how often each tag stands in the judges' newest verdicts."""
    newest = {(v.judge, v.case, v.column_key): v for v in verdicts}
    found = []
    for column in results.columns:
        own = [v for v in newest.values() if v.column_key == column.key and (v.tags or v.note)]
        if own:
            found.append((column.title, len(own), counts(own)))
    return found
