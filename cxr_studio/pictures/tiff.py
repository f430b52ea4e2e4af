"""TIFF at full depth: both byte orders, strips, tiles and planes, signed and WhiteIsZero, with and without opacity.

The tags are read by tifffile, which also decodes what needs no library of its own; the rest is left to Pillow where
Pillow reads it rightly, and refused in words where not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError
from cxr_studio.pictures.channels import channels
from cxr_studio.pictures.picture import BACK, Picture, turned, unsupported

TIFF_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")

DESCRIPTION, ORIENTATION, PHOTOMETRIC = 270, 274, 262

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB = 0, 1, 2
UNSIGNED, SIGNED, FLOAT = 1, 2, 3

PLAIN_COMPRESSIONS = (1, 8, 32946, 32773)
"""None, Deflate under its two numbers, PackBits: tifffile decodes them by itself."""

PILLOW_COMPRESSIONS = (2, 3, 4, 5, 6, 7)
"""Fax, LZW, JPEG."""

MOST_SAMPLES = 5


def decode_tiff(content: bytes, path: Path, *, check: Callable[[int, int, Path], None] | None = None) -> Picture:
    """Decode a TIFF with one picture; it is not turned yet.

    Raises:
        ReadError: several pictures, colour of 16 bits, or another kind that cannot be read at full depth.
    """
    from tifffile import TiffFile

    logging.getLogger("tifffile").setLevel(logging.CRITICAL)
    with TiffFile(BytesIO(content)) as tiff:
        if len(tiff.pages) != 1:
            raise ReadError(
                f"the file holds {len(tiff.pages)} images", file=path, remedy="Choose a file with one image"
            )
        page = tiff.pages.first
        height, width = int(page.imagelength), int(page.imagewidth)
        if check is not None:
            check(height, width, path)
        _check_kind(page, path)
        if _by_pillow(page, path):
            values, opacity = _pillow(content, page, path)
        else:
            _check_segments(page, len(content))
            values, opacity = _samples(page, (height, width), path)
        return Picture(values, opacity, "tiff", _text(page), _orientation(page))


def _check_kind(page: Any, path: Path) -> None:
    """Refuse what neither tifffile nor Pillow would read as it is meant."""
    photometric = page.tags.get(PHOTOMETRIC)
    depth, samples = page.bitspersample, int(page.samplesperpixel)
    compression = int(page.compression)
    refusals = (
        (photometric is None, "it does not say whether 0 is black or white"),
        (not isinstance(depth, int), "its channels differ in depth"),
        (int(page.imagedepth) != 1, "it has depth"),
        (not 1 <= samples <= MOST_SAMPLES, f"it has {samples} channels"),
        (
            compression not in (*PLAIN_COMPRESSIONS, *PILLOW_COMPRESSIONS),
            f"its compression has the number {compression}",
        ),
        (int(page.sampleformat) not in (UNSIGNED, SIGNED, FLOAT), "its values are no numbers"),
    )
    for refused, why in refusals:
        if refused:
            raise unsupported("TIFF", why, path)


def _by_pillow(page: Any, path: Path) -> bool:
    """Whether Pillow is asked: for its compressions, for palettes, other colour spaces and single bits."""
    grey_or_rgb = int(page.photometric) in (WHITE_IS_ZERO, BLACK_IS_ZERO, RGB)
    if grey_or_rgb and int(page.compression) in PLAIN_COMPRESSIONS and int(page.bitspersample) % 8 == 0:
        return False
    unlike = int(page.bitspersample) not in (1, 8, 16) or int(page.sampleformat) != UNSIGNED
    if unlike or (int(page.samplesperpixel) > 1 and int(page.bitspersample) != 8):
        what = f"{int(page.bitspersample)} bits a channel, compression {int(page.compression)}"
        raise unsupported("TIFF", what, path)
    return True


def _pillow(content: bytes, page: Any, path: Path) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Decode with Pillow, which turns pictures itself; they are turned back."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(content), formats=["TIFF"]) as image:
            values, opacity = channels(image, path)
    except (SyntaxError, UnidentifiedImageError) as fault:
        raise unsupported("TIFF", f"compression {int(page.compression)} in this layout", path) from fault
    back = BACK.get(_orientation(page), _orientation(page))
    values, opacity = turned(values, back), None if opacity is None else turned(opacity, back)
    if values.shape[:2] != (page.imagelength, page.imagewidth):
        raise ValueError("the pixels do not fill the stated size")
    if int(page.photometric) == WHITE_IS_ZERO and values.dtype == np.uint16:
        values = np.iinfo(np.uint16).max - values
    return values, opacity


def _check_segments(page: Any, length: int) -> None:
    """Refuse strips and tiles that are missing or lie beyond the file: tifffile would fill them with 0."""
    ends = [offset + count for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True)]
    if not ends or max(ends) > length or min(page.databytecounts) == 0 or min(page.dataoffsets) == 0:
        raise ValueError("part of the pixels is missing")


def _samples(page: Any, shape: tuple[int, int], path: Path) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Values and opacity, bright = large."""
    if page.dtype is None:
        raise unsupported("TIFF", f"{page.bitspersample} bits a channel", path)
    whole = np.asarray(page.asarray())
    whole = whole.astype(whole.dtype.newbyteorder("="))
    count = int(page.samplesperpixel)
    planes = whole.reshape(count, *shape) if int(page.planarconfig) == 2 else whole.reshape(*shape, count)
    planes = np.moveaxis(planes, 0, -1) if int(page.planarconfig) == 2 else planes
    colours = 3 if int(page.photometric) == RGB else 1
    if count not in (colours, colours + 1):
        raise unsupported("TIFF", f"it has {count} channels", path)
    if colours == 3 and whole.itemsize > 1:
        raise ReadError("it has colour channels of 16 bits", file=path, remedy="Save it as 16-bit grey")
    opacity = np.ascontiguousarray(planes[..., -1]) if count > colours else None
    values = np.ascontiguousarray(planes[..., :3] if colours == 3 else planes[..., 0])
    return (_inverted(values) if int(page.photometric) == WHITE_IS_ZERO else values), opacity


def _inverted(values: NDArray[Any]) -> NDArray[Any]:
    """Values of which the smallest was white."""
    if values.dtype.kind not in "iu":
        return -values
    return np.asarray(~values)


def _orientation(page: Any) -> int:
    tag = page.tags.get(ORIENTATION)
    try:
        return int(tag.value) if tag is not None else 1
    except (TypeError, ValueError):
        return 1


def _text(page: Any) -> dict[str, str]:
    tag = page.tags.get(DESCRIPTION)
    return {"ImageDescription": str(tag.value) if tag is not None else ""}
