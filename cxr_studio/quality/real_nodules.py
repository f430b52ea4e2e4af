"""Real nodules beside drawn ones: tables of how each source looks, and whether a shape observer separates them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from cxr_studio.quality import nodule_appearance
from cxr_studio.quality.appearance_sheet import write_appearance_sheet
from cxr_studio.quality.highlighting.export import sources
from cxr_studio.quality.judging import Report, Run, TextTable
from cxr_studio.quality.nodule_appearance import (
    BLOB,
    QUANTITIES,
    Distribution,
    Measured,
    distributions,
    drawn_nodules,
    real_nodules,
    write_diameters,
)
from cxr_studio.quality.nodule_fit import Fit, fitted
from cxr_studio.quality.shape_observer import ShapeVerdict, Shown, told_apart

REAL = "Real"

LEAST_HALF = 10
"""Real nodules in each half below which there is no control."""


def beside_real_nodules(images: Path, real: Path, run: Run) -> Report:
    """Measure real nodules and those of every source alike.

    Args:
        images: Healthy radiographs to draw into.
        real: Radiographs with nodules and a ``boxes.csv``.
        run: Where.

    Raises:
        StudioError: a folder or a table cannot be read.
    """
    healthy = sources(images)
    found = {REAL: real_nodules(real, progress=run.progress)}
    for title in (*nodule_appearance.sources(), BLOB):
        found[title] = drawn_nodules(title, found[REAL], healthy, device=run.device, progress=run.progress)
    rows = [row for title, group in found.items() for row in distributions(title, group, found[REAL])]
    fits = [fitted(title, found[title], found[REAL]) for title in nodule_appearance.sources()]
    verdicts = _verdicts(found)
    figures: dict[str, Sequence[Distribution | Fit | ShapeVerdict]] = {
        "appearance": rows,
        "fits": fits,
        "shape_observer": verdicts,
    }
    return Report(
        (_distribution_table(rows), _fit_table(fits), _verdict_table(verdicts)),
        {name: [asdict(one) for one in part] for name, part in figures.items()},
        {"diameters": partial(_diameters, found[REAL]), "sheet": partial(_sheet, found)},
    )


def _verdicts(found: dict[str, list[Measured]]) -> list[ShapeVerdict]:
    """Every source against the real ones and against CT superposition, and a control: real ones against each other."""
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


def _distribution_table(rows: Sequence[Distribution]) -> TextTable:
    """A row a source and quantity."""
    found = []
    for quantity, words in QUANTITIES.items():
        scale = 100.0 if "%" in words else 1.0
        for row in [row for row in rows if row.quantity == quantity]:
            middle = f"{scale * row.median:.2f} ({scale * row.low:.2f} to {scale * row.high:.2f})"
            apart = f"{row.distance:.2f} ({row.distance_low:.2f} to {row.distance_high:.2f})"
            found.append((words, row.title, str(row.count), middle, "" if row.title == REAL else apart))
    columns = ("Quantity", "Source", "Nodules", "Median (5 to 95 %)", "KS distance from real")
    return TextTable("Nodules measured alike; intervals by patient", columns, tuple(found), words=2)


def _fit_table(fits: Sequence[Fit]) -> TextTable:
    """By how much real nodules differ from drawn ones."""
    rows = tuple((fit.title, *(str(part) for part in (fit.contrast, fit.edge, fit.ratio))) for fit in fits)
    title = "Real over generated, ratio of medians; 95 % intervals by patient"
    return TextTable(title, ("Source", "Contrast", "Edge", "Minor over major axis"), rows)


def _verdict_table(verdicts: Sequence[ShapeVerdict]) -> TextTable:
    """How well the shape observer separates each source."""
    rows = tuple(
        (
            one.title,
            one.against,
            f"{one.counts[0]} + {one.counts[1]}",
            f"{one.area:.2f}",
            f"{one.low:.2f} to {one.high:.2f}",
        )
        for one in verdicts
    )
    title = "ROC area by shape alone (0.5 = indistinguishable); cross-validated by patient"
    return TextTable(title, ("Source", "From", "Nodules", "ROC area", "95 % interval"), rows, words=2)


def _diameters(real: Sequence[Measured], path: Path) -> str:
    write_diameters(path, real)
    return "in mm"


def _sheet(found: Mapping[str, Sequence[Measured]], path: Path) -> str:
    write_appearance_sheet(path, found)
    return f"from above: {', '.join(found)}"
