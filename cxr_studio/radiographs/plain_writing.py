"""PNG, TIFF, JPEG and MetaImage out, with spacing and provenance as text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from cxr_studio.errors import WriteError
from cxr_studio.files import replaced
from cxr_studio.radiographs.meta_geometry import geometry_lines
from cxr_studio.radiographs.provenance_text import KEY, limited_text, provenance_text
from cxr_studio.radiographs.radiograph import Radiograph, Stored

JPEG_QUALITY = 95
TIFF_DESCRIPTION = 270

META_TEXT_LIMIT = 30_000
"""Most characters of a MetaImage header line; its readers stop at 32,768."""


def write_plain(
    path: Path, radiograph: Radiograph, stored: Stored, *, provenance: Mapping[str, object] | None = None
) -> None:
    """Write PNG (text chunk), TIFF (image description) or JPEG (no text, with loss, 8 bits only).

    Raises:
        WriteError: the format cannot hold the values, or the file cannot be written.
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    suffix, text = path.suffix.lower(), provenance_text(provenance, radiograph.spacing)
    if stored.dtype == np.int16:
        raise _needs("signed values", path, "MetaImage (.mha) or DICOM (.dcm)")
    if suffix in (".jpg", ".jpeg") and stored.dtype != np.uint8:
        raise _needs("more than 8 bits", path, "PNG (.png)")
    image = Image.fromarray(np.ascontiguousarray(stored))
    with replaced(path) as beside:
        if suffix == ".png":
            chunks = PngInfo()
            chunks.add_itxt(KEY, text)
            image.save(beside, format="PNG", pnginfo=chunks, compress_level=4)
        elif suffix in (".jpg", ".jpeg"):
            image.save(beside, format="JPEG", quality=JPEG_QUALITY)
        else:
            image.save(beside, format="TIFF", compression="tiff_adobe_deflate", tiffinfo={TIFF_DESCRIPTION: text})


def write_meta_image(
    path: Path, radiograph: Radiograph, stored: Stored, *, provenance: Mapping[str, object] | None = None
) -> None:
    """Write .mha, or .mhd with a .raw beside it; with spacing, provenance, and where a MetaImage lay in space.

    Raises:
        WriteError: the file cannot be written.
    """
    spacing = radiograph.spacing
    kind = {np.dtype(np.uint8): "MET_UCHAR", np.dtype(np.uint16): "MET_USHORT", np.dtype(np.int16): "MET_SHORT"}
    height, width = stored.shape
    kept = radiograph.header if radiograph.source.format == "mha" and isinstance(radiograph.header, dict) else {}
    geometry = geometry_lines(kept, (height, width), spacing)
    dimensions = geometry.pop("NDims")
    raw = "LOCAL" if path.suffix.lower() == ".mha" else path.with_suffix(".raw").name
    lines = {
        "ObjectType": "Image",
        "NDims": dimensions,
        "BinaryData": "True",
        "BinaryDataByteOrderMSB": "False",
        "CompressedData": "False",
        **geometry,
        KEY: limited_text(provenance, spacing, META_TEXT_LIMIT),
        "ElementType": kind[stored.dtype],
        "ElementDataFile": raw,
    }
    header = "".join(f"{key} = {value}\n" for key, value in lines.items()).encode("utf-8", "surrogateescape")
    pixels = np.ascontiguousarray(stored.astype(stored.dtype.newbyteorder("<"))).tobytes()
    if raw != "LOCAL":
        with replaced(path.with_suffix(".raw")) as beside:
            beside.write_bytes(pixels)
        pixels = b""
    with replaced(path) as beside:
        beside.write_bytes(header + pixels)


def _needs(what: str, path: Path, other: str) -> WriteError:
    return WriteError(f"{path.suffix} cannot hold {what}", file=path, remedy=f"Write {other} instead")
