"""PNG, JPEG, TIFF and what Pillow reads besides, decoded at full depth and the right way up."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError
from cxr_studio.pictures.channels import channels
from cxr_studio.pictures.picture import Picture, upright
from cxr_studio.pictures.tiff import TIFF_MAGIC, decode_tiff

ORIENTATION = 0x0112
"""Exif's tag, the same as TIFF's."""

JPEG_NAMES = ("JPEG", "MPO")

GREY_WITH_OPACITY, SIXTEEN = 4, 16
"""Colour type and bit depth in the header of a PNG, which are bytes 25 and 24."""

CheckSize = Callable[[int, int, Path], None]


def decode_picture(
    content: bytes, path: Path, *, formats: tuple[str, ...] | None = None, check: CheckSize | None = None
) -> Picture:
    """Decode a picture file.

    Args:
        content: The file's bytes.
        path: For messages.
        formats: Pillow's names of the formats that are accepted; None for all.
        check: Called with height, width and path before anything is decoded; raises where the size will not do.

    Raises:
        ReadError: damaged, several pictures, a kind that cannot be read at full depth, or what ``check`` raises.
    """
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if content.startswith(TIFF_MAGIC):
                return upright(decode_tiff(content, path, check=check))
            with Image.open(BytesIO(content), formats=formats) as image:
                if check is not None:
                    check(image.height, image.width, path)
                return upright(_decoded(image, content, path))
        except (ReadError, Image.DecompressionBombError):
            raise
        except Exception as fault:  # decoders raise many kinds on damaged files
            raise _damaged(path, fault) from fault


def _decoded(image: Any, content: bytes, path: Path) -> Picture:
    pages = int(getattr(image, "n_frames", 1))
    if pages != 1:
        raise ReadError(f"the file holds {pages} images", file=path, remedy="Choose a file with one image")
    kind = "jpeg" if image.format in JPEG_NAMES else str(image.format).lower()
    if image.format == "PNG" and content[24:26] == bytes((SIXTEEN, GREY_WITH_OPACITY)):
        return Picture(*_deep_grey_with_opacity(content), kind, _text(image), _orientation(image))
    values, opacity = channels(image, path)
    return Picture(values, opacity, kind, _text(image), _orientation(image))


def _text(image: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in getattr(image, "text", {}).items()}


def _orientation(image: Any) -> int:
    """Exif's Orientation, 1 where there is none or it cannot be read."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # a broken Exif block is no reason to refuse the pixels
        return 1


def _deep_grey_with_opacity(content: bytes) -> tuple[NDArray[Any], NDArray[Any]]:
    """A PNG of 16-bit grey with 16-bit opacity, of which Pillow would keep 8 bits."""
    import cv2

    whole = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    if whole is None or whole.ndim != 3:
        raise ValueError("the compressed pixels are broken")
    return np.ascontiguousarray(whole[..., 0]), np.ascontiguousarray(whole[..., -1])


def _damaged(path: Path, fault: Exception) -> ReadError:
    from PIL import UnidentifiedImageError

    if isinstance(fault, UnidentifiedImageError):
        return ReadError("the file is not a readable image", file=path, remedy="Choose a PNG, TIFF or JPEG file")
    reason = (str(fault).strip().splitlines() or [type(fault).__name__])[0][:120].rstrip(".")
    return ReadError(f"the image file is damaged ({reason})", file=path, remedy="Copy it again")
