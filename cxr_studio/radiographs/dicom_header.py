"""What a DICOM header must say before its pixels are decoded, and which slips in it are forgiven."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cxr_studio.errors import ReadError
from cxr_studio.radiographs.sizes import check_size

GREY_WORDS = ("MONOCHROME1", "MONOCHROME2")
"""Photometric interpretations of a grey image (PS3.3 C.7.6.3.1.2)."""

NEEDED = {"BitsAllocated": "Bits Allocated", "BitsStored": "Bits Stored", "Rows": "Rows", "Columns": "Columns"}
"""Attributes without which no pixel can be placed → their names."""


def check_header(header: Any, path: Path) -> list[str]:
    """Refuse what is not one grey frame of whole numbers; put what is missing or misspelt right in the header.

    Args:
        header: A pydicom Dataset; Photometric Interpretation, Samples per Pixel and Pixel Representation may be set.
        path: For messages.

    Returns:
        Sentences on what was put right.

    Raises:
        ReadError: it cannot be used.
    """
    for keyword, name in NEEDED.items():
        if _whole(header, keyword, None) is None:
            raise _refused(f"it does not state its {name}", path, "Export it again")
    samples, frames = _whole(header, "SamplesPerPixel", 1), _whole(header, "NumberOfFrames", 1)
    bits, stored = int(header.BitsAllocated), int(header.BitsStored)
    word, notes = _photometric(header, path, grey=samples == 1)
    refusals = (
        ("PixelData" not in header, "its pixels are floating-point numbers", "Convert it to 16-bit whole numbers"),
        (samples != 1 or word not in GREY_WORDS, "it is a colour image", "Choose a grey-scale radiograph"),
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
            raise _refused(what, path, remedy)
    check_size(int(header.Rows), int(header.Columns), path)
    header.SamplesPerPixel, header.PhotometricInterpretation = 1, word
    header.PixelRepresentation = _sign(header, path)
    return notes


def _photometric(header: Any, path: Path, *, grey: bool) -> tuple[str, list[str]]:
    """The photometric interpretation, spelt as in the standard."""
    value = header.get("PhotometricInterpretation")
    stated = str(value if value is not None and isinstance(value, str) else "").strip(" \0")
    if not stated:
        remedy = "Export it again as MONOCHROME1 or MONOCHROME2"
        raise _refused("it does not say how its values are shown", path, remedy)
    plain = "".join(character for character in stated.upper() if character.isalnum())
    if not grey or stated in GREY_WORDS or plain not in GREY_WORDS:
        return stated, []
    return plain, [f"The file's photometric interpretation {stated!r} is taken for {plain}."]


def _sign(header: Any, path: Path) -> int:
    """Pixel Representation: 0 for unsigned values, which is also assumed where nothing is said, or 1."""
    sign = _whole(header, "PixelRepresentation", 0)
    if sign not in (0, 1):
        raise _refused(f"its Pixel Representation is {sign}, which is not valid", path, "Export it again")
    return int(sign)


def _whole(header: Any, keyword: str, missing: int | None) -> Any:
    """A whole number of the header; ``missing`` where it has none, 0 where it is none."""
    value = header.get(keyword)
    if value is None or value == "":
        return missing
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _refused(what: str, path: Path, remedy: str) -> ReadError:
    return ReadError(f"this DICOM file cannot be used, {what}", file=path, remedy=remedy)
