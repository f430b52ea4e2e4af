"""Cells and columns in words, for tool tips, status bar and clipboard; in blind mode the letter alone."""

from __future__ import annotations

import numpy as np

from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.scores import metric_of
from cxr_studio.ui.qa.board import Board


def values_words(board: Board, row: int, column: Column) -> str:
    """All figures of a cell with their units; "" in blind mode and while the cell is not there."""
    cell = board.store.cell(board.lineup.panel.cases[row].name, column.key)
    if cell is None or board.lineup.blind:
        return ""
    named = [(metric_of(name), value) for name, value in cell.scores.as_dict().items()]
    return " · ".join(f"{m.title} {m.words(v)}" for m, v in named if np.isfinite(v) and m.name != "milliseconds")


def cell_words(board: Board, row: int, column: Column) -> str:
    """A cell: case, column, figures, verdict."""
    case = board.lineup.panel.cases[row]
    lines = [f"{case.name} – {column.title}"]
    if not case.healthy:
        lines.append("Abnormal: shown, not scored")
    lines += [values_words(board, row, column), board.fault(row, column), verdict_words(board, row, column)]
    return "\n".join(line for line in lines if line)


def verdict_words(board: Board, row: int, column: Column) -> str:
    """What the judge said of a cell, "" for nothing."""
    verdict = board.verdict(row, column)
    if verdict is None:
        return ""
    return " – ".join(part for part in (", ".join(verdict.tags), verdict.note) if part)


def header_words(board: Board, column: Column) -> str:
    """A column: title, figures, verdicts."""
    facts = board.header(column)
    lines = [facts.title]
    scores = board.scores.get(column.key)
    if scores is not None and not board.lineup.blind:
        known = {**scores.journal, **scores.means}
        lines += [f"{metric_of(n).title} {metric_of(n).words(v)}" for n, v in known.items() if np.isfinite(v)]
        lines.append(f"Measured on {scores.cases} of {scores.total} healthy cases")
    lines += [f"{tag or 'other'}: {count}" for tag, count in facts.counts.items()]
    return "\n".join(lines)
