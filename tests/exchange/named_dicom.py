"""Radiographs with a patient in every corner of their header."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pydicom
from pydicom.dataset import FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

WORDS = (
    "Featherstonehaugh",
    "Marguerite",
    "MRN-774411",
    "ACC-90210",
    "19520307",
    "Quackenbush",
    "Saint Hildegard",
    "Elm Street 12",
    "Zyxwolfram",
    "WS-RAD-07",
    "SN-5566778",
)
"""What must not be found in the bytes of a file."""


def code(value: str, scheme: str, meaning: str) -> pydicom.Dataset:
    item = pydicom.Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def named_dicom(stored: np.ndarray, **tags: object) -> pydicom.Dataset:
    """A digital radiograph with names at all levels; ``tags`` are set last."""
    header = pydicom.Dataset()
    header.file_meta = FileMetaDataset()
    header.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    header.SOPClassUID = header.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    header.SOPInstanceUID = header.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    header.file_meta.SourceApplicationEntityTitle = "WS-RAD-07"
    header.preamble = b"Featherstonehaugh".ljust(128, b"\0")
    header.StudyInstanceUID, header.SeriesInstanceUID = generate_uid(), generate_uid()
    header.FrameOfReferenceUID = generate_uid()
    header.SpecificCharacterSet = "ISO_IR 100"
    header.PatientName, header.PatientID = "Featherstonehaugh^Marguerite", "MRN-774411"
    header.PatientBirthDate, header.PatientSex, header.PatientAge = "19520307", "F", "093Y"
    header.PatientWeight, header.OtherPatientIDs = "61", ["MRN-774411", "X-1"]
    header.AccessionNumber, header.StudyID = "ACC-90210", "ACC-90210"
    header.StudyDate, header.StudyTime = "20240301", "101500"
    header.AcquisitionDate, header.ContentDate, header.ContentTime = "20240301", "20240301", "101600"
    header.AcquisitionDateTime = "20240301101530.25+0100"
    header.DateOfSecondaryCapture = "20240301"
    header.ReferringPhysicianName = header.OperatorsName = "Quackenbush^Ignatius"
    header.InstitutionName, header.InstitutionAddress = "Saint Hildegard", "Elm Street 12"
    header.StationName, header.DeviceSerialNumber = "WS-RAD-07", "SN-5566778"
    header.StudyDescription = "Chest of Marguerite Featherstonehaugh"
    header.ImageComments = "called Dr Quackenbush"
    header.PatientComments = "lives in Elm Street 12"
    header.ViewName = "Marguerite lying"
    header.Manufacturer, header.ManufacturerModelName = "Acme", "Ray 3000"
    header.Modality, header.ImageType, header.BodyPartExamined = "DX", ["ORIGINAL", "PRIMARY"], "CHEST"
    header.ViewPosition, header.PatientOrientation = "PA", ["L", "F"]
    header.ViewCodeSequence = [code("R-10214", "SRT", "postero-anterior")]
    header.AnatomicRegionSequence = [code("T-D3000", "99LOCAL", "Chest of Featherstonehaugh")]
    header.RequestAttributesSequence = [pydicom.Dataset()]
    header.RequestAttributesSequence[0].RequestedProcedureDescription = "Zyxwolfram for Marguerite"
    header.ReferencedImageSequence = [reference(header)]
    header.ReferencedImageSequence[0].PatientName = "Featherstonehaugh^Marguerite"
    block = header.private_block(0x0029, "ZYXWOLFRAM MEDICAL", create=True)
    block.add_new(0x01, "LO", "Featherstonehaugh")
    block.add_new(0x02, "SQ", Sequence([header.RequestAttributesSequence[0]]))
    header.add_new(0x60000010, "US", 8)
    header.add_new(0x60000022, "LO", "Marguerite")
    header.add_new(0x60003000, "OW", b"Featherstonehaugh ")
    header.PhotometricInterpretation, header.SamplesPerPixel = "MONOCHROME2", 1
    header.Rows, header.Columns = stored.shape
    header.BitsAllocated = header.BitsStored = 8 * stored.dtype.itemsize
    header.HighBit, header.PixelRepresentation = header.BitsStored - 1, 0
    header.PixelData = np.ascontiguousarray(stored).tobytes()
    header.add_new(0xFFFCFFFC, "OB", b"Marguerite")
    for name, value in tags.items():
        setattr(header, name, value)
    return header


def reference(header: pydicom.Dataset) -> pydicom.Dataset:
    """An item that points to an object."""
    item = pydicom.Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = header.SOPClassUID, header.SOPInstanceUID
    return item


def elements(dataset: Any) -> Iterator[Any]:
    """Every element at every level."""
    for element in dataset:
        yield element
        if element.VR == "SQ":
            for item in element.value:
                yield from elements(item)
