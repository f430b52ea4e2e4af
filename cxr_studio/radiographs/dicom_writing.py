"""A derived DICOM radiograph that says that it is derived and synthetic (PS3.3 C.7.6.1.1.2, C.12.1).

Written as Explicit VR Little Endian, uncompressed: every reader opens it, and the pixels are the stored values, bit for
bit. LossyImageCompression "01" of the source is kept, since what was lost stays lost.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from cxr_studio.errors import StudioError, WriteError
from cxr_studio.files import replaced
from cxr_studio.radiographs.dicom_pixels import LOSSY_JPEG
from cxr_studio.radiographs.dicom_text import restore_texts
from cxr_studio.radiographs.provenance_text import limited_text
from cxr_studio.radiographs.radiograph import Radiograph, Stored
from cxr_studio.radiographs.spacing import SpacingOrigin
from cxr_studio.version import program_version

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
DROPPED = (
    "SmallestImagePixelValue",
    "LargestImagePixelValue",
    "IconImageSequence",
    "DigitalSignaturesSequence",
    "MACParametersSequence",
    "OriginalAttributesSequence",
    "DataSetTrailingPadding",
)
"""Attributes that describe the source's pixels or sign them."""

CALIBRATION = {SpacingOrigin.CALIBRATED: "FIDUCIAL", SpacingOrigin.GEOMETRY: "GEOMETRY"}
"""PixelSpacingCalibrationType that tells a reader where a spacing comes from."""

DESCRIPTION_LIMIT = 1024
"""Most characters of Derivation Description (ST)."""


