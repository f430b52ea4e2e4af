"""The one frame of a DICOM radiograph, decoded by the library that is best for its transfer syntax."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.codestream import codestream_size, plain_jpeg

BASELINE, EXTENDED = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"
LOSSLESS, LOSSLESS_FIRST_ORDER = "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70"
JPEG_LS, JPEG_LS_NEAR = "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"
JPEG_2000 = ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91")
HTJ2K = ("1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203")
RLE = "1.2.840.10008.1.2.5"

LOSSY_JPEG = (BASELINE, EXTENDED)
"""Transfer syntaxes that always lose something, whatever the header says."""

PLUGINS = {
    **dict.fromkeys(LOSSY_JPEG, "pillow"),
    **dict.fromkeys((LOSSLESS, LOSSLESS_FIRST_ORDER), "gdcm"),
    **dict.fromkeys((JPEG_LS, JPEG_LS_NEAR), "pyjpegls"),
    **dict.fromkeys((*JPEG_2000, *HTJ2K, RLE), "pylibjpeg"),
}
"""Compressed transfer syntax → pydicom's decoder of it. GDCM comes last: it decodes some bit depths of JPEG-LS wrongly
(pydicom #2008, #2010), and a damaged header makes it end the program; nothing else decodes lossless JPEG."""


def decoded_frame(header: Any) -> NDArray[Any]:
    """Decode the pixels as stored; what lies beyond BitsStored may be anything.

    Args:
        header: A pydicom Dataset with PixelData, which may be replaced by an equal one.

    Raises:
        BaseException: any, since every library raises its own, one of them outside Exception.
    """
    from pydicom.encaps import encapsulate, get_frame
    from pydicom.pixels import pixel_array

    syntax = header.file_meta.TransferSyntaxUID
    if not syntax.is_encapsulated:
        return np.asarray(pixel_array(header))
    if syntax not in PLUGINS:
        raise ValueError(f"its compression, {syntax.name}, is not supported")
    frame = get_frame(header.PixelData, 0, number_of_frames=1)
    if syntax != RLE and codestream_size(frame) != (header.Rows, header.Columns):
        raise ValueError("the compressed pixels do not have the stated size")
    deep = syntax == EXTENDED and header.BitsStored > 8
    if deep or PLUGINS[syntax] == "gdcm":
        header.PixelData = encapsulate([plain_jpeg(frame)])
    try:
        if deep:  # GDCM decodes 12 bits too, but pydicom lets it do so only under the name of a lossless syntax
            header.file_meta.TransferSyntaxUID = LOSSLESS
        return np.asarray(pixel_array(header, decoding_plugin="gdcm" if deep else PLUGINS[syntax]))
    finally:
        header.file_meta.TransferSyntaxUID = syntax
