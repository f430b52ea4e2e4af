"""Window arithmetic without Qt: drags, and the choices that the menu offers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cxr_studio.radiographs.presets import percentile_window, presets
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.window import VoiFunction, Window

DRAG_SPAN = 700.0
"""A drag of so many screen pixels moves the window by the whole range of the image."""

PERCENTILES: tuple[tuple[float, float], ...] = ((0.1, 99.9), (1.0, 99.0), (5.0, 95.0))
"""Tails offered in the menu; 0.1 % is the usual default of viewers."""


@dataclass(frozen=True, eq=False)
class WindowChoice:
    """One line of the window menu: a title and the window (None: the whole range, VOI LUT ignored)."""

    title: str
    window: Window | None


def window_choices(radiograph: Radiograph) -> tuple[WindowChoice, ...]:
    """Return the file's own windows, then percentiles, then the whole range."""
    own = tuple(
        WindowChoice(window.name or f"From file {place}", window) for place, window in enumerate(presets(radiograph), 1)
    )
    tails = tuple(
        WindowChoice(f"Percentiles {low:g}–{high:g} %", percentile_window(radiograph, low, high))
        for low, high in PERCENTILES
    )
    return (*own, *tails, WindowChoice("Whole range (ignore VOI LUT)", None))


def full_window(radiograph: Radiograph) -> Window:
    """Return the LINEAR window that spans all legal stored values."""
    grey = radiograph.grey
    offset = 32_768 if radiograph.stored.dtype.kind == "i" else 0
    ends = float(grey.modality[grey.low + offset]), float(grey.modality[grey.high + offset])
    low, high = min(ends), max(ends)
    return Window((low + high) / 2 + 0.5, max(high - low + 1.0, 1.0), name="Whole range")


def dragged(window: Window, *, dx: float, dy: float, span: float) -> Window:
    """Return the window after a drag in screen pixels: right widens, down raises the centre (darker).

    ``span`` is the range of the image in modality values. A table becomes the straight window of its range.
    """
    step = span / DRAG_SPAN
    straight = straightened(window)
    width = max(straight.width + dx * step, 1.0)
    return replace(straight, center=straight.center + dy * step, width=width, name="")


def straightened(window: Window) -> Window:
    """Return a LINEAR window over the range of a TABLE; any other window as it is."""
    if window.function is not VoiFunction.TABLE or window.table is None:
        return window
    width = float(max(len(window.table) - 1, 1))
    return Window(window.first + width / 2, width, VoiFunction.LINEAR)
