"""What a detector misses, by attribute: how often nodules of each margin, density, subtlety or position are found."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from cxr_studio.detection.by_size import Outcome
from cxr_studio.detection.hard_examples import Among
from cxr_studio.errors import StatisticsError
from cxr_studio.files import replaced
from cxr_studio.metrics.by_patient import Estimate, estimate, means, patient_counts
from cxr_studio.nodules.conspicuity import conspicuity
from cxr_studio.nodules.measuring import measure
from cxr_studio.nodules.places import allowed_area
from cxr_studio.nodules.subtlety import grade_of
from cxr_studio.nodules.zones import zone_of
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.reading import read_radiograph

Attribute = Literal["margin", "density", "subtlety", "position"]

ATTRIBUTES: tuple[Attribute, ...] = ("margin", "density", "subtlety", "position")

UNKNOWN = ""
"""Stands for a value that nobody knows."""

Named = Callable[[Outcome], str]
"""The value of an attribute of a nodule, or UNKNOWN."""


@dataclass(frozen=True)
class Cell:
    """Nodules of one value.

    Attributes:
        value: E.g. "spiculated"; UNKNOWN where it is not known.
        found: Of them.
        missed: Of them.
        share: Found, with its interval by patient.
    """

    value: str
    found: int
    missed: int
    share: Estimate


@dataclass(frozen=True)
class Cells:
    """All nodules by one attribute.

    Attributes:
        attribute: Which.
        values: Of every nodule, in the order of the outcomes.
        outcomes: The nodules.
    """

    attribute: Attribute
    values: tuple[str, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def table(self) -> list[Cell]:
        """A cell a value, in their order, those of unknown value last."""
        order = sorted(set(self.values), key=lambda value: (value == UNKNOWN, value))
        return [self._cell(value) for value in order]

    def drawn_from(self, among: Among) -> list[str]:
        """Values to draw from, each with equal chance: those of the missed nodules, or of all.

        Raises:
            StatisticsError: none was missed, or the value of none of them is known.
        """
        of = [(value, one) for value, one in zip(self.values, self.outcomes, strict=True)]
        chosen = [value for value, one in of if among == "all" or not one.found]
        if not chosen:
            remedy = "Choose a lower --rate, or draw from all with --among all"
            raise StatisticsError("the detector missed no nodule, so there is nothing to draw more of", remedy=remedy)
        known = [value for value in chosen if value != UNKNOWN]
        if not known:
            remedy = f"Give a manifest with a column {self.attribute}, or mine by another attribute"
            raise StatisticsError(f"of no missed nodule the {self.attribute} is known", remedy=remedy)
        return known

    def _cell(self, value: str) -> Cell:
        own = [one for name, one in zip(self.values, self.outcomes, strict=True) if name == value]
        counts = patient_counts([one.entry.patient for one in own])
        found = sum(one.found for one in own)
        share = estimate(means(np.array([float(one.found) for one in own]), counts))
        return Cell(value, found, len(own) - found, share)


def cells_by(attribute: Attribute, results: Sequence[Outcome], folder: Path) -> Cells:
    """Sort nodules by an attribute.

    A margin and a density are what the manifest says. A subtlety that it does not say is measured on the radiograph:
    the grade of the conspicuity of the spot that fits into the box. A position is that of the box's middle.

    Args:
        attribute: By which.
        results: Every nodule at one operating point.
        folder: Of the manifest.

    Raises:
        ReadError: a radiograph that is needed cannot be read.
    """
    images = _Images(folder)
    named: dict[Attribute, Named] = {
        "margin": lambda one: one.finding.margin,
        "density": lambda one: one.finding.density,
        "subtlety": lambda one: _subtlety(one, images),
        "position": lambda one: _position(one, images),
    }
    return Cells(attribute, tuple(named[attribute](one) for one in results), tuple(results))


def write_cells(table: Sequence[Cell], attribute: Attribute, path: Path) -> None:
    """Write a row a value, atomically: found, missed, share found with its interval by patient."""
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow((attribute, "found", "missed", "share_found", "low", "high"))
        for cell in table:
            share = (f"{value:.4f}" for value in (cell.share.value, cell.share.low, cell.share.high))
            writer.writerow((cell.value or "unknown", cell.found, cell.missed, *share))


def write_values(values: Sequence[str], attribute: Attribute, path: Path) -> None:
    """Write the column that ``file:PATH`` of an attribute draws from, atomically."""
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([attribute])
        writer.writerows([value] for value in values)


class _Images:
    """Radiographs of a manifest, the last one kept: nodules of one radiograph follow each other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last: tuple[str, Radiograph] | None = None

    def of(self, file: str) -> Radiograph:
        """One of them."""
        if self._last is None or self._last[0] != file:
            self._last = file, read_radiograph(self._folder / file)
        return self._last[1]


def _subtlety(one: Outcome, images: _Images) -> str:
    if one.finding.subtlety is not None:
        return str(one.finding.subtlety)
    y0, x0, y1, x1 = one.finding.box
    pixels = images.of(one.entry.file).pixels
    seen = measure(pixels, (int(y0), int(x0), int(np.ceil(y1)), int(np.ceil(x1))))
    grade = None if seen is None else grade_of(conspicuity(pixels, seen.y, seen.x, seen.diameter))
    return UNKNOWN if grade is None else str(grade)


def _position(one: Outcome, images: _Images) -> str:
    y0, x0, y1, x1 = one.finding.box
    return zone_of(allowed_area(images.of(one.entry.file)), (y0 + y1) / 2, (x0 + x1) / 2).name
