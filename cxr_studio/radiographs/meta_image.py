"""MetaImage radiographs (.mha, and .mhd with its .raw or .zraw beside it), through SimpleITK."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.errors import ReadError
from cxr_studio.radiographs.greyscale import linear_greyscale
from cxr_studio.radiographs.meta_geometry import HEADER_BYTES, geometry_of
from cxr_studio.radiographs.provenance_text import KEY, spacing_of
from cxr_studio.radiographs.radiograph import Radiograph, Source
from cxr_studio.radiographs.sizes import check_size
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin, believable

LONGEST_NAME = 80
"""Characters of a pixel file's name in a message; in a damaged file it goes on into the pixels."""


def read_meta_image(path: Path, content: bytes) -> Radiograph:
    """Read a MetaImage file.

    The spacing is believed, at the detector, unless it is the format's default of 1 × 1. Values stored with more
    than 16 bits, or as floating point, are accepted where they are whole and fit 16 bits.

    Raises:
        ReadError: damaged, several slices or channels, fractional or larger values, or of an unsupported size.
    """
    import SimpleITK as sitk

    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    _check_data_file(content, path)
    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    reader.SetImageIO("MetaImageIO")
    try:
        reader.ReadImageInformation()
        size, channels = list(reader.GetSize()), reader.GetNumberOfComponents()
        _check(size, channels, path)
        image = reader.Execute()
    except RuntimeError as fault:
        raise _damaged(path, fault) from fault
    values = sitk.GetArrayFromImage(image).reshape(size[1], size[0])
    stored, notes = _whole(values, path)
    stored.setflags(write=False)
    text = {KEY: image.GetMetaData(KEY)} if image.HasMetaDataKey(KEY) else {}
    text |= geometry_of(content)
    spacing = spacing_of(text) or _spacing(image.GetSpacing())
    bits = 8 if stored.dtype == np.uint8 else 16
    source = Source(path, "mha", sha256(content).hexdigest(), bits)
    return Radiograph(stored, linear_greyscale(stored.dtype, bits), spacing, source, text, notes)


def _check_data_file(content: bytes, path: Path) -> None:
    """Refuse headers that point to another folder's files or to lists of slices."""
    for line in content[:HEADER_BYTES].split(b"\n"):
        key, _, value = line.partition(b"=")
        if key.strip() == b"ElementDataFile":
            name = os.fsdecode(value.strip())
            if name != "LOCAL" and (Path(name).name != name or not os.path.isfile(path.parent / name)):
                what = f"its pixel file {name[:LONGEST_NAME]!r} is not beside it"
                raise ReadError(what, file=path, remedy="Copy both files")
            return
    raise _damaged(path, ValueError("no ElementDataFile"))


def _check(size: list[int], channels: int, path: Path) -> None:
    if channels != 1:
        raise ReadError("it is a colour image", file=path, remedy="Choose a grey-scale radiograph")
    if len(size) < 2:
        raise ReadError(f"it has {len(size)} dimensions", file=path, remedy="Choose a file with one image")
    if any(n != 1 for n in size[2:]):
        raise ReadError(f"it holds {size[-1]} slices", file=path, remedy="Choose a file with one image")
    check_size(size[1], size[0], path)


def _whole(values: NDArray[Any], path: Path) -> tuple[NDArray[Any], tuple[str, ...]]:
    if values.dtype in (np.uint8, np.uint16, np.int16):
        return np.ascontiguousarray(values), ()
    low, high = float(values.min()), float(values.max())
    dtype = np.uint16 if low >= 0 else np.int16
    limits = np.iinfo(dtype)
    if not (np.isfinite([low, high]).all() and limits.min <= low and high <= limits.max and (values % 1 == 0).all()):
        raise ReadError(
            f"its values ({low:g} to {high:g}) are not 16-bit whole numbers",
            file=path,
            remedy="Convert it to 16 bits",
        )
    return values.astype(dtype), (f"The values, stored as {values.dtype}, are whole and were read as 16 bits.",)


def _spacing(spacing: tuple[float, ...]) -> Spacing:
    x, y = spacing[:2]
    if (x, y) == (1.0, 1.0) or not believable(y, x):
        return UNKNOWN_SPACING
    return Spacing(y, x, SpacingOrigin.AT_DETECTOR)


def _damaged(path: Path, fault: Exception) -> ReadError:
    reason = (str(fault).strip().splitlines() or ["unreadable"])[-1][:120].rstrip(".")
    return ReadError(f"the MetaImage file is damaged ({reason})", file=path, remedy="Copy it again")
