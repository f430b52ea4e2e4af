"""Pixels of a DICOM image that stand for nothing: Pixel Padding Value and its Range Limit (PS3.3 C.7.5.1.1.2), and the
border that a shutter has made."""

from __future__ import annotations

from typing import Any

from cxr_studio.radiographs.dicom_bits import Stored
from cxr_studio.radiographs.dicom_shutter import border_value
from cxr_studio.radiographs.greyscale import GreyScale

MOST_PADDING = 0.99
"""Largest share of an image that padding may take; beyond, the header is taken for wrong."""


def with_padding(grey: GreyScale, header: Any, stored: Stored) -> tuple[GreyScale, tuple[str, ...]]:
    """Return the pipeline that knows what is padding, and a sentence where the header's padding was ignored."""
    padding = _padding(header, grey, stored)
    if padding is None:
        return grey, ()
    values = stored.values
    share = float(((values >= padding[0]) & (values <= padding[1])).mean())
    if share > MOST_PADDING or (padding[0] <= grey.low and padding[1] >= grey.high):
        return grey, ("By the file's padding value nearly the whole image would be padding; it is ignored.",)
    return grey.padded_with(padding, values), ()


def _padding(header: Any, grey: GreyScale, stored: Stored) -> tuple[int, int] | None:
    """First and last stored value that are padding; a value beyond Bits Stored is put right in the header."""
    value, limit = _number(header, "PixelPaddingValue"), _number(header, "PixelPaddingRangeLimit")
    if value is None:
        border = border_value(header, stored.values)
        return None if border is None else (border, border)
    ends = sorted(_stored(end, grey, stored) for end in (value, value if limit is None else limit))
    if ends[0] == ends[1] and not grey.low <= ends[0] <= grey.high and (stored.raw == ends[0]).any():
        ends = [stored.value_of(ends[0])] * 2
        header.add_new("PixelPaddingValue", "SS" if grey.low < 0 else "US", ends[0])
        header.pop("PixelPaddingRangeLimit", None)
    found = max(ends[0], grey.low), min(ends[1], grey.high)
    return found if found[0] <= found[1] else None


def _stored(value: int, grey: GreyScale, stored: Stored) -> int:
    """A padding value as the pixels have it: some writers mistake its sign."""
    container = 1 << (8 * stored.raw.itemsize)
    if not -container // 2 <= value < container:
        return value
    wrapped = value % container
    return wrapped - container if grey.low < 0 and wrapped >= container // 2 else wrapped


def _number(header: Any, keyword: str) -> int | None:
    value = header.get(keyword)
    if isinstance(value, bytes) and len(value) == 2:  # some writers give it as OW
        return int.from_bytes(value, "little")
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
