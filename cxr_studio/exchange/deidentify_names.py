"""Whether radiographs name their patients."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

from cxr_studio.datasets.listing import is_dicom

LOOKED_AT = ("PatientName", "PatientBirthDate", "PatientIdentityRemoved")


def first_named(paths: Iterable[Path]) -> Path | None:
    """Return the first DICOM file that has a patient's name or birth date and does not say that they were taken out."""
    return next((path for path in paths if is_dicom(path) and _named(path)), None)


def _named(path: Path) -> bool:
    import pydicom

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            header = pydicom.dcmread(path, specific_tags=list(LOOKED_AT), stop_before_pixels=True)
            stated = str(header.get("PatientName") or header.get("PatientBirthDate") or "").strip()
            return bool(stated) and header.get("PatientIdentityRemoved") != "YES"
        except Exception:  # pydicom raises many kinds on damaged files; reading the pixels says what is wrong
            return False
