"""What a radiograph's file is called without its ending, and the ending that a result of it gets."""

from __future__ import annotations

from pathlib import Path

from cxr_studio.radiographs.reading import SUFFIXES

MASK_SUFFIXES = frozenset({".png", ".tif", ".tiff", ".bmp"})
"""Endings of masks that a folder is searched for."""

LOSSLESS = {".jpg": ".png", ".jpeg": ".png", ".bmp": ".png", ".dicom": ".dcm"}
"""Ending of an input → ending of its result, where it is not the same."""


def stem_of(path: Path) -> str:
    """Return the file's name without its ending; the whole name where that is no ending of an image.

    DICOM files are often called by a UID: ``1.2.840.5`` and ``1.2.840.6`` are two names, not ``1.2.840`` twice.
    """
    return path.stem if path.suffix.lower() in SUFFIXES | MASK_SUFFIXES else path.name


def result_name(path: Path, *, dicom: bool) -> str:
    """Name of a result of this radiograph, in a format that holds its values without loss.

    Args:
        path: The radiograph.
        dicom: Whether it is DICOM by content; decides the ending where its own name has none.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        return f"{path.name}.dcm" if dicom else f"{path.name}.png"
    return f"{path.stem}{LOSSLESS.get(suffix, suffix)}"
