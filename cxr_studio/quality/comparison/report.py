"""The report of a comparison: one page with pictures and plots, figures as JSON, tables as CSV."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.events import Progress, silent
from cxr_studio.quality.comparison.results import Results
from cxr_studio.quality.comparison.verdicts import VerdictLog


def write_report(
    folder: Path, results: Results, *, verdicts: VerdictLog | None = None, progress: Progress = silent
) -> Path:
    """Write ``report.html`` (self-contained), ``report.json``, ``cells.csv`` and ``verdicts.csv``; returns the page.

    Args:
        folder: Made where missing; an earlier report in it is replaced.
        results: From ``results.measure``.
        verdicts: The panel's, none by default.
        progress: Called while pictures are drawn.

    Raises:
        WriteError: a file cannot be written.
    """
    raise NotImplementedError
