"""The manifest as a CSV: a row a finding, and one without a finding for a radiograph that has none."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from cxr_studio.datasets.entries import Entry, Finding, Manifest, grouped
from cxr_studio.datasets.looks import OF_LOOK, OF_MAKING, known_of
from cxr_studio.datasets.tables import Row, read_rows, rectangle, refused
from cxr_studio.errors import ReadError
from cxr_studio.files import replaced

WHAT = "the manifest"

OF_ENTRY = ("file", "source", "patient", "split", "width", "height", "sha256")
OF_FINDING = ("finding", "x0", "y0", "x1", "y1", *OF_MAKING, *OF_LOOK)
COLUMNS = OF_ENTRY + OF_FINDING
"""Boxes are half-open, in pixels; ``synthetic`` is 1 or 0; other columns may follow and are not read."""


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises:
        ReadError: unreadable, a column is missing, a line is wrong, or two lines of one file disagree on its patient or
            split.
    """
    rows = []
    for number, row in read_rows(path, ("file", "patient", "finding", "x0", "y0", "x1", "y1"), what=WHAT):
        try:
            rows.append((_entry(row), _finding(row)))
        except ValueError as fault:
            raise refused(path, number, fault, what=WHAT) from fault
    _refuse_contradictions(path, (entry for entry, _ in rows))
    return Manifest(path.parent, grouped(rows))


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write a manifest whose folder is that of ``path``, atomically.

    Raises:
        WriteError: it cannot be written.
    """
    write_rows(path, rows_of(manifest.entries))


def rows_of(entries: Iterable[Entry]) -> list[list[object]]:
    """The rows of ``COLUMNS``."""
    rows: list[list[object]] = []
    for entry in entries:
        own: list[object] = [entry.file, entry.source, entry.patient, entry.split]
        own += [entry.width or "", entry.height or "", entry.sha256]
        rows += [own + _cells(finding) for finding in entry.findings] or [own + [""] * len(OF_FINDING)]
    return rows


def write_rows(path: Path, rows: Iterable[Sequence[object]], *, more: Sequence[str] = ()) -> None:
    """Write rows of ``COLUMNS`` and of more columns behind them, atomically."""
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow((*COLUMNS, *more))
        writer.writerows(rows)


def _cells(finding: Finding) -> list[object]:
    y0, x0, y1, x1 = finding.box
    sizes = ["" if size is None else size for size in (finding.diameter_px, finding.diameter_mm)]
    look = [getattr(finding, name) for name in OF_LOOK]
    cells = [finding.label, x0, y0, x1, y1, *sizes, int(finding.synthetic), finding.generator, *look]
    return ["" if cell is None else cell for cell in cells]


def _entry(row: Row) -> Entry:
    width, height = (int(row.get(name) or 0) for name in ("width", "height"))
    if not row["file"] or not row["patient"]:
        raise ValueError("it lacks a file or a patient")
    split, source, sha256 = (row.get(name, "") for name in ("split", "source", "sha256"))
    return Entry(row["file"].replace("\\", "/"), row["patient"], split, source, sha256, width, height)


def _finding(row: Row) -> Finding | None:
    if not row["finding"]:
        return None
    x0, y0, x1, y1 = (float(row[name]) for name in ("x0", "y0", "x1", "y1"))
    return Finding(row["finding"].lower(), rectangle(y0, x0, y1, x1), **known_of(row))


def _refuse_contradictions(path: Path, entries: Iterable[Entry]) -> None:
    known: dict[str, Entry] = {}
    for entry in entries:
        first = known.setdefault(entry.file, entry)
        for name in ("patient", "split"):
            if getattr(first, name) != getattr(entry, name):
                what = f"{entry.file} has two {name}s, {getattr(first, name)} and {getattr(entry, name)}"
                raise ReadError(what, file=path, remedy="Keep one")
