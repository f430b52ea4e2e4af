"""Radiographs made in memory, as every kind of file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid


def make_dicom(stored: np.ndarray, *, bits: int | None = None, **tags: object) -> pydicom.Dataset:
    """A minimal digital radiograph; ``tags`` are set last."""
    header = pydicom.Dataset()
    header.file_meta = FileMetaDataset()
    header.SOPClassUID = header.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    header.SOPInstanceUID = header.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    header.StudyInstanceUID, header.SeriesInstanceUID = generate_uid(), generate_uid()
    header.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    header.PatientID, header.Modality, header.ImageType = "P1", "DX", ["ORIGINAL", "PRIMARY"]
    header.PhotometricInterpretation, header.SamplesPerPixel = "MONOCHROME2", 1
    header.Rows, header.Columns = stored.shape[:2]
    header.BitsAllocated = 8 * stored.dtype.itemsize
    header.BitsStored = bits or header.BitsAllocated
    header.HighBit, header.PixelRepresentation = header.BitsStored - 1, int(stored.dtype.kind == "i")
    header.PixelData = np.ascontiguousarray(stored).tobytes()
    for name, value in tags.items():
        setattr(header, name, value)
    return header


@pytest.fixture
def save(tmp_path: Path):
    """Write a data set and return its path."""

    def write(header: pydicom.Dataset, name: str = "image.dcm") -> Path:
        path = tmp_path / name
        header.save_as(path, enforce_file_format=True)
        return path

    return write


@pytest.fixture
def chest(phantom: np.ndarray) -> np.ndarray:
    """The phantom in 12 bits, uint16 [320, 288]."""
    return (phantom >> 4).astype(np.uint16)
