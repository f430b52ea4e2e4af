"""A whole comparison measured: every cell of every column, for the report and the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cxr_studio.errors import StudioError
from cxr_studio.events import CancelToken, Progress, silent
from cxr_studio.quality.comparison.cell import CellScores
from cxr_studio.quality.comparison.cells import CellMaker
from cxr_studio.quality.comparison.columns import Column
from cxr_studio.quality.comparison.curves import figures_at, journal_figures
from cxr_studio.quality.comparison.scores import ColumnScores


@dataclass(frozen=True, eq=False)
class Results:
    """A measured comparison.

    Attributes:
        maker: Gives the cells' pixels again, from the cache.
        columns: In order.
        scores: By column key.
        cells: Figures by ``(case, column key)``.
        faults: Why a column could not be measured, by column key.
    """

    maker: CellMaker
    columns: tuple[Column, ...]
    scores: Mapping[str, ColumnScores]
    cells: Mapping[tuple[str, str], CellScores]
    faults: Mapping[str, str]


def measure(
    maker: CellMaker,
    columns: Sequence[Column],
    *,
    cancel: CancelToken | None = None,
    progress: Progress = silent,
) -> Results:
    """Make every cell, column by column; what was made before comes from the cache.

    A checkpoint that cannot be used is told in ``faults`` and the others go on.

    Raises:
        StudioError: a case cannot be read, or every column is faulty.
        Cancelled: through ``cancel``; what was made stays in the cache.
    """
    cases = maker.panel.cases
    for case in cases:
        maker.loaded(case)
    found: dict[tuple[str, str], CellScores] = {}
    scores: dict[str, ColumnScores] = {}
    faults: dict[str, str] = {}
    journals = {run: journal_figures(run) for run in {c.run for c in columns if c.run is not None}}
    for place, column in enumerate(columns):
        try:
            for row, case in enumerate(cases):
                found[case.name, column.key] = maker.make(case, column, cancel=cancel).scores
                progress((place + (row + 1) / len(cases)) / len(columns), column.title)
        except StudioError as fault:
            if cancel is not None and cancel.cancelled:
                raise
            faults[column.key] = str(fault)
            continue
        journal = figures_at(journals[column.run], column.step) if column.run is not None else {}
        scores[column.key] = maker.column_scores(column, journal=journal)
    if columns and not scores:
        raise StudioError(next(iter(faults.values())).rstrip("."))
    return Results(maker, tuple(columns), scores, found, faults)
