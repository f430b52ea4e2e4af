"""DICOM radiographs, uncompressed and compressed, with their depth kept."""

from __future__ import annotations

import warnings
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError
from cxr_studio.radiographs.dicom_greyscale import dicom_greyscale
from cxr_studio.radiographs.dicom_pixels import decoded_frame
from cxr_studio.radiographs.dicom_spacing import dicom_spacing
from cxr_studio.radiographs.radiograph import Radiograph, Source
from cxr_studio.radiographs.sizes import check_size


def read_dicom(content: bytes, path: Path) -> Radiograph:
    """Read a DICOM file.

    Args:
        content: The file's bytes.
        path: Its name, for messages and provenance.

    Raises:
        ReadError: damaged, not a single grey frame, of an unsupported kind, or of an unsupported size.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        header = _parsed(content, path)
        _check(header, path)
        stored = _stored(header, path)
        grey, grey_notes = dicom_greyscale(header, stored.dtype)
        spacing, spacing_notes = dicom_spacing(header)
    notes = (*grey_notes, *spacing_notes, *_warnings(header))
    del header.PixelData
    stored.setflags(write=False)
    source = Source(path, "dicom", sha256(content).hexdigest(), int(header.BitsStored))
    return Radiograph(stored, grey, spacing, source, header, notes)


def _parsed(content: bytes, path: Path) -> Any:
    import pydicom

    try:
        header = pydicom.dcmread(BytesIO(content), force=True)
        if "PixelData" not in header and not any(k in header for k in ("FloatPixelData", "DoubleFloatPixelData")):
            raise ReadError(
                "the DICOM file holds no image", file=path, remedy="Choose the file that holds the radiograph"
            )
        implicit, little = header.original_encoding
        if not hasattr(header, "file_meta") or "TransferSyntaxUID" not in header.file_meta:
            header.file_meta = getattr(header, "file_meta", None) or pydicom.dataset.FileMetaDataset()
            explicit = pydicom.uid.ExplicitVRLittleEndian if little else pydicom.uid.ExplicitVRBigEndian
            header.file_meta.TransferSyntaxUID = pydicom.uid.ImplicitVRLittleEndian if implicit else explicit
        for element in header.iterall():  # reading a value is what finds it damaged
            if element.VR == "OW" and not little and element.keyword != "PixelData":
                element.value = np.frombuffer(element.value, ">u2").astype("<u2").tobytes()
    except ReadError:
        raise
    except Exception as fault:  # pydicom raises many kinds on damaged files
        raise _damaged(path, fault) from fault
    return header


def _check(header: Any, path: Path) -> None:
    """Refuse what is not one grey frame of whole numbers, before decoding."""
    try:
        samples = int(header.get("SamplesPerPixel", 1) or 1)
        frames = int(header.get("NumberOfFrames", 1) or 1)
        bits, stored = int(header.BitsAllocated), int(header.BitsStored)
        height, width = int(header.Rows), int(header.Columns)
        photometric = str(header.PhotometricInterpretation)
    except (AttributeError, TypeError, ValueError) as fault:
        raise _damaged(path, fault) from fault
    refusals = (
        ("PixelData" not in header, "its pixels are floating-point numbers", "Convert it to 16-bit whole numbers"),
        (
            samples != 1 or photometric not in ("MONOCHROME1", "MONOCHROME2"),
            "it is a colour image",
            "Choose a grey-scale radiograph",
        ),
        (frames != 1, f"it holds {frames} frames", "Choose a file with one image"),
        (bits == 1, "its pixels have one bit", "Choose the radiograph, not a mask or overlay"),
        (
            bits not in (8, 16) or not 1 < stored <= bits,
            f"its pixels have {stored} of {bits} bits",
            "Convert it to 8 or 16 bits",
        ),
    )
    for refused, what, remedy in refusals:
        if refused:
            raise ReadError(f"this DICOM file cannot be used, {what}", file=path, remedy=remedy)
    check_size(height, width, path)


def _stored(header: Any, path: Path) -> NDArray[Any]:
    """Return the one frame, cleared of what lies beyond BitsStored."""
    try:
        decoded = decoded_frame(header)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # every plugin raises its own kinds, one in Rust even beside Exception
        raise _damaged(path, fault) from fault
    if 8 * decoded.itemsize > header.BitsAllocated:
        raise _damaged(path, ValueError("the pixels have more bits than is stated"))
    if decoded.shape != (header.Rows, header.Columns):
        raise _damaged(path, ValueError("the pixels do not fill the stated size"))
    wanted = np.int16 if header.get("PixelRepresentation", 0) else np.uint8 if header.BitsAllocated == 8 else np.uint16
    return _within_bits(decoded.astype(wanted), int(header.BitsStored))


def _within_bits(values: NDArray[Any], bits: int) -> NDArray[Any]:
    spare = (8 if values.dtype == np.uint8 else 16) - bits
    if spare == 0:
        return np.ascontiguousarray(values)
    top = (1 << bits) - 1
    if values.dtype == np.int16:
        legal = values.min() >= -(1 << (bits - 1)) and values.max() < 1 << (bits - 1)
        return np.ascontiguousarray(values if legal else (values << spare) >> spare)
    return np.ascontiguousarray(values if values.max() <= top else values & top)


def _warnings(header: Any) -> list[str]:
    notes = []
    if "FOR PROCESSING" in str(header.get("PresentationIntentType", "")):
        notes.append(
            "This is an unprocessed image (FOR PROCESSING); generators trained on shown images may not suit it."
        )
    if str(header.get("SyntheticData", "")) == "YES":
        notes.append("The file says that its content is partly or wholly synthetic.")
    return notes


def _damaged(path: Path, fault: BaseException) -> ReadError:
    lines = str(fault).strip().splitlines() or [type(fault).__name__]
    reason = lines[1 if lines[0].endswith(":") and len(lines) > 1 else 0].strip()[:160].rstrip(".")
    return ReadError(f"the DICOM file is damaged or of an unknown kind ({reason})", file=path, remedy="Copy it again")
