"""Windows to choose from: the file's own, percentiles, the full range, a region."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.greyscale import GreyScale
from cxr_studio.radiographs.percentiles import TAILS, modality_percentiles, sampled_modality
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.window import VoiFunction, Window

LEAST_GREY = 0.05
"""Least share of the pixels that a window must show neither black nor white; half of a chest radiograph's may be."""

JUDGED = 1 << 16
"""About how many pixels a window is judged by."""

LEAST_SPREAD = 0.1
"""Least difference of shown grey, as a share of black to white, between the 1st and the 99th percentile."""


def default_window(radiograph: Radiograph) -> Window:
    """Return the file's first window that shows the image, else the full range of 8 bits, else percentiles."""
    for window in radiograph.grey.windows:
        if shows(window, radiograph):
            return window
    if radiograph.stored.dtype == np.uint8:
        return full_window(radiograph)
    return percentile_window(radiograph, *TAILS)


def presets(radiograph: Radiograph) -> tuple[Window, ...]:
    """Return every window worth offering, the default first."""
    first = default_window(radiograph)
    offered = [*radiograph.grey.windows, percentile_window(radiograph, *TAILS), percentile_window(radiograph, 1, 99)]
    offered.append(full_window(radiograph))
    return (first, *(window for window in offered if window is not first and window.name != first.name))


def shows(window: Window, radiograph: Radiograph) -> bool:
    """Tell whether a window shows more of the image than black, white or one grey; a flat image is never shown."""
    shown = window.apply(sampled_modality(radiograph.grey, radiograph.stored, JUDGED))
    low, high = np.percentile(shown, (1, 99))
    between = (shown > 0.5 / 255) & (shown < 254.5 / 255)
    return bool(high - low >= LEAST_SPREAD and between.mean() >= LEAST_GREY)


def window_notes(radiograph: Radiograph) -> tuple[str, ...]:
    """Return a sentence where the file's first window is not the one that is shown first."""
    windows = radiograph.grey.windows
    default = default_window(radiograph)
    if not windows or default is windows[0]:
        return ()
    what = (
        f"The file's window {windows[0].center:g}/{windows[0].width:g} shows nearly everything black, white or one grey"
    )
    return (f"{what}; {default.name} is shown instead, and the file's stays in the list of windows.",)


def percentile_window(radiograph: Radiograph, low: float, high: float) -> Window:
    """Window between two percentiles (0 to 100) of the image's modality values, padding left out."""
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
    return _spanning(*modality_percentiles(grey, stored, tails), name)  # type: ignore[arg-type]


def _spanning(low: float, high: float, name: str) -> Window:
    """Window from ``low`` to ``high``; one unit wide where they are equal."""
    return Window((low + high) / 2, high - low if high > low else 1.0, VoiFunction.LINEAR_EXACT, name)
