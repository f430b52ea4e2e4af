"""The one frame of a DICOM radiograph, decoded by the library that is best for its transfer syntax."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.codestream import codestream_bits, codestream_size, plain_jpeg

BASELINE, EXTENDED = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"
LOSSLESS, LOSSLESS_FIRST_ORDER = "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"
JPEG_LS, JPEG_LS_NEAR = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"
JPEG_2000 = ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91")
HTJ2K = ("1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203")
RLE = "1.2.840.10008.1.2.5"

LOSSY_JPEG = (BASELINE, EXTENDED)
"""Transfer syntaxes that always lose something, whatever the header says."""

ITEM = b"\xfe\xff\x00\xe0"
"""Tag of an item, little endian."""

MOST_EXTENDED = 12
"""Most bits of an extended JPEG; GDCM writes 16 into its header, whatever there are."""

OFFSET_TABLES = ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")

PLUGINS = {
    **dict.fromkeys(LOSSY_JPEG, "pillow"),
    **dict.fromkeys((LOSSLESS, LOSSLESS_FIRST_ORDER), "gdcm"),
    **dict.fromkeys((JPEG_LS, JPEG_LS_NEAR), "pyjpegls"),
    **dict.fromkeys((*JPEG_2000, *HTJ2K, RLE), "pylibjpeg"),
}
"""Compressed transfer syntax → pydicom's decoder of it. GDCM comes last: it decodes some bit depths of JPEG-LS wrongly
(pydicom #2008, #2010), and a damaged header makes it end the program; nothing else decodes lossless JPEG."""


def decoded_frame(header: Any) -> tuple[NDArray[Any], int | None]:
    """Decode the pixels as stored; what lies beyond the bits that carry values may be anything.

    Args:
        header: A pydicom Dataset with PixelData, which may be replaced by an equal one.

    Returns:
        The pixels, and the bits that their codestream states (None where there is none: uncompressed, RLE).

    Raises:
        BaseException: any, since every library raises its own, one of them outside Exception.
    """
    from pydicom.encaps import encapsulate
    from pydicom.pixels import pixel_array

    syntax = header.file_meta.TransferSyntaxUID
    if not syntax.is_encapsulated:
        return np.asarray(pixel_array(header, correct_unused_bits=False)), None
    if syntax not in PLUGINS:
        raise ValueError(f"its compression, {syntax.name}, is not supported")
    frame = whole_frame(header.PixelData)
    if syntax != RLE and codestream_size(frame) != (header.Rows, header.Columns):
        raise ValueError("the compressed pixels do not have the stated size")
    precision = None if syntax == RLE else codestream_bits(frame)
    deep = syntax == EXTENDED and (precision or 0) > 8
    if deep and (precision or 0) > MOST_EXTENDED:
        precision = header.BitsStored
    header.PixelData = encapsulate([plain_jpeg(frame) if deep or PLUGINS[syntax] == "gdcm" else frame])
    for keyword in OFFSET_TABLES:
        header.pop(keyword, None)
    stated = header.BitsStored
    try:
        if precision is not None:  # decoders cut deeper pixels down to what the header says
            header.BitsStored = max(stated, min(precision, header.BitsAllocated))
        if deep:  # GDCM decodes 12 bits too, but pydicom lets it do so only under the name of a lossless syntax
            header.file_meta.TransferSyntaxUID = LOSSLESS
        plugin = "gdcm" if deep else PLUGINS[syntax]
        pixels = pixel_array(header, decoding_plugin=plugin, correct_unused_bits=syntax != RLE)
        return np.asarray(pixels), precision
    finally:
        header.BitsStored = stated
        header.file_meta.TransferSyntaxUID = syntax


def whole_frame(encapsulated: bytes) -> bytes:
    """All fragments of a file with one frame; its offset table, which may be wrong, is not needed and not read."""
    from pydicom.encaps import generate_fragments

    if encapsulated[:4] != ITEM:
        raise ValueError("the compressed pixels do not begin with an item")
    table = 8 + int.from_bytes(encapsulated[4:8], "little")
    return b"".join(generate_fragments(encapsulated[table:]))
