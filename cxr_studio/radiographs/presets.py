"""Windows to choose from: the file's own, percentiles, the full range, a region."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.greyscale import GreyScale
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.window import VoiFunction, Window

TAILS = (0.1, 99.9)
"""Percentiles shown as black and white where the file names no window, per cent (3D Slicer's default)."""

SAMPLES = 1 << 20
"""About how many pixels are looked at for percentiles."""


def default_window(radiograph: Radiograph) -> Window:
    """Return the file's first window, else the full range of an 8-bit image, else percentiles."""
    if radiograph.grey.windows:
        return radiograph.grey.windows[0]
    if radiograph.stored.dtype == np.uint8:
        return full_window(radiograph)
    return percentile_window(radiograph, *TAILS)


def presets(radiograph: Radiograph) -> tuple[Window, ...]:
    """Return every window worth offering, the default first."""
    offered = [*radiograph.grey.windows, percentile_window(radiograph, *TAILS), percentile_window(radiograph, 1, 99)]
    full = full_window(radiograph)
    if default_window(radiograph).name == full.name:
        return (full, *offered)
    return (*offered, full)


def percentile_window(radiograph: Radiograph, low: float, high: float) -> Window:
    """Window between two percentiles (0 to 100) of the image's modality values."""
    return _between(radiograph.grey, radiograph.stored, (low, high), f"Percentiles {low:g}–{high:g} %")


def region_window(radiograph: Radiograph, box: tuple[int, int, int, int]) -> Window:
    """Window that spreads the values of a rectangle ``y0, x0, y1, x1``."""
    part = radiograph.stored[box[0] : box[2], box[1] : box[3]]
    return _between(radiograph.grey, part if part.size else radiograph.stored, (0.5, 99.5), "Region")


def full_window(radiograph: Radiograph) -> Window:
    """Window over every legal modality value."""
    low, high = radiograph.grey.modality_range
    return _spanning(low, high, "Full range")


def _between(grey: GreyScale, stored: NDArray[np.generic], tails: tuple[float, float], name: str) -> Window:
    step = max(1, int(np.sqrt(stored.size / SAMPLES)))
    index = grey.index(stored[::step, ::step])  # type: ignore[arg-type]
    low, high = (float(v) for v in np.percentile(grey.modality[index], tails))
    return _spanning(low, high, name)


def _spanning(low: float, high: float, name: str) -> Window:
    """Window from ``low`` to ``high``; one unit wide where they are equal."""
    return Window((low + high) / 2, high - low if high > low else 1.0, VoiFunction.LINEAR_EXACT, name)
