"""PNG, TIFF and JPEG radiographs, 8 or 16 bits."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError
from cxr_studio.pictures.decoding import decode_picture
from cxr_studio.pictures.picture import Picture
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.provenance_text import spacing_of
from cxr_studio.radiographs.radiograph import Radiograph, Source
from cxr_studio.radiographs.sizes import MAX_SIDE, check_size
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing

FORMATS = ("PNG", "TIFF", "JPEG", "MPO")
"""Pillow's names of what is read here."""


def read_plain(content: bytes, path: Path) -> Radiograph:
    """Read a PNG, TIFF or JPEG file, the way up that its Orientation asks for.

    A file whose colour channels are all equal is taken for grey; opacity is dropped with a note.

    Raises:
        ReadError: damaged, coloured, one-bit, floating-point, several pages, or of an unsupported size.
    """
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_SIDE**2
    try:
        picture = decode_picture(content, path, formats=FORMATS, check=check_size)
    except Image.DecompressionBombError as fault:
        what = f"a side of the image has more than {MAX_SIDE:,} pixels"
        raise ReadError(what, file=path, remedy="Make it smaller first") from fault
    stored, bits = _stored(picture.values, path)
    stored.setflags(write=False)
    source = Source(path, picture.format, sha256(content).hexdigest(), bits)
    grey = linear_greyscale(stored.dtype, bits)
    return Radiograph(stored, grey, _spacing(picture), source, picture.text, _notes(picture))


def _stored(values: NDArray[Any], path: Path) -> tuple[NDArray[Any], int]:
    """One channel of a supported dtype, and the bits that carry values."""
    if values.ndim == 3:
        if (values[..., :1] != values).any():
            raise ReadError("it is a colour image", file=path, remedy="Choose a grey-scale radiograph")
        values = values[..., 0]
    if values.dtype == np.bool_:
        raise ReadError("its pixels have one bit", file=path, remedy="Choose the radiograph, not a mask")
    if values.dtype.kind == "f":
        raise ReadError("its pixels are floating-point numbers", file=path, remedy="Convert it to 16-bit whole numbers")
    if values.dtype == np.int8:
        return values.astype(np.int16), 8
    if values.dtype not in (np.uint8, np.uint16, np.int16):
        values = _fitted(values, path)
    return np.ascontiguousarray(values), 8 * values.itemsize


def _fitted(values: NDArray[Any], path: Path) -> NDArray[Any]:
    """Whole numbers of more bits that fit 16."""
    low, high = int(values.min()), int(values.max())
    if low >= 0 and high <= 65_535:
        return values.astype(np.uint16)
    if low >= -32_768 and high <= 32_767:
        return values.astype(np.int16)
    raise ReadError(f"its values ({low} to {high}) need more than 16 bits", file=path, remedy="Convert it to 16 bits")


def _spacing(picture: Picture) -> Spacing:
    """The spacing that CXR Studio wrote, exchanged where somebody has turned the picture aside since."""
    spacing = spacing_of(picture.text) or UNKNOWN_SPACING
    return Spacing(spacing.x, spacing.y, spacing.origin) if picture.aside else spacing


def _notes(picture: Picture) -> tuple[str, ...]:
    notes = []
    if picture.opacity is not None:
        notes.append("The file's transparency was ignored.")
    if picture.turned:
        notes.append("The file asks to be turned (Orientation), and is shown that way.")
    return tuple(notes)