def write_dicom(
    path: Path,
    radiograph: Radiograph,
    stored: Stored,
    *,
    provenance: Mapping[str, object] | None = None,
    dated: bool = True,
) -> None:
    """Write a derived radiograph; from a source that is no DICOM, a Secondary Capture.

    With ``dated`` it has the time of its making and unique identifiers of its own. Without, the identifiers follow from
    source, pixels and provenance, and no time is written, so that the same job gives the same file.

    Raises:
        WriteError: the file cannot be written.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            header = _derived(radiograph, stored, provenance)
            if not dated:
                _undate(header, radiograph, stored)
            if isinstance(radiograph.header, type(header)):
                restore_texts(getattr(radiograph.header, "foreign_texts", []), radiograph.header, header)
            with replaced(path) as beside:
                header.save_as(beside, enforce_file_format=True, little_endian=True, implicit_vr=False)
        except StudioError:
            raise
        except Exception as fault:  # pydicom raises many kinds on damaged headers
            reason = (str(fault).strip().splitlines() or [type(fault).__name__])[0][:160].rstrip(".")
            raise WriteError(
                f"the source's DICOM header cannot be written again ({reason})",
                file=path,
                remedy="Export as PNG or MHA",
            ) from fault


def _derived(radiograph: Radiograph, stored: Stored, provenance: Mapping[str, object] | None) -> Any:
    import pydicom

    from_dicom = isinstance(radiograph.header, pydicom.Dataset)
    header = copy.deepcopy(radiograph.header) if from_dicom else _capture(radiograph)
    for keyword in DROPPED:
        if keyword in header:
            delattr(header, keyword)
    header.set_original_encoding(False, True)  # every value has been read; pydicom refuses to turn big-endian ones
    source = _source(header) if from_dicom else None
    if radiograph.source.format == "jpeg" or (from_dicom and header.file_meta.TransferSyntaxUID in LOSSY_JPEG):
        header.LossyImageCompression = "01"
    _mark_derived(header, provenance, radiograph)
    if source is not None:
        header.SourceImageSequence = [source]
    _set_pixels(header, stored)
    return header


def _mark_derived(header: Any, provenance: Mapping[str, object] | None, radiograph: Radiograph) -> None:
    import pydicom

    now = datetime.now()
    header.SOPInstanceUID = pydicom.uid.generate_uid()
    header.SeriesInstanceUID = pydicom.uid.generate_uid()
    header.SeriesNumber, header.InstanceNumber = 9001, 1
    header.SeriesDescription = "CXR Studio, synthetic"
    header.ImageType = ["DERIVED", "SECONDARY", *_several(header.get("ImageType"))[2:]]
    header.SyntheticData = "YES"
    header.InstanceCreationDate = header.ContentDate = now.strftime("%Y%m%d")
    header.InstanceCreationTime = header.ContentTime = now.strftime("%H%M%S")
    header.DerivationDescription = limited_text(provenance, radiograph.spacing, DESCRIPTION_LIMIT)
    header.DerivationCodeSequence = [_code("INPAINT", "99CXRSTUDIO", "Inpainted by a trained generator")]
    contributions = _several(header.get("ContributingEquipmentSequence"))
    header.ContributingEquipmentSequence = [*contributions, _equipment(provenance)]


def _undate(header: Any, radiograph: Radiograph, stored: Stored) -> None:
    """Take the times out, and let the identifiers follow from the content."""
    import pydicom

    source = radiograph.source.sha256
    content = [source, sha256(np.ascontiguousarray(stored).tobytes()).hexdigest(), header.DerivationDescription]
    header.SeriesInstanceUID = pydicom.uid.generate_uid(entropy_srcs=["series", source])
    header.SOPInstanceUID = pydicom.uid.generate_uid(entropy_srcs=["instance", *content])
    header.file_meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID
    if not isinstance(radiograph.header, pydicom.Dataset):
        header.StudyInstanceUID = pydicom.uid.generate_uid(entropy_srcs=["study", source])
    header.ContentDate = header.ContentTime = ""
    del header.InstanceCreationDate, header.InstanceCreationTime
    del header.ContributingEquipmentSequence[-1].ContributionDateTime


def _several(value: Any) -> list[Any]:
    """Values of an attribute that pydicom gives as None, one value or several."""
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _equipment(provenance: Mapping[str, object] | None) -> Any:
    import pydicom

    item = pydicom.Dataset()
    item.PurposeOfReferenceCodeSequence = [_code("109100", "DCM", "Synthesizing Equipment")]
    item.Manufacturer = "CXR Studio"
    item.ManufacturerModelName = str((provenance or {}).get("generator", "CXR Studio"))[:64]
    item.SoftwareVersions = program_version()
    item.ContributionDateTime = datetime.now().strftime("%Y%m%d%H%M%S")
    item.ContributionDescription = f"checkpoint {(provenance or {}).get('checkpoint_sha256', '')}"[:1024]
    return item


def _source(header: Any) -> Any:
    import pydicom

    if not header.get("SOPInstanceUID") or not header.get("SOPClassUID"):
        return None
    item = pydicom.Dataset()
    item.ReferencedSOPClassUID = header.SOPClassUID
    item.ReferencedSOPInstanceUID = header.SOPInstanceUID
    item.PurposeOfReferenceCodeSequence = [
        _code("121322", "DCM", "Source image for image processing operation"),
    ]
    return item


def _code(value: str, scheme: str, meaning: str) -> Any:
    import pydicom

    item = pydicom.Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def _set_pixels(header: Any, stored: Stored) -> None:
    import pydicom

    header.Rows, header.Columns = stored.shape
    header.BitsAllocated = 8 * stored.dtype.itemsize
    header.HighBit = header.BitsStored - 1
    header.PixelRepresentation = int(stored.dtype == np.int16)
    little = np.ascontiguousarray(stored.astype(stored.dtype.newbyteorder("<"))).tobytes()
    header.add_new("PixelData", "OW" if header.BitsAllocated > 8 else "OB", little + b"\0" * (len(little) % 2))
    meta = pydicom.dataset.FileMetaDataset()
    meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = header.SOPClassUID = header.get("SOPClassUID") or SECONDARY_CAPTURE
    meta.MediaStorageSOPInstanceUID = header.SOPInstanceUID
    meta.ImplementationVersionName = "CXR_STUDIO"
    header.file_meta = meta


def _capture(radiograph: Radiograph) -> Any:
    """Header of a Secondary Capture of an image without a patient."""
    import pydicom

    header = pydicom.Dataset()
    header.SOPClassUID = SECONDARY_CAPTURE
    header.Modality, header.ConversionType = "OT", "WSD"
    header.PatientName, header.PatientID = "", ""
    header.PatientBirthDate, header.PatientSex = "", ""
    header.StudyInstanceUID = pydicom.uid.generate_uid()
    header.StudyDate, header.StudyTime, header.AccessionNumber, header.StudyID = "", "", "", ""
    header.ReferringPhysicianName = ""
    header.SamplesPerPixel, header.PhotometricInterpretation = 1, "MONOCHROME2"
    header.BitsStored = radiograph.source.bits
    if radiograph.spacing.known:
        header.PixelSpacing = [f"{radiograph.spacing.y:.10g}", f"{radiograph.spacing.x:.10g}"]
    if radiograph.spacing.origin in CALIBRATION:
        header.PixelSpacingCalibrationType = CALIBRATION[radiograph.spacing.origin]
        header.PixelSpacingCalibrationDescription = "As the source file states"
    return header
