"""Masks as files: 8-bit PNG, 0 outside and 255 inside; DICOM segmentations are read too."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np

from cxr_studio.errors import ReadError
from cxr_studio.files import replaced
from cxr_studio.masks.boxes import Mask
from cxr_studio.masks.dicom_segmentation import holds_dicom, read_segments
from cxr_studio.pictures.decoding import decode_picture
from cxr_studio.pictures.picture import Picture

JPEG_HALF = 128
"""Grey from which a pixel of a JPEG mask is inside."""


def load_mask(path: str | Path, shape: tuple[int, int], *, instances: Collection[str] = ()) -> Mask:
    """Read a mask: every pixel above zero that is not transparent is inside.

    In JPEG, whose edges ring, a pixel from half of white up is inside. A picture that is black wherever it is opaque
    has its mask in the opacity. Of a DICOM segmentation all segments together are the mask.

    Args:
        path: An image (PNG, TIFF, JPEG, BMP), turned as its Orientation asks; a grey one saved as colour will do. Or a
            DICOM segmentation.
        shape: ``(height, width)`` of the radiograph that it belongs to.
        instances: The radiograph's ``instances``; a segmentation has to refer to one of them.

    Raises:
        ReadError: no such file, no image, coloured, of another size, or a segmentation of another radiograph.
    """
    path = Path(path)
    content = _content(path)
    if holds_dicom(content):
        segments = read_segments(content, path, instances)
        inside = np.asarray(np.any([segment.mask for segment in segments], axis=0))
    else:
        inside = _inside(_picture(content, path), path)
    if inside.shape != shape:
        raise ReadError(
            f"the mask has {inside.shape[1]} × {inside.shape[0]} pixels, the radiograph {shape[1]} × {shape[0]}",
            file=path,
            remedy="Choose the mask that was drawn on this radiograph",
        )
    return inside


def save_mask(path: str | Path, mask: Mask) -> None:
    """Write a mask as 8-bit PNG, 0 and 255, atomically; a name without that ending gets it.

    Raises:
        WriteError: the file cannot be written.
    """
    from PIL import Image

    path = Path(path)
    named = path if path.suffix.lower() == ".png" else path.with_name(f"{path.name}.png")
    with replaced(named) as beside:
        Image.fromarray(mask.astype(np.uint8) * 255).save(beside, format="PNG")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as fault:
        raise ReadError("there is no such file", file=path, remedy="Choose another mask") from fault
    except OSError as fault:
        what = f"the file cannot be read ({fault.strerror})"
        raise ReadError(what, file=path, remedy="Choose another mask") from fault


def _picture(content: bytes, path: Path) -> Picture:
    from PIL import Image

    try:
        return decode_picture(content, path)
    except (OSError, Image.DecompressionBombError) as fault:
        raise ReadError("the file is not a readable image", file=path, remedy="Choose a PNG mask") from fault


def _inside(picture: Picture, path: Path) -> Mask:
    opaque = None if picture.opacity is None else np.asarray(picture.opacity > 0)
    if opaque is not None and (opaque.all() or not opaque.any()):
        opaque = None  # the same everywhere: it says nothing
    values = picture.values
    if values.ndim == 3:
        seen = values if opaque is None else values[opaque]
        if (seen != seen[..., :1]).any():
            raise ReadError("the mask is coloured", file=path, remedy="Save it as one grey channel")
        values = values[..., 0]
    inside = np.asarray(values >= JPEG_HALF if picture.format == "jpeg" else values > 0)
    if opaque is None:
        return inside
    return np.asarray(inside & opaque if inside[opaque].any() else opaque)
