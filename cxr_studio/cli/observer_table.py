"""The tables of ``cxr-studio evaluate --observer``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import WIDE

if TYPE_CHECKING:
    from rich.table import Table as RichTable

    from cxr_studio.metrics.by_patient import Estimate, Spread
    from cxr_studio.networks.observers.network import Kind
    from cxr_studio.quality.observers.structure import Structure
    from cxr_studio.quality.observers.table import Table

STRUCTURE_WIDE = 140
"""Columns of the tables of structure where they are not printed on a terminal."""


def print_table(table: Table, kinds: Sequence[Kind]) -> None:
    """Print how often each observer picks the original, then structure."""
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else WIDE)
    console.print(_observer_table(table, kinds))
    if table.structure:
        wide = Console(width=None if sys.stdout.isatty() else STRUCTURE_WIDE)
        wide.print(*_structure_tables(table.structure), sep="\n")


def _observer_table(table: Table, kinds: Sequence[Kind]) -> RichTable:
    from rich.table import Table as RichTable

    title = f"How often an observer picks the original, {table.test[0]} pairs of {table.test[1]} patients"
    if table.train[0]:
        title += f" (trained on {table.train[0]} holes of {table.train[1]} others)"
    drawn = RichTable(title=f"{title}; 50 % is chance, 95 % intervals by patient", box=None, pad_edge=False)
    drawn.add_column("Fill")
    for kind in kinds:
        drawn.add_column(kind.capitalize(), justify="right", no_wrap=True)
    for row in table.rows:
        rates = (str(row.rates[kind]) for kind in kinds if kind in row.rates)
        drawn.add_row(row.title, *rates, style="dim" if row.control else "")
    return drawn


Columns = tuple[tuple[str, str, int], ...]
"""Figure, heading, decimals."""

LIKENESS: Columns = (
    ("psnr", "PSNR, dB", 2),
    ("ssim", "SSIM", 3),
    ("grain", "Grain", 2),
    ("fine", "1–2 px", 2),
    ("middle", "2–4 px", 2),
    ("coarse", "4–8 px", 2),
    ("variations", "Variations, dB", 1),
)
RIDGES: Columns = (
    ("vessels", "Vessels", 2),
    ("vessels_on", "run on", 2),
    ("ribs", "Ribs", 2),
    ("ribs_on", "run on", 2),
    ("frechet", "Fréchet", 2),
    ("kernel", "Kernel", 2),
)
TITLES = {
    "Likeness: grain and power at each scale, filled over original; PSNR between variations": LIKENESS,
    "Structure: ridges inside over around and across the border; distances from originals; 95 % by patient": RIDGES,
}


def _structure_tables(rows: tuple[Structure, ...]) -> list[RichTable]:
    from rich.table import Table as RichTable

    tables = []
    for title, columns in TITLES.items():
        drawn = RichTable(title=title, box=None, pad_edge=False)
        drawn.add_column("Fill")
        for _, heading, _ in columns:
            drawn.add_column(heading, justify="right", no_wrap=True)
        for row in rows:
            known: dict[str, Estimate | Spread] = {**row.figures, "frechet": row.frechet, "kernel": row.kernel}
            ends = columns is RIDGES
            drawn.add_row(row.title, *(_figure(known[name], places, ends=ends) for name, _, places in columns))
        tables.append(drawn)
    return tables


def _figure(estimate: Estimate | Spread, decimals: int, *, ends: bool) -> str:
    from math import isfinite

    if not isfinite(estimate.value):
        return "–"
    words = f"{estimate.value:.{decimals}f}"
    return f"{words} ({estimate.low:.{decimals}f}–{estimate.high:.{decimals}f})" if ends else words
