"""The grey-scale pipeline that a DICOM header describes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.greyscale import GreyScale, linear_greyscale
from cxr_studio.radiographs.window import VoiFunction, Window

BELIEVABLE_SLOPE = (1e-6, 1e6)
"""Smallest and largest size of a rescale slope; others are taken for a mistake, as float32 cannot hold the values."""

BELIEVABLE_INTERCEPT = 1e9
"""Largest size of a rescale intercept."""


def dicom_greyscale(header: Any, dtype: np.dtype[np.generic]) -> tuple[GreyScale, tuple[str, ...]]:
    """Read modality LUT or rescale, VOI windows and tables, and the photometric interpretation.

    PresentationLUTShape is not looked at: in an image the photometric interpretation decides the polarity.

    Args:
        header: A pydicom Dataset.
        dtype: Of the stored values: uint8, uint16 or int16.

    Returns:
        The pipeline, and sentences on what was ignored.
    """
    notes: list[str] = []
    inverted = header.PhotometricInterpretation == "MONOCHROME1"
    bits = int(header.BitsStored)
    grey = linear_greyscale(dtype, bits, rescale=_rescale(header, notes), inverted=inverted)
    table = _modality_table(header, grey, notes)
    if table is not None:
        grey = GreyScale(table, grey.low, grey.high, inverted, (), grey.offset)
    windows = (*_windows(header, notes), *_tables(header, grey, notes))
    return GreyScale(grey.modality, grey.low, grey.high, inverted, windows, grey.offset), tuple(notes)


def _rescale(header: Any, notes: list[str]) -> tuple[float, float]:
    try:
        slope, intercept = (
            usual if header.get(keyword) in (None, "") else float(header.get(keyword))
            for keyword, usual in (("RescaleSlope", 1.0), ("RescaleIntercept", 0.0))
        )
    except (TypeError, ValueError):
        slope = intercept = float("nan")
    low, high = BELIEVABLE_SLOPE
    if low <= abs(slope) <= high and abs(intercept) <= BELIEVABLE_INTERCEPT:
        return slope, intercept
    notes.append("The file's rescale slope or intercept is implausible and ignored.")
    return 1.0, 0.0


def _modality_table(header: Any, grey: GreyScale, notes: list[str]) -> NDArray[np.float32] | None:
    items = _parts(header.get("ModalityLUTSequence"))
    if not items:
        return None
    entries = _entries(items[0], signed=grey.offset > 0)
    if entries is None:
        notes.append("The file's modality table is damaged and is ignored.")
        return None
    values, first = entries
    stored = np.arange(len(grey.modality)) - grey.offset
    return np.asarray(values[np.clip(stored - first, 0, len(values) - 1)].astype(np.float32))


def _windows(header: Any, notes: list[str]) -> list[Window]:
    centers, widths = _numbers(header.get("WindowCenter")), _numbers(header.get("WindowWidth"))
    names = _texts(header.get("WindowCenterWidthExplanation"))
    try:
        function = VoiFunction(str(header.get("VOILUTFunction", "") or "LINEAR"))
    except ValueError:
        function = VoiFunction.LINEAR
    least = 1.0 if function is VoiFunction.LINEAR else 1e-6
    found = []
    for k, (center, width) in enumerate(zip(centers, widths, strict=False)):
        if not np.isfinite([center, width]).all() or width < least:
            notes.append(f"The file's window {center:g}/{width:g} is implausible and ignored.")
            continue
        name = names[k] if k < len(names) and names[k] else f"window {k + 1}"
        found.append(Window(center, width, function, f"From file: {name}"))
    return found


def _tables(header: Any, grey: GreyScale, notes: list[str]) -> list[Window]:
    found = []
    for k, item in enumerate(_parts(header.get("VOILUTSequence"))):
        entries = _entries(item, signed=grey.modality_range[0] < 0)
        if entries is None:
            notes.append("A grey table (VOI LUT) of the file is damaged and is ignored.")
            continue
        values, first = entries
        top, stated = int(values.max()), (1 << int(item.LUTDescriptor[2])) - 1
        name = str(item.get("LUTExplanation", "") or f"table {k + 1}")
        if top != stated:
            notes.append(
                f"The largest value of the file's grey table {name!r} is {top}, not {stated} as its bits say; it "
                "is shown as white."
            )
        shown = (values / top).astype(np.float32)
        centre = first + len(values) / 2
        found.append(Window(centre, float(len(values)), VoiFunction.TABLE, f"From file: {name}", shown, float(first)))
    return found


def _entries(item: Any, *, signed: bool) -> tuple[NDArray[np.int64], int] | None:
    """LUT Data and the first mapped value, or None when descriptor and data disagree."""
    try:
        count, first, bits = (int(part) for part in item.LUTDescriptor)
        raw = item.LUTData
        count = count or 65_536
        if signed and first > 32_767:
            first -= 65_536
        if isinstance(raw, bytes):
            values = np.frombuffer(raw, "<u2" if len(raw) >= 2 * count else np.uint8)
        else:
            values = np.asarray(raw, dtype=np.int64)
        values = values[:count].astype(np.int64)
    except (AttributeError, IndexError, OverflowError, TypeError, ValueError):
        return None
    flat = len(values) < 2 or values.min() == values.max()
    return None if len(values) != count or not 8 <= bits <= 16 or flat else (values, first)


def _numbers(value: Any) -> list[float]:
    found = []
    for part in _parts(value):
        try:
            found.append(float(part))
        except (TypeError, ValueError):
            found.append(float("nan"))
    return found


def _texts(value: Any) -> list[str]:
    return [str(part).strip() for part in _parts(value)]


def _parts(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if hasattr(value, "__iter__") and not isinstance(value, str) else [value]
