"""``cxr-studio evaluate --generator nodule-texture --images DIR --real DIR``: real nodules beside drawn ones."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from cxr_studio.cli.arguments import WIDE
from cxr_studio.errors import ReadError

if TYPE_CHECKING:
    from rich.table import Table

    from cxr_studio.quality.nodule_appearance import Distribution, Measured
    from cxr_studio.quality.nodule_fit import Fit
    from cxr_studio.quality.shape_observer import ShapeVerdict, Shown

REAL = "Real"

LEAST_HALF = 10
"""Real nodules in each half below which there is no control."""


def run(options: argparse.Namespace) -> int:
    """Measure, print the tables, and write what was asked for."""
    from cxr_studio.cli.progress import bar
    from cxr_studio.files import write_json
    from cxr_studio.quality.appearance_sheet import write_appearance_sheet
    from cxr_studio.quality.highlighting.export import sources
    from cxr_studio.quality.nodule_appearance import (
        BLOB,
        SOURCES,
        distributions,
        drawn_nodules,
        real_nodules,
        write_diameters,
    )
    from cxr_studio.quality.nodule_fit import fitted

    if options.images is None:
        raise ReadError("no images are given", remedy="Give --images DIR, a folder of healthy radiographs")
    healthy = sources(options.images)
    with bar() as progress:
        found = {REAL: real_nodules(options.real, progress=progress)}
        for title in (*SOURCES, BLOB):
            found[title] = drawn_nodules(title, found[REAL], healthy, device=options.device, progress=progress)
    rows = [row for title, group in found.items() for row in distributions(title, group, found[REAL])]
    fits = [fitted(title, found[title], found[REAL]) for title in SOURCES]
    verdicts = _verdicts(found)
    print_distributions(rows)
    print_fits(fits)
    print_verdicts(verdicts)
    if options.json:
        parts: dict[str, Sequence[Distribution | Fit | ShapeVerdict]] = {
            "appearance": rows,
            "fits": fits,
            "shape_observer": verdicts,
        }
        write_json(options.json, {name: [asdict(one) for one in part] for name, part in parts.items()})
        print(f"Figures: {options.json}")
    if options.diameters:
        write_diameters(options.diameters, found[REAL])
        print(f"Diameters in mm: {options.diameters}")
    if options.sheet:
        write_appearance_sheet(options.sheet, found)
        print(f"Sheet: {options.sheet} (from above: {', '.join(found)})")
    return 0


def _verdicts(found: dict[str, list[Measured]]) -> list[ShapeVerdict]:
    """Every source against the real ones and against CT superposition, and a control: real ones against each other."""
    from cxr_studio.quality.shape_observer import told_apart

    shown = {title: [one.shown for one in group] for title, group in found.items()}
    halves = [[one for k, one in enumerate(_by_patient(shown[REAL])) if k % 2 == half] for half in (0, 1)]
    enough = min(len(half) for half in halves) >= LEAST_HALF
    verdicts = [told_apart(("Real, one half", "real, the other"), *halves)] if enough else []
    superposed = next(title for title in found if title != REAL)
    for base in (REAL, superposed):
        for title in found:
            if title not in (REAL, base):
                verdicts.append(told_apart((title, base), shown[title], shown[base]))
    return verdicts


def _by_patient(shown: list[Shown]) -> list[Shown]:
    return sorted(shown, key=lambda one: one.patient)


def print_distributions(rows: list[Distribution]) -> None:
    """Print a row a source and quantity."""
    from cxr_studio.quality.nodule_appearance import QUANTITIES

    table = _table("Nodules measured alike; intervals by patient")
    for title in ("Quantity", "Source", "Nodules", "Median (5 to 95 %)", "KS distance from real"):
        table.add_column(title, no_wrap=True)
    for quantity, words in QUANTITIES.items():
        scale = 100.0 if "%" in words else 1.0
        for row in [row for row in rows if row.quantity == quantity]:
            middle = f"{scale * row.median:.2f} ({scale * row.low:.2f} to {scale * row.high:.2f})"
            apart = f"{row.distance:.2f} ({row.distance_low:.2f} to {row.distance_high:.2f})"
            table.add_row(words, row.title, str(row.count), middle, "" if row.title == REAL else apart)
    _print(table)


def print_fits(fits: list[Fit]) -> None:
    """Print by how much real nodules differ from drawn ones."""
    table = _table("Real over generated, ratio of medians; 95 % intervals by patient")
    for title in ("Source", "Contrast", "Edge", "Minor over major axis"):
        table.add_column(title, no_wrap=True)
    for fit in fits:
        table.add_row(fit.title, *(str(part) for part in (fit.contrast, fit.edge, fit.ratio)))
    _print(table)


def print_verdicts(verdicts: list[ShapeVerdict]) -> None:
    """Print how well the shape observer tells each source."""
    table = _table("ROC area by shape alone (0.5 = indistinguishable); cross-validated by patient")
    for title in ("Source", "From", "Nodules", "ROC area", "95 % interval"):
        table.add_column(title, no_wrap=True)
    for one in verdicts:
        counts = f"{one.counts[0]} + {one.counts[1]}"
        table.add_row(one.title, one.against, counts, f"{one.area:.2f}", f"{one.low:.2f} to {one.high:.2f}")
    _print(table)


def _table(title: str) -> Table:
    from rich.table import Table

    return Table(title=title, box=None, pad_edge=False)


def _print(table: Table) -> None:
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else WIDE).print(table)
