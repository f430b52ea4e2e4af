"""Writing a radiograph in any supported format, chosen by the file's ending; atomic, at full depth."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import numpy as np

from cxr_studio.errors import WriteError
from cxr_studio.radiographs.greyscale import GreyScale
from cxr_studio.radiographs.radiograph import Radiograph, Stored

WRITABLE = (".dcm", ".png", ".tif", ".tiff", ".mha", ".mhd", ".jpg", ".jpeg")
"""File endings that can be written; JPEG only for 8-bit images, and with loss."""


def write_radiograph(
    path: str | Path,
    radiograph: Radiograph,
    stored: Stored,
    *,
    provenance: Mapping[str, object] | None = None,
    dated: bool = True,
) -> None:
    """Write new stored values of a radiograph.

    Values are written as they are, bit for bit, except in JPEG, which loses some. Only DICOM can say that small values
    are bright (MONOCHROME1), and which are padding: in the other formats such an image is mirrored within its legal
    range, exactly, and padding has the value of the background. PNG, TIFF and MetaImage carry the provenance and the
    spacing as text, DICOM in its attributes (see dicom_writing).

    Args:
        path: Its ending chooses the format.
        radiograph: Gives spacing, header and grey-scale pipeline.
        stored: ``[H, W]`` of the radiograph's shape and dtype.
        provenance: What was done, as plain JSON values; None for an unchanged copy.
        dated: Whether a DICOM file says when it was made; without, the same call gives the same file.

    Raises:
        WriteError: unknown ending, a format that cannot hold the values, or the file cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if stored.shape != radiograph.shape or stored.dtype != radiograph.stored.dtype:
        raise WriteError("the pixels are not of the radiograph's size and depth", file=path)
    if suffix == ".dcm":
        from cxr_studio.radiographs.dicom_writing import write_dicom

        write_dicom(path, radiograph, stored, provenance=provenance, dated=dated)
        return
    stored = _without_padding(radiograph.grey, stored)
    if radiograph.grey.inverted:
        stored = _mirrored(radiograph.grey, stored)
    if suffix in (".mha", ".mhd"):
        from cxr_studio.radiographs.plain_writing import write_meta_image

        write_meta_image(path, radiograph, stored, provenance=provenance)
    elif suffix in WRITABLE:
        from cxr_studio.radiographs.plain_writing import write_plain

        write_plain(path, radiograph, stored, provenance=provenance)
    else:
        raise WriteError(
            f"files ending in {suffix or 'nothing'} cannot be written",
            file=path,
            remedy=f"Use one of {', '.join(WRITABLE)}",
        )


def _without_padding(grey: GreyScale, stored: Stored) -> Stored:
    """Give padding the value of the background."""
    padding = grey.is_padding(stored)
    if not padding.any():
        return stored
    plain = stored.copy()
    plain[padding] = grey.encode(grey.decode(stored[padding]), stored.dtype)
    return plain


def _mirrored(grey: GreyScale, stored: Stored) -> Stored:
    return cast(Stored, (grey.low + grey.high - stored.astype(np.int32)).astype(stored.dtype))
