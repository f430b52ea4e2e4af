"""The loop as tables laid out like the paper's III and IV, the paper's rows beside, and what mining gained."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from cxr_studio.detection.by_size import by_diameter, operating_threshold, outcomes
from cxr_studio.detection.plots import write_plot
from cxr_studio.detection.scores import NODE21_FROC
from cxr_studio.experiments.hard_examples import Loop, row_name
from cxr_studio.experiments.loop_scores import FIGURES, FROC_AREA, Row, score_loop
from cxr_studio.experiments.mining import SUMMARY
from cxr_studio.experiments.parts import START, Condition
from cxr_studio.experiments.tables import interval, listed, number, picture, spread, tested, write_report
from cxr_studio.metrics.by_patient import RESAMPLES
from cxr_studio.quality.benchmark.page import Page
from cxr_studio.quality.benchmark.papers import paper_tables
from cxr_studio.quality.benchmark.sections import NONE, Line, Section
from cxr_studio.quality.judging import Report

PLOT = "froc.png"
AUC, NODE21 = FIGURES.index(FROC_AREA), FIGURES.index(NODE21_FROC)
"""Columns that stand beside the paper's: it says that its AUC is of FROC curves, without a range."""

COLUMNS = ("Added to the real radiographs", *FIGURES)


def report_of(loop: Loop, *, resamples: int = RESAMPLES) -> Report:
    """Score what is tested, write page, figures and plot into the experiment's folder, and give the tables.

    Raises:
        StatisticsError: there is nothing to detect.
    """
    rows = score_loop(loop, resamples=resamples)
    sentences = summary(loop)
    if not rows:
        return Report((*sentences, "No row has been tested in every fold yet."), {})
    sections = sections_of(loop, rows)
    _plot(loop, rows)
    words = "FROC on the real nodules of all held-out folds, with 95 % bands by patient"
    page = Page(
        loop.experiment.title,
        f"{loop.experiment.folds} folds by patient",
        sentences,
        sections,
        methods(resamples),
        ((picture(loop.folder / PLOT), words),),
    )
    reference = _reference(loop, rows)
    estimates = [(row.name, figure, row.figure(figure)) for row in rows for figure in row.values]
    if reference is not None:
        others = [row for row in rows if row is not reference]
        estimates += [(f"{r.name} less {reference.name}", f, r.less(reference, f)) for r in others for f in FIGURES]
    figures = {
        "summary": list(sentences),
        "estimates": [[row, figure, one] for row, figure, one in estimates],
        "by_fold": {row.name: {name: list(map(float, row.by_fold[name])) for name in FIGURES} for row in rows},
    }
    write_report(loop.folder, page, figures, estimates)
    return Report((*sentences, *(section.as_text() for section in sections)), figures)


def summary(loop: Loop) -> tuple[str, ...]:
    """What the paper had, what there is here, and what was mined."""
    experiment, sets = loop.experiment, loop.sets
    real, healthy = sets.real, len(sets.test.entries) - len(sets.real.entries)
    training = experiment.start.training
    start = (
        experiment.start.detector if training is None else f"a training of {Path(training.recipe).stem} on the others"
    )
    beside = f", tested beside {healthy} healthy radiographs" if healthy else ""
    own = experiment.training
    steps = f"{own.steps} steps, whatever is added" if own.steps else f"{own.epochs:g} epochs of what it is given"
    here = (
        f"Here: {real.findings} real {listed(experiment.real.labels)}s in {len(real.entries)} radiographs of "
        f"{len(real.patients)} patients{beside}; synthetic ones are drawn into {len(sets.sources)} healthy radiographs "
        f"of other patients. Every fold starts from {start} and learns {steps}."
    )
    sentences = [experiment.paper_had, here, *experiment.changes, *sets.notes]
    found = [_mined(loop, fold) for fold in range(experiment.folds)]
    known = [one for one in found if one]
    if known:
        missed, whole = (mean(one[key] for one in known) for key in ("missed", "nodules"))
        sentences.append(
            f"Mined: at {experiment.rate:g} false positives an image the start detector misses {missed:.0f} of the "
            f"{whole:.0f} nodules of a fold's pool (mean)."
        )
    return tuple(sentences)


