"""Which nodules are found: sensitivity by diameter at one operating point, and the list of the missed."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from cxr_studio.datasets.entries import Entry, Finding
from cxr_studio.detection.matching import Matching
from cxr_studio.detection.scores import NODE21_RATE
from cxr_studio.errors import StudioError
from cxr_studio.files import replaced
from cxr_studio.metrics.by_patient import Estimate, estimate, means, patient_counts
from cxr_studio.metrics.froc import curves

EDGES_MM = (5.0, 10.0, 15.0, 20.0, 30.0, 40.0)
COLUMNS = ("file", "patient", "found", "score", "diameter_px", "diameter_mm", "x0", "y0", "x1", "y1")


@dataclass(frozen=True)
class Outcome:
    """What became of one finding.

    Attributes:
        entry: The radiograph.
        finding: In it.
        score: Of the detection that hits it, -inf without one.
        found: Whether that is at or above the threshold.
    """

    entry: Entry
    finding: Finding
    score: float
    found: bool


@dataclass(frozen=True)
class Bin:
    """Findings of a range of diameters.

    Attributes:
        low: From, in ``unit``.
        high: To, not included.
        unit: "mm" where every diameter is known in mm, else "px".
        count: Findings.
        found: Share found.
    """

    low: float
    high: float
    unit: str
    count: int
    found: Estimate


def operating_threshold(matching: Matching, rate: float = NODE21_RATE) -> float:
    """Least score that counts at ``rate`` false positives an image; inf where none may."""
    return curves(matching.matched, np.ones((1, matching.matched.images))).threshold_at(rate)


def outcomes(matching: Matching, threshold: float) -> list[Outcome]:
    """Every finding, found or missed at a threshold."""
    ratings = matching.matched.ratings()
    return [
        Outcome(entry, finding, float(score), bool(score >= threshold))
        for (entry, finding), score in zip(matching.lesions, ratings, strict=True)
    ]


def unit_of(findings: Sequence[Finding]) -> str:
    """ "mm" where all say it, else "px"."""
    return "mm" if findings and all(finding.diameter_mm is not None for finding in findings) else "px"


def size_of(finding: Finding, unit: str) -> float:
    """Diameter in a unit.

    Raises:
        StudioError: it is unknown in mm.
    """
    if unit == "px":
        return finding.size_px
    if finding.diameter_mm is None:
        raise StudioError("a diameter in mm is unknown", remedy="Use pixels")
    return finding.diameter_mm


def by_diameter(results: Sequence[Outcome]) -> list[Bin]:
    """Sensitivity by diameter: between ``EDGES_MM``, or in fifths of the findings where only pixels are known."""
    unit = unit_of([one.finding for one in results])
    sizes = np.array([size_of(one.finding, unit) for one in results])
    edges = [0.0, *EDGES_MM, np.inf] if unit == "mm" else _fifths(sizes)
    bins = []
    for low, high in pairwise(edges):
        own = [one for one, size in zip(results, sizes, strict=True) if low <= size < high]
        if own:
            counts = patient_counts([one.entry.patient for one in own])
            share = estimate(means(np.array([float(one.found) for one in own]), counts))
            bins.append(Bin(float(low), float(high), unit, len(own), share))
    return bins


def write_outcomes(results: Sequence[Outcome], path: Path) -> None:
    """Write a row a finding, atomically; ``score`` is empty where no detection hits it."""
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for one in results:
            y0, x0, y1, x1 = one.finding.box
            score = f"{one.score:.6g}" if np.isfinite(one.score) else ""
            millimetres = "" if one.finding.diameter_mm is None else f"{one.finding.diameter_mm:.2f}"
            sizes = (f"{one.finding.size_px:.2f}", millimetres)
            writer.writerow((one.entry.file, one.entry.patient, int(one.found), score, *sizes, x0, y0, x1, y1))


def _fifths(sizes: np.ndarray) -> list[float]:
    edges = [float(edge) for edge in np.unique(np.quantile(sizes, np.linspace(0, 1, 6)))]
    return [*edges[:-1], np.inf] if len(edges) > 1 else [edges[0], np.inf]
