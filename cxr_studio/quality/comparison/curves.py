"""Figures against the step: as the run's journal says, and as measured on the panel."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.scores import METRICS, ColumnScores

JOURNAL = "journal.csv"

FIELDS = 6
"""Columns of a journal: step, epoch, stage, seconds, name, value."""

Points = tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Curve:
    """One figure of one run.

    Attributes:
        metric: Its name; see ``scores.metric_of``.
        run: The run's folder.
        points: ``(step, value)`` in step order.
        measured: True for the panel's, False for the journal's.
    """

    metric: str
    run: Path
    points: Points
    measured: bool = False


def journal_figures(run: Path) -> dict[str, list[tuple[int, float]]]:
    """Read the journal of a run that may still be writing it.

    A last row that is not finished is left out. Rows that a resumed run wrote again replace those of the same and of
    later steps that stand before them. No journal gives no figures.

    Returns:
        ``(step, value)`` in step order by the figure's name.
    """
    try:
        text = (run / JOURNAL).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    whole = text[: text.rfind("\n") + 1]
    kept: list[tuple[int, str, float]] = []
    for row in csv.reader(whole.splitlines()):
        found = _row(row)
        if found is None:
            continue
        if kept and found[0] < kept[-1][0]:
            kept = [one for one in kept if one[0] < found[0]]
        kept.append(found)
    figures: dict[str, dict[int, float]] = {}
    for step, name, value in kept:
        figures.setdefault(name, {})[step] = value
    return {name: list(values.items()) for name, values in figures.items()}


def figures_at(figures: Mapping[str, Sequence[tuple[int, float]]], step: int | None) -> dict[str, float]:
    """Every figure at the step nearest to ``step``; none without a step."""
    if step is None:
        return {}
    return {name: min(points, key=lambda point: abs(point[0] - step))[1] for name, points in figures.items() if points}


def journal_curves(columns: Sequence[Column]) -> tuple[Curve, ...]:
    """The journals' curves of every run among the columns."""
    runs = dict.fromkeys(column.run for column in columns if column.run is not None)
    return tuple(Curve(name, run, tuple(points)) for run in runs for name, points in journal_figures(run).items())


def measured_curves(columns: Sequence[Column], scores: Mapping[str, ColumnScores]) -> tuple[Curve, ...]:
    """The panel's curves of every run among the columns, from the columns whose cells are all made."""
    runs = dict.fromkeys(column.run for column in columns if column.run is not None)
    found = []
    for run in runs:
        own = sorted((c for c in columns if c.run == run and c.step is not None), key=lambda c: c.step or 0)
        done = [(c.step or 0, scores[c.key]) for c in own if c.key in scores and scores[c.key].complete]
        for metric in METRICS:
            points = tuple((step, s.value(metric.name)) for step, s in done if np.isfinite(s.value(metric.name)))
            if points:
                found.append(Curve(metric.name, run, points, measured=True))
    return tuple(found)


def nearest_column(columns: Sequence[Column], run: Path, step: int) -> Column | None:
    """The run's column nearest to a step: where a click on a curve leads."""
    own = [column for column in columns if column.run == run and column.step is not None]
    return min(own, key=lambda column: abs((column.step or 0) - step), default=None)


def _row(row: list[str]) -> tuple[int, str, float] | None:
    if len(row) != FIELDS:
        return None
    try:
        value = float(row[5])
        return (int(row[0]), row[4], value) if np.isfinite(value) else None
    except ValueError:
        return None
