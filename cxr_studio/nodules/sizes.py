"""Diameters to draw from, as a user writes them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from cxr_studio.errors import ReadError, StudioError
from cxr_studio.resources import resource

Unit = Literal["mm", "px"]
REAL = "real"
NUMBER = r"(\d+(?:\.\d+)?)"


@dataclass(frozen=True)
class Diameters:
    """A distribution of diameters.

    Attributes:
        unit: Of the values.
        low: Smallest of a uniform distribution.
        high: Largest of a uniform distribution.
        values: Drawn from with equal chance instead; empty for a uniform distribution.
    """

    unit: Unit
    low: float = 0.0
    high: float = 0.0
    values: tuple[float, ...] = ()

    def draw(self, rng: np.random.Generator) -> float:
        """One diameter in ``unit``."""
        if self.values:
            return float(self.values[int(rng.integers(len(self.values)))])
        return float(rng.uniform(self.low, self.high))


def read_diameters(text: str) -> Diameters:
    """Read ``12mm``, ``uniform:5,30mm``, ``uniform:10,60px``, ``real`` or ``file:DIAMETERS.csv``.

    ``real`` draws from the nodules measured in ChestX-ray14, see resources/nodules/CREDITS.md. The CSV has a column
    ``diameter_mm`` or ``diameter_px``, or one column of numbers in mm.

    Raises:
        StudioError: none of these, or numbers that make no sense.
    """
    if text.startswith("file:"):
        return _from_file(Path(text[5:]))
    if text == REAL:
        return _from_file(resource("nodules", "real-diameters.csv"))
    single = re.fullmatch(NUMBER + "(mm|px)", text)
    if single:
        value = float(single[1])
        return _checked(Diameters("px" if single[2] == "px" else "mm", value, value), text)
    span = re.fullmatch(f"uniform:{NUMBER},{NUMBER}(mm|px)", text)
    if span:
        return _checked(Diameters("px" if span[3] == "px" else "mm", float(span[1]), float(span[2])), text)
    raise StudioError(
        f"the diameters {text!r} are not understood",
        remedy="Write them like 12mm, uniform:5,30mm, uniform:10,60px, real or file:DIAMETERS.csv",
    )


def read_range(text: str, what: str) -> tuple[float, float]:
    """Read ``0.6,1.4``, ``1-3`` or one number.

    Raises:
        StudioError: not one or two numbers, the first the smaller.
    """
    found = re.fullmatch(f"{NUMBER}(?:[,-]{NUMBER})?", text)
    if found:
        low, high = float(found[1]), float(found[2] or found[1])
        if 0 < low <= high:
            return low, high
    raise StudioError(f"the {what} {text!r} is not understood", remedy="Write it like 1-3 or 0.6,1.4")


def read_column(path: Path, name: str) -> list[str]:
    """Cells of a column of a CSV, stripped.

    Raises:
        ReadError: unreadable, or there is no such column.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = [row for row in csv.reader(stream) if row]
        place = [title.strip().lower() for title in rows[0]].index(name)
        return [row[place].strip() for row in rows[1:]]
    except (OSError, ValueError, IndexError, csv.Error) as fault:
        remedy = f"Give a CSV with a column {name}"
        raise ReadError(f"the file holds no column {name}", file=path, remedy=remedy) from fault


def _from_file(path: Path) -> Diameters:
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows = [row for row in csv.reader(stream) if row]
        names = [name.strip().lower() for name in rows[0]]
        column = next((names.index(n) for n in ("diameter_mm", "diameter_px", "diameter") if n in names), None)
        values = tuple(float(row[column or 0]) for row in (rows if column is None else rows[1:]))
    except (OSError, ValueError, IndexError, csv.Error) as fault:
        raise ReadError(
            "the file holds no diameters", file=path, remedy="Give a CSV with a column diameter_mm or diameter_px"
        ) from fault
    unit: Unit = "px" if column is not None and names[column] == "diameter_px" else "mm"
    return _checked(Diameters(unit, values=values), path.name)


def _checked(diameters: Diameters, text: str) -> Diameters:
    values = diameters.values or (diameters.low, diameters.high)
    if not values or min(values) <= 0 or diameters.low > diameters.high:
        raise StudioError(f"the diameters {text!r} are invalid", remedy="Give sizes above 0, the smaller first")
    return diameters
