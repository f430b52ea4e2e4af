"""Tables: NODE21's ``metadata.csv``, and the manifest with everything that is known."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from cxr_studio.augmentation.record import Record
from cxr_studio.files import replaced

NODE21_HEADER = ("", "height", "img_name", "label", "width", "x", "y")
"""As in the challenge's file: an unnamed index first; x and y are the box's upper left corner in pixels."""


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
    """Write ``manifest.csv``: a row a nodule, with source, patient, split and how it was made."""
    header = ("image", "source", "source_sha256", "patient", "split", "x0", "y0", "x1", "y1", "diameter_px")
    more = ("diameter_mm", "spacing", "area_px", "mask_sha256", "seed", "subtlety", "generator")
    last = ("checkpoint_sha256", "placement")
    rows = (
        (
            *(record.file, record.source, record.source_sha256, record.patient, record.split),
            *nodule.box,
            nodule.diameter_px,
            "" if nodule.diameter_mm is None else nodule.diameter_mm,
            *(record.spacing, nodule.area, nodule.mask_sha256),
            *(nodule.placement[name] for name in ("seed", "subtlety", "generator")),
            nodule.checkpoint_sha256,
            json.dumps(nodule.placement, sort_keys=True),
        )
        for record in records
        for nodule in record.nodules
    )
    path = folder / "manifest.csv"
    _put(path, (*header, *more, *last), rows)
    return path


def _put(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with replaced(path) as beside, beside.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)
