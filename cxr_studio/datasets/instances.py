"""Which file holds which DICOM image: objects name images by their SOP Instance UID, not by file."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxr_studio.datasets.listing import is_dicom

TAGS = ["SOPClassUID", "SOPInstanceUID", "PatientID", "Rows", "Columns"]


@dataclass(frozen=True)
class Instance:
    """One DICOM file.

    Attributes:
        path: Where it is.
        kind: SOP Class UID.
        uid: SOP Instance UID.
        patient: Patient ID, "" where it has none.
        shape: Rows and columns, zeros where it is no image.
    """

    path: Path
    kind: str
    uid: str
    patient: str
    shape: tuple[int, int]


def instances_of(paths: Iterable[Path]) -> dict[str, Instance]:
    """The DICOM files among these by SOP Instance UID; of two with one UID the first. Others are left out."""
    found: dict[str, Instance] = {}
    for path in paths:
        instance = instance_of(path)
        if instance is not None and instance.uid:
            found.setdefault(instance.uid, instance)
    return found


def instance_of(path: Path) -> Instance | None:
    """What a file says it is, read from its header alone; None where it is no readable DICOM file."""
    if not is_dicom(path):
        return None
    import pydicom

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=TAGS)
            shape = int(header.get("Rows") or 0), int(header.get("Columns") or 0)
            kind, uid, patient = (_text(header, tag) for tag in TAGS[:3])
    except Exception:  # pydicom raises many kinds on damaged files
        return None
    return Instance(path, kind, uid, patient, shape)


def _text(header: Any, keyword: str) -> str:
    return str(header.get(keyword) or "")
