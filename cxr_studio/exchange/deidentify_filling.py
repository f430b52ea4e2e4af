"""Burned-in text filled on the way out: with the generator that fills any other mask."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cxr_studio.exchange.deidentify_burned_in import BurnedIn, burned_in_mask
from cxr_studio.files import replaced
from cxr_studio.generation.session import Session
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.restore.fill import fill
from cxr_studio.restore.options import FillOptions
from cxr_studio.settings import DEFAULT_GENERATOR

IDENTITY = ("SOPInstanceUID", "SeriesInstanceUID", "SeriesNumber", "InstanceNumber", "SeriesDescription")
"""What makes a filled image the one that objects refer to."""


def filled(radiograph: Radiograph, regions: Sequence[BurnedIn], generator: str = DEFAULT_GENERATOR) -> Session:
    """A session in which these regions are filled.

    Raises:
        StudioError: the generator failed.
    """
    session = Session(radiograph)
    session.apply_mask(burned_in_mask(regions, radiograph.shape), "Burned-in text")
    session.accept(fill(session.request(FillOptions(generator), session.mask)), "Burned-in text")
    return session


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
