"""Hard-example mining (Shen et al.): which diameters to draw, by what a detector missed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cxr_studio.detection.by_size import Outcome, size_of, unit_of
from cxr_studio.errors import StatisticsError
from cxr_studio.files import replaced

Among = Literal["missed", "all"]
"""Whose diameters are drawn from: the missed nodules', as in the paper, or all nodules', the control."""


@dataclass(frozen=True)
class Mined:
    """Diameters of a detector's nodules.

    Attributes:
        unit: "mm" where every diameter is known in mm, else "px".
        found: Of the nodules that were found.
        missed: Of those that were missed.
    """

    unit: str
    found: tuple[float, ...]
    missed: tuple[float, ...]

    def sizes(self, among: Among) -> tuple[float, ...]:
        """Diameters to draw from, each with equal chance.

        Raises:
            StatisticsError: none was missed.
        """
        if among == "all":
            return self.found + self.missed
        if not self.missed:
            remedy = "Choose a lower --rate, or draw from all with --among all"
            raise StatisticsError("the detector missed no nodule, so there is nothing to draw more of", remedy=remedy)
        return self.missed


def mined(results: Sequence[Outcome]) -> Mined:
    """Sort the diameters of found and of missed nodules.

    Args:
        results: Every nodule at one operating point.
    """
    unit = unit_of([one.finding for one in results])
    found, missed = (tuple(size_of(o.finding, unit) for o in results if o.found is kind) for kind in (True, False))
    return Mined(unit, found, missed)


def write_diameters(path: Path, sizes: Sequence[float], unit: str) -> None:
    """Write the column that ``--diameter file:PATH`` draws from, atomically."""
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([f"diameter_{unit}"])
        writer.writerows([f"{size:.3f}"] for size in sizes)
