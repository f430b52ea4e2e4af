"""The report's figures for other programs: JSON, a CSV row a cell, a CSV row a verdict."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from cxr_studio.quality.comparison.cell import CellScores
from cxr_studio.quality.comparison.results import Results
from cxr_studio.quality.comparison.verdicts import Verdict
from cxr_studio.version import program_version


def as_json(results: Results, verdicts: Sequence[Verdict]) -> dict[str, object]:
    """Everything but the pixels; NaN and infinity become null."""
    panel = results.maker.panel
    columns: list[dict[str, Any]] = []
    for column in results.columns:
        scores = results.scores.get(column.key)
        columns.append(
            {
                "key": column.key,
                "title": column.title,
                "file": None if column.path is None else column.path.name,
                "run": None if column.run is None else column.run.resolve().name,
                "step": column.step,
                "role": column.role.value,
                "cases": scores.cases if scores else 0,
                "means": _finite(scores.means) if scores else {},
                "journal": _finite(scores.journal) if scores else {},
                "fault": results.faults.get(column.key),
                "cells": {
                    case.name: _finite(results.cells[case.name, column.key].as_dict())
                    for case in panel.cases
                    if (case.name, column.key) in results.cells
                },
            }
        )
    return {
        "program": f"CXR Studio {program_version()}",
        "panel": {
            "name": panel.name,
            "key": panel.key,
            "grain": panel.grain,
            "cases": [{"name": c.name, "seed": c.seed, "healthy": c.healthy} for c in panel.cases],
        },
        "columns": columns,
        "verdicts": len(verdicts),
    }


def cells_csv(results: Results, verdicts: Sequence[Verdict]) -> str:
    """A row a cell: case, column, figures, and the newest verdict's tags and note."""
    latest = {(v.case, v.column_key): v for v in verdicts}
    names = list(CellScores().as_dict())
    rows: list[list[object]] = [
        ["case", "healthy", "column", "key", "run", "step", *names, "tags", "note"],
    ]
    for column in results.columns:
        for case in results.maker.panel.cases:
            scores = results.cells.get((case.name, column.key))
            if scores is None:
                continue
            figures = [f"{v:.6g}" if np.isfinite(v) else "" for v in scores.as_dict().values()]
            verdict = latest.get((case.name, column.key))
            said = ["; ".join(verdict.tags), verdict.note] if verdict else ["", ""]
            run = "" if column.run is None else column.run.resolve().name
            step = "" if column.step is None else column.step
            rows.append([case.name, case.healthy, column.title, column.key, run, step, *figures, *said])
    return _csv(rows)


def verdicts_csv(results: Results, verdicts: Sequence[Verdict]) -> str:
    """A row a verdict in the order given, those on columns that are not in the comparison too."""
    titles = {column.key: column.title for column in results.columns}
    rows: list[list[object]] = [["time", "judge", "case", "column", "key", "blind", "tags", "note"]]
    for v in verdicts:
        rows.append(
            [v.time, v.judge, v.case, titles.get(v.column_key, ""), v.column_key, v.blind, "; ".join(v.tags), v.note]
        )
    return _csv(rows)


def _csv(rows: Sequence[Sequence[object]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


def _finite(values: dict[str, float]) -> dict[str, float | None]:
    return {name: float(value) if np.isfinite(value) else None for name, value in values.items()}
