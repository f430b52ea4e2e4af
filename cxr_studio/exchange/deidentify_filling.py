"""Burned-in text filled on the way out: with the generator that fills any other mask."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cxr_studio.exchange.deidentify_burned_in import BurnedIn, burned_in_mask
from cxr_studio.exchange.deidentify_radiograph import Deidentification, export_deidentified
from cxr_studio.files import replaced
from cxr_studio.generation.session import Session
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions

IDENTITY = ("SOPInstanceUID", "SeriesInstanceUID", "SeriesNumber", "InstanceNumber", "SeriesDescription")
"""What makes a filled image the one that objects refer to."""


def export_filled(
    radiograph: Radiograph, regions: Sequence[BurnedIn], path: Path, asked: Deidentification, *, patient: str
) -> None:
    """Write a radiograph without its patient and with regions filled; it says that it is partly synthetic.

    Args:
        radiograph: As it was read.
        regions: To fill.
        path: Its ending chooses the format.
        asked: Profile and table.
        patient: Whose it is, or the pseudonym.

    Raises:
        StudioError: the generator failed, or the file cannot be written.
    """
    session = Session(radiograph)
    session.apply_mask(burned_in_mask(regions, radiograph.shape), "Burned-in text")
    session.accept(fill(session.request(FillOptions(), session.mask)), "Burned-in text")
    export_deidentified(session, path, asked, patient=patient)


def take_identity(path: Path, clean: Any) -> None:
    """Give a filled DICOM file the identifiers that the image has without being filled: objects point to those."""
    import pydicom

    filled = pydicom.dcmread(path)
    for keyword in IDENTITY:
        filled.pop(keyword, None)
        if keyword in clean:
            filled[keyword] = clean[keyword]
    filled.pop("SourceImageSequence", None)
    filled.file_meta.MediaStorageSOPInstanceUID = filled.SOPInstanceUID
    with replaced(path) as beside:
        filled.save_as(beside, enforce_file_format=True)
