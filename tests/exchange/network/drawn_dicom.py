"""Small radiographs as DICOM files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, generate_uid


def radiograph(
    *,
    name: str = "Doe^Jane",
    patient: str = "P1",
    study: str = "",
    series: str = "",
    day: str = "20260314",
    side: int = 32,
) -> Dataset:
    """A digital radiograph of noise; uids are new where none are given."""
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID, made.SOPInstanceUID = DigitalXRayImageStorageForPresentation, generate_uid()
    made.StudyInstanceUID, made.SeriesInstanceUID = study or generate_uid(), series or generate_uid()
    made.PatientName, made.PatientID, made.StudyDate, made.AccessionNumber = name, patient, day, f"A{patient}"
    made.Modality, made.StudyDescription, made.SeriesDescription = "DX", "Thorax", "Chest p.a."
    made.SeriesNumber = made.InstanceNumber = "1"
    made.Rows = made.Columns = side
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PixelRepresentation = 1, "MONOCHROME2", 0
    made.BitsAllocated, made.BitsStored, made.HighBit = 16, 12, 11
    made.PixelData = np.random.default_rng(5).integers(0, 4096, (side, side), np.uint16).tobytes()
    return made


def written(dataset: Dataset, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{dataset.SOPInstanceUID}.dcm"
    pydicom.dcmwrite(path, dataset, enforce_file_format=True)
    return path


def series_of(count: int, folder: Path, **words: str) -> list[Path]:
    """The files of one series."""
    study, series = generate_uid(), generate_uid()
    return [written(radiograph(study=study, series=series, **words), folder) for _ in range(count)]  # type: ignore[arg-type]


def body(path: Path) -> bytes:
    """Everything behind the file's own header: what must come back byte for byte."""
    content = path.read_bytes()
    meta = pydicom.filereader.read_file_meta_info(path)
    return content[128 + 4 + 12 + meta.FileMetaInformationGroupLength :]
