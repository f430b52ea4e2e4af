"""Whose radiograph a file is."""

from __future__ import annotations

from pathlib import Path


def patient_of(path: Path, header: object) -> str:
    """Whose radiograph it is: DICOM's patient, or the part of an NIH name before the underscore, or the file."""
    known = str(getattr(header, "PatientID", "") or "")
    return known or path.stem.split("_")[0]
