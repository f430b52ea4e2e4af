"""Marks for location statistics: a tidy CSV, and JAFROC workbooks of the FROC paradigm, a file a kind of reader.

Every image is a case: an original is normal, a changed image has its changes as lesions. A mark on a change is a true
positive, any other a false positive; its rating is the answer's confidence, or 1 where the study asks for none.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from cxr_studio.errors import StatisticsError
from cxr_studio.files import replaced
from cxr_studio.studies.exporters.jafroc import FROC, Mark, MarkedStudy, write_jafroc
from cxr_studio.studies.exporters.tidy import as_text
from cxr_studio.studies.key import REAL
from cxr_studio.studies.marks import MarkedImage

TABLE, DICTIONARY = "marks.csv", "marks-dictionary.csv"

COLUMNS: dict[str, str] = {
    "reader": "pseudonym",
    "origin": "person, simulated or machine",
    "case": "case identifier",
    "source": "file name of the radiograph",
    "condition": "condition of the case, or real",
    "trial": "trial identifier",
    "side": "left, right, or empty for the only image",
    "lesions": "changes in this image, 0 for an original",
    "mark_y": "row of the mark, image pixels; empty without one",
    "mark_x": "column of the mark",
    "lesion": "change under the mark from 1, 0 for none, empty without a mark",
    "confidence": "of the answer, empty without a scale",
}
"""Column → meaning."""


def write_marks(images: Sequence[MarkedImage], folder: Path) -> list[Path]:
    """Write ``marks.csv``, a row an image shown, and ``marks-dictionary.csv``; returns both paths.

    Raises:
        WriteError: they cannot be written.
    """
    rows = [[as_text(value) for value in _cells(image)] for image in images]
    paths = [folder / TABLE, folder / DICTIONARY]
    for path, heading, lines in (
        (paths[0], list(COLUMNS), rows),
        (paths[1], ["column", "meaning"], [list(pair) for pair in COLUMNS.items()]),
    ):
        with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(heading)
            writer.writerows(lines)
    return paths


def write_froc(images: Sequence[MarkedImage], folder: Path) -> list[Path]:
    """Write ``froc-KIND.xlsx``; returns the paths of the workbooks, each followed by that of its table of names.

    Raises:
        StatisticsError: nobody marked anything, or readers saw different images.
        WriteError: a file cannot be written.
    """
    paths: list[Path] = []
    for kind in sorted({image.origin for image in images}):
        own = [image for image in images if image.origin == kind]
        if any(image.mark for image in own):
            paths += write_jafroc(as_froc(own), folder / f"froc-{kind}")
    if not paths:
        raise StatisticsError("no reader has marked anything", remedy='Ask for marks in the protocol: "answer.mark"')
    return paths


def as_froc(images: Sequence[MarkedImage]) -> MarkedStudy:
    """Marks of one kind of reader, crossed: every reader sees every case in every condition.

    Raises:
        StatisticsError: they do not.
    """
    conditions = sorted({image.condition for image in images} - {REAL}) or [REAL]
    one = len(conditions) == 1
    lesions: dict[str, tuple[float, ...]] = {}
    seen: dict[tuple[str, str], set[str]] = {}
    marks = []
    for image in images:
        case = f"{image.case if one or image.condition == REAL else image.source} {'changed' if image.lesions else ''}"
        case = case.strip()
        lesions[case] = tuple(1 / image.lesions for _ in range(image.lesions))
        for modality in conditions if image.condition == REAL else [image.condition]:
            seen.setdefault((image.reader, modality), set()).add(case)
            if image.lesion is not None:
                marks.append(Mark(image.reader, modality, case, image.lesion, float(image.confidence or 1)))
    if any(cases != set(lesions) for cases in seen.values()):
        raise StatisticsError(
            "a workbook of marks needs every reader to have judged every case in every condition",
            remedy='Let all readers finish, use order.assignment = "crossed", or write marks.csv (--format marks)',
        )
    return MarkedStudy(FROC, lesions, tuple(marks))


def _cells(image: MarkedImage) -> list[object]:
    y, x = image.mark or (None, None)
    values = {field.name: getattr(image, field.name) for field in fields(image)} | {"mark_y": y, "mark_x": x}
    return [values[name] for name in COLUMNS]
