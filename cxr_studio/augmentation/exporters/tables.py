"""Tables: NODE21's ``metadata.csv``, and the manifest with everything that is known."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from cxr_studio.augmentation.job import IMAGES
from cxr_studio.augmentation.record import Nodule, Record
from cxr_studio.datasets.entries import NODULE, Entry, Finding
from cxr_studio.datasets.manifest_csv import rows_of, write_rows
from cxr_studio.files import replaced

NODE21_HEADER = ("", "height", "img_name", "label", "width", "x", "y")
"""As in the challenge's file: an unnamed index first; x and y are the box's upper left corner in pixels."""

MADE = ("source_sha256", "spacing", "selected", "area_px", "mask_sha256", "seed", "checkpoint_sha256", "placement")
"""Columns of how a nodule was made, behind those of the manifest."""


def write_node21(records: Sequence[Record], folder: Path) -> Path:
    """Write ``metadata.csv``: a row a nodule, label 1; images without one have a row of zeros."""
    rows = []
    for record in records:
        boxes = [nodule.box for nodule in record.nodules]
        rows += [(y1 - y0, record.file, 1, x1 - x0, x0, y0) for x0, y0, x1, y1 in boxes]
        if not boxes:
            rows.append((0, record.file, 0, 0, 0, 0))
    path = folder / "metadata.csv"
    _put(path, NODE21_HEADER, ((number, *row) for number, row in enumerate(rows)))
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
        tuple(_finding(nodule) for nodule in record.nodules),
        record.index + 1,
    )


def _finding(nodule: Nodule) -> Finding:
    x0, y0, x1, y1 = nodule.box
    made = nodule.placement
    return Finding(
        NODULE,
        (y0, x0, y1, x1),
        nodule.diameter_px,
        nodule.diameter_mm,
        True,
        str(made["generator"]),
        float(str(made["subtlety"])),
    )


def _made(record: Record) -> list[tuple[list[object], list[object]]]:
    """Every row of an image, and the cells of ``MADE`` in it."""
    selected = "" if record.selected is None else json.dumps(record.selected, sort_keys=True)
    own: list[object] = [record.source_sha256, record.spacing, selected]
    more = [
        [*own, n.area, n.mask_sha256, n.placement["seed"], n.checkpoint_sha256, json.dumps(n.placement, sort_keys=True)]
        for n in record.nodules
    ]
    none = [*own, *[""] * (len(MADE) - len(own))]
    return list(zip(rows_of([entry_of(record)]), more or [none], strict=True))


def _put(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