def sections_of(loop: Loop, rows: Sequence[Row]) -> list[Section]:
    """The tables."""
    experiment, named = loop.experiment, {row.name: row for row in rows}
    reference = _reference(loop, rows)
    several = [one for one in experiment.conditions if len(one.counts) > 1]
    common = [one for one in experiment.conditions if not one.counts or experiment.common in one.counts]
    found = []
    for condition in several:
        title = f"By number (Table III): {condition.title}"
        own = [reference, *(named.get(row_name(condition, count)) for count in condition.counts)]
        found.append(_figures(title, [row for row in own if row], "hard-examples-counts"))
    if experiment.common:
        own = [named.get(START), *(named.get(_name(one, experiment.common)) for one in common)]
        title = f"By method (Table IV), {experiment.common} synthetic radiographs each"
        found.append(_figures(title, [row for row in own if row], "hard-examples-methods"))
    found.append(_over_folds(rows))
    if reference is not None:
        others = [row for row in rows if row is not reference]
        found.append(_differences(f"Less {reference.title}, on the same radiographs", others, reference))
    mined = [one for one in common if one.counts and one.among == "missed"]
    size = next((named.get(_name(one, experiment.common)) for one in mined if one.by == "diameter"), None)
    gained = [named.get(_name(one, experiment.common)) for one in mined if one.by != "diameter"]
    others = [row for row in gained if row is not None]
    if size is not None and others:
        found.append(_differences(f"What another attribute gained, less {size.title}", others, size))
    return found


def methods(resamples: int) -> tuple[str, ...]:
    """Sentences behind the tables."""
    return (
        "A hit has an IoU of at least 0.2; the best score comes first, and a nodule is hit once. Every radiograph is "
        "tested by the detector of the fold that did not learn from its patient, and detections of all folds are "
        "pooled by score; the table by fold does without that.",
        f"Intervals (95 %) and p resample patients {resamples:,} times, rows together; p is not corrected for the "
        "number of rows. NODE21 score: 0.75 · AUC + 0.25 · sensitivity at 0.25 false positives an image, in both "
        "readings of AUC. The paper's rows stand under FROC, as it says, and are of other data: compare their order.",
    )


def _figures(title: str, rows: Sequence[Row], beside: str) -> Section:
    lines = [
        Line(
            (row.title, *(number(row.figure(name).value) for name in FIGURES)),
            ("", *(interval(row.figure(name)) for name in FIGURES)),
        )
        for row in rows
    ]
    for paper in paper_tables(beside):
        lines.append(Line((paper.title,), kind="head"))
        for name, own in paper.rows.items():
            cells = [NONE] * len(FIGURES)
            cells[AUC] = spread(own["auc"], own["auc_sd"], 4)
            cells[NODE21] = spread(own["node21"], own["node21_sd"], 4)
            lines.append(Line((name, *cells), kind="paper"))
    return Section(title, COLUMNS, tuple(lines))


def _over_folds(rows: Sequence[Row]) -> Section:
    lines = [Line((row.title, *(spread(*row.over_folds(name)) for name in FIGURES))) for row in rows]
    return Section("Mean ± SD over the folds, as the paper prints", COLUMNS, tuple(lines))


def _differences(title: str, rows: Sequence[Row], reference: Row) -> Section:
    lines = []
    for row in rows:
        found = [row.less(reference, name) for name in FIGURES]
        cells = (row.title, *(number(one.value, signed=True) for one in found))
        lines.append(Line(cells, ("", *map(tested, found))))
    return Section(title, COLUMNS, tuple(lines))


def _plot(loop: Loop, rows: Sequence[Row]) -> None:
    experiment = loop.experiment
    shown = {START, *(_name(one, experiment.common) for one in experiment.conditions)}
    chosen = [row for row in rows if row.name in shown]
    results = {row.title: outcomes(row.matching, operating_threshold(row.matching, experiment.rate)) for row in chosen}
    bins = {title: by_diameter(own) for title, own in results.items()}
    write_plot(loop.folder / PLOT, {row.title: row.matching for row in chosen}, bins)


def _reference(loop: Loop, rows: Sequence[Row]) -> Row | None:
    """The first row that adds nothing."""
    name = next(row_name(one, 0) for one in loop.experiment.conditions if not one.counts)
    return next((row for row in rows if row.name == name), None)


def _name(condition: Condition, count: int) -> str:
    return row_name(condition, count if condition.counts else 0)


def _mined(loop: Loop, fold: int) -> dict[str, float]:
    try:
        found: dict[str, float] = json.loads((loop.mined(fold) / SUMMARY).read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        return {}
