"""Cells of the experiments' tables, and the pages and files that they are written to."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

from cxr_studio.files import replaced, write_json
from cxr_studio.metrics.by_patient import Estimate
from cxr_studio.pages import picture_address
from cxr_studio.quality.benchmark.page import Page, write_page
from cxr_studio.quality.benchmark.sections import NONE

ESTIMATE_COLUMNS = ("row", "figure", "value", "low", "high", "p")


def number(value: float, *, signed: bool = False) -> str:
    """Three digits behind the point, or a dash; a minus sign is one, not a hyphen."""
    return _minus(f"{round(value, 3) + 0.0:{'+' if signed else ''}.3f}") if isfinite(value) else NONE


def interval(one: Estimate, *, signed: bool = False) -> str:
    """``low to high``, or nothing."""
    return f"{number(one.low, signed=signed)} to {number(one.high, signed=signed)}" if isfinite(one.low) else ""


def tested(one: Estimate) -> str:
    """An interval of a difference with its p."""
    return (
        f"{interval(one, signed=True)}, p {_minus(f'{one.p:.2g}')}" if isfinite(one.p) else interval(one, signed=True)
    )


def spread(mean: float, deviation: float, digits: int = 3) -> str:
    """``mean ± SD``."""
    if not isfinite(mean):
        return NONE
    shown = _minus(f"{mean:.{digits}f}")
    return f"{shown} ± {deviation:.{digits}f}" if isfinite(deviation) else shown


def plain(value: Any) -> Any:
    """As JSON takes it: what is unknown is null."""
    if isinstance(value, Estimate):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def write_estimates(path: Path, rows: Iterable[tuple[str, str, Estimate]]) -> None:
    """Write ``ESTIMATE_COLUMNS``, atomically; what is unknown is empty."""
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(ESTIMATE_COLUMNS)
        for row, figure, one in rows:
            numbers = (f"{value:.6g}" if isfinite(value) else "" for value in (one.value, one.low, one.high, one.p))
            writer.writerow((row, figure, *numbers))


def write_report(folder: Path, page: Page, figures: Any, estimates: Iterable[tuple[str, str, Estimate]]) -> Path:
    """Write ``report.html``, ``report.json`` and ``report.csv``; returns the first."""
    write_page(folder / "report.html", page)
    write_json(folder / "report.json", plain(figures))
    write_estimates(folder / "report.csv", estimates)
    return folder / "report.html"


def picture(path: Path) -> str:
    """A picture as a page shows it."""
    from PIL import Image

    with Image.open(path) as image:
        return picture_address(image)


def _minus(figure: str) -> str:
    return figure.replace("-", "−")


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
