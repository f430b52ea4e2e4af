"""Tables: NODE21's ``metadata.csv``, and the manifest with everything that is known."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from cxr_studio.augmentation.record import IMAGES, Kept, Nodule, Record
from cxr_studio.datasets.entries import NODULE, Entry, Finding
from cxr_studio.datasets.looks import OF_LOOK, look_of
from cxr_studio.datasets.manifest_csv import rows_of, write_rows
from cxr_studio.files import replaced

NODE21_HEADER = ("", "height", "img_name", "label", "width", "x", "y")
"""As in the challenge's file: an unnamed index first; x and y are the box's upper left corner in pixels."""

MADE = (
    *("source_sha256", "spacing", "selected"),
    *("area_px", "mask_sha256", "seed", "checkpoint_sha256", "placement", "measured"),
)
"""Columns of how a finding, or what is around it, was made, behind those of the manifest."""


def write_node21(records: Sequence[Record], folder: Path) -> Path:
    """Write ``metadata.csv``: a row a nodule, label 1; images without a nodule have a row of zeros."""
    rows = []
    for record in records:
        boxes = [finding.box for finding in record.findings if finding.label == NODULE]
        rows += [(y1 - y0, record.file, 1, x1 - x0, x0, y0) for x0, y0, x1, y1 in boxes]
        if not boxes:
            rows.append((0, record.file, 0, 0, 0, 0))
    path = folder / "metadata.csv"
    _put(path, NODE21_HEADER, ((number, *row) for number, row in enumerate(rows)))
    return path


BOX_HEADER = ("image", "finding", "x", "y", "width", "height")
"""As lists of boxes have it that ``datasets.box_list`` reads."""


def write_box_list(records: Sequence[Record], folder: Path) -> Path:
    """Write ``boxes.csv``: a row a finding, upper left corner and size in pixels; images without one have no row."""
    path = folder / "boxes.csv"
    rows = [
        (record.file, found.label, found.box[0], found.box[1], found.box[2] - found.box[0], found.box[3] - found.box[1])
        for record in records
        for found in record.findings
    ]
    _put(path, BOX_HEADER, rows)
    return path


def write_manifest(records: Sequence[Record], folder: Path) -> Path:
    """Write ``manifest.csv``: the columns of ``datasets.manifest_csv`` and, of every nodule, how it was made."""
    path = folder / "manifest.csv"
    write_rows(path, (row + more for record in records for row, more in _made(record)), more=MADE)
    return path


def entry_of(record: Record) -> Entry:
    """What a manifest says of one image."""
    return Entry(
        f"{IMAGES}/{record.file}",
        record.patient,
        record.split,
        record.source,
        record.sha256,
        record.width,
        record.height,
        tuple(finding_of(finding) for finding in record.findings),
        record.index + 1,
    )


def finding_of(found: Nodule | Kept) -> Finding:
    """What a manifest or an annotation says of a finding."""
    x0, y0, x1, y1 = found.box
    if isinstance(found, Kept):
        return Finding(found.label, (y0, x0, y1, x1))
    made = found.placement
    return Finding(
        NODULE,
        (y0, x0, y1, x1),
        found.diameter_px,
        found.diameter_mm,
        True,
        str(made["generator"]),
        **look_of(_looks(found), drawn=True),
    )


def _looks(found: Nodule) -> dict[str, object]:
    """How a nodule looks: contrast, margin, density, subtlety, conspicuity; only what is known."""
    made = found.placement
    known: dict[str, object] = {"contrast": made.get("contrast", made.get("subtlety"))}
    known.update({name: found.measured.get(name) for name in OF_LOOK if name != "contrast"})
    return {name: value for name, value in known.items() if value not in (None, "")}


def _made(record: Record) -> list[tuple[list[object], list[object]]]:
    """Every row of an image, and the cells of ``MADE`` in it."""
    selected = "" if record.selected is None else json.dumps(record.selected, sort_keys=True)
    own: list[object] = [record.source_sha256, record.spacing, selected]
    more = [
        [
            *own,
            *(n.area, n.mask_sha256, n.placement["seed"], n.checkpoint_sha256),
            *(json.dumps(part, sort_keys=True) for part in (n.placement, n.measured)),
        ]
        for n in record.findings
    ]
    none = [*own, *[""] * (len(MADE) - len(own))]
    return list(zip(rows_of([entry_of(record)]), more or [none], strict=True))


def _put(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
