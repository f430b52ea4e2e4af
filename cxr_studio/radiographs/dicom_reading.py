"""DICOM radiographs, uncompressed and compressed, with their depth kept."""

from __future__ import annotations

import warnings
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from cxr_studio.errors import ReadError
from cxr_studio.radiographs.dicom_bits import Stored, move_overlays, stored_values
from cxr_studio.radiographs.dicom_greyscale import dicom_greyscale
from cxr_studio.radiographs.dicom_header import check_header
from cxr_studio.radiographs.dicom_padding import with_padding
from cxr_studio.radiographs.dicom_pixels import decoded_frame
from cxr_studio.radiographs.dicom_spacing import dicom_spacing
from cxr_studio.radiographs.dicom_text import foreign_texts
from cxr_studio.radiographs.presets import window_notes
from cxr_studio.radiographs.radiograph import Radiograph, Source


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
        header_notes = check_header(header, path)
        stored = _stored(header, path)
        plain, grey_notes = dicom_greyscale(header, stored.values.dtype)
        grey, padding_notes = with_padding(plain, header, stored)
        spacing, spacing_notes = dicom_spacing(header)
    notes = (*header_notes, *stored.notes, *grey_notes, *padding_notes, *spacing_notes, *_warnings(header))
    del header.PixelData
    stored.values.setflags(write=False)
    source = Source(path, "dicom", sha256(content).hexdigest(), stored.bits)
    read = Radiograph(stored.values, grey, spacing, source, header, notes)
    return replace(read, notes=(*notes, *window_notes(read)))


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
        header.foreign_texts = foreign_texts(header)
        for element in header.iterall():  # reading a value is what finds it damaged
            if element.VR == "OW" and not little and element.keyword != "PixelData":
                element.value = np.frombuffer(element.value, ">u2").astype("<u2").tobytes()
    except ReadError:
        raise
    except Exception as fault:  # pydicom raises many kinds on damaged files
        raise _damaged(path, fault) from fault
    return header


def _stored(header: Any, path: Path) -> Stored:
    """Return the one frame, cleared of what lies beyond its bits; the header then says what the pixels are."""
    try:
        decoded, precision = decoded_frame(header)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # every plugin raises its own kinds, one in Rust even beside Exception
        raise _damaged(path, fault) from fault
    if 8 * decoded.itemsize > header.BitsAllocated:
        raise _damaged(path, ValueError("the pixels have more bits than is stated"))
    if decoded.shape != (header.Rows, header.Columns):
        raise _damaged(path, ValueError("the pixels do not fill the stated size"))
    wanted = np.int16 if header.PixelRepresentation else np.uint8 if header.BitsAllocated == 8 else np.uint16
    stored = stored_values(decoded.astype(wanted), header, precision=precision)
    move_overlays(header, stored, compressed=precision is not None)
    header.BitsStored = stored.bits
    return stored


def _warnings(header: Any) -> list[str]:
    notes = []
    if "FOR PROCESSING" in str(header.get("PresentationIntentType", "")):
        notes.append(
            "This is an unprocessed image (FOR PROCESSING); generators trained on presentation images may not suit it."
        )
    if str(header.get("SyntheticData", "")) == "YES":
        notes.append("The file says that its content is partly or wholly synthetic.")
    return notes


def _damaged(path: Path, fault: BaseException) -> ReadError:
    lines = str(fault).strip().splitlines() or [type(fault).__name__]
    reason = lines[1 if lines[0].endswith(":") and len(lines) > 1 else 0].strip()[:160].rstrip(".")
    return ReadError(f"the DICOM file is damaged or of an unknown kind ({reason})", file=path, remedy="Copy it again")
