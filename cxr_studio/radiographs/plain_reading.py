"""PNG, TIFF and JPEG radiographs, 8 or 16 bits."""

from __future__ import annotations

import warnings
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.provenance_text import spacing_of
from cxr_studio.radiographs.radiograph import Radiograph, Source
from cxr_studio.radiographs.sizes import MAX_SIDE, check_size
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING

FORMATS = {"PNG": "png", "TIFF": "tiff", "JPEG": "jpeg", "MPO": "jpeg"}
"""Pillow's names → Source.format."""

DEPTHS = {"L": np.uint8, "I;16": np.uint16, "I;16L": np.uint16, "I;16B": np.uint16, "I;16N": np.uint16}
"""Pillow's modes of one grey channel → stored dtype."""


def read_plain(content: bytes, path: Path) -> Radiograph:
    """Read a PNG, TIFF or JPEG file.

    A file whose colour channels are all equal is taken for grey; an alpha channel is dropped with a note.

    Raises:
        ReadError: damaged, coloured, one-bit, floating-point, several pages, or of an unsupported size.
    """
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.MAX_IMAGE_PIXELS = MAX_SIDE**2
        try:
            with Image.open(BytesIO(content), formats=[*FORMATS]) as image:
                check_size(image.height, image.width, path)
                _check_kind(image, path)
                kind, text = FORMATS[str(image.format)], _text(image)
                stored, notes = _grey(image, path)
                spacing = spacing_of(text) or UNKNOWN_SPACING
        except ReadError:
            raise
        except Image.DecompressionBombError as fault:
            what = f"a side of the image has more than {MAX_SIDE:,} pixels"
            raise ReadError(what, file=path, remedy="Make it smaller first") from fault
        except Exception as fault:  # Pillow's plugins raise many kinds on damaged files
            raise _damaged(path, fault) from fault
    stored.setflags(write=False)
    bits = 8 if stored.dtype == np.uint8 else 16
    grey = linear_greyscale(stored.dtype, bits)
    source = Source(path, kind, sha256(content).hexdigest(), bits)
    return Radiograph(stored, grey, spacing, source, text, notes)


def _check_kind(image: Any, path: Path) -> None:
    """Refuse several pages, and colour channels of 16 bits, of which Pillow would keep 8."""
    pages = int(getattr(image, "n_frames", 1))
    if pages != 1:
        raise ReadError(f"the file holds {pages} images", file=path, remedy="Choose a file with one image")
    if image.mode not in DEPTHS and image.mode[0] not in "IF" and ";16" in str(image.tile):
        raise ReadError("it has colour channels of 16 bits", file=path, remedy="Save it as 16-bit grey")


def _grey(image: Any, path: Path) -> tuple[NDArray[Any], tuple[str, ...]]:
    if image.mode in DEPTHS:
        values = np.ascontiguousarray(np.asarray(image).astype(DEPTHS[image.mode]))
        inverted = image.format == "TIFF" and image.tag_v2.get(262) == 0 and image.mode != "L"
        return (np.asarray(65_535 - values) if inverted else values), ()
    if image.mode == "I":
        return _fitted(np.asarray(image), path), ()
    if image.mode == "1":
        raise ReadError("its pixels have one bit", file=path, remedy="Choose the radiograph, not a mask")
    if image.mode == "F":
        raise ReadError("its pixels are floating-point numbers", file=path, remedy="Convert it to 16-bit whole numbers")
    return _from_colour(image, path)


def _from_colour(image: Any, path: Path) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Accept colour files whose channels are all the same grey."""
    alpha = image.mode in ("LA", "PA", "RGBA", "La", "RGBa")
    channels = np.asarray(image.convert("RGB"))
    if (channels[..., :1] != channels).any():
        raise ReadError("it is a colour image", file=path, remedy="Choose a grey-scale radiograph")
    notes = ("The transparency of the file was dropped.",) if alpha else ()
    return np.ascontiguousarray(channels[..., 0]), notes


def _fitted(values: NDArray[Any], path: Path) -> NDArray[Any]:
    """32-bit whole numbers that fit 16 bits."""
    low, high = int(values.min()), int(values.max())
    if low >= 0 and high <= 65_535:
        return values.astype(np.uint16)
    if low >= -32_768 and high <= 32_767:
        return values.astype(np.int16)
    raise ReadError(f"its values ({low} to {high}) need more than 16 bits", file=path, remedy="Convert it to 16 bits")


def _text(image: Any) -> dict[str, str]:
    found = {str(k): str(v) for k, v in getattr(image, "text", {}).items()}
    if image.format == "TIFF":
        found["ImageDescription"] = str(image.tag_v2.get(270, ""))
    return found


def _damaged(path: Path, fault: Exception) -> ReadError:
    reason = (str(fault).strip().splitlines() or [type(fault).__name__])[0][:120].rstrip(".")
    return ReadError(f"the image file is damaged or of an unknown kind ({reason})", file=path, remedy="Copy it again")
