"""Window arithmetic without Qt: drags, and the choices that the menu offers."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cxr_studio.radiographs.presets import full_window, percentile_window, presets
from cxr_studio.radiographs.radiograph import Radiograph
from cxr_studio.radiographs.window import VoiFunction, Window

DRAG_SPAN = 700.0
"""A drag of so many screen pixels moves the window by the whole range of the image."""


@dataclass(frozen=True, eq=False)
class WindowChoice:
    """One line of the window menu: a title and the window (None: the whole legal range, the VOI ignored)."""

    title: str
    window: Window | None


def window_choices(radiograph: Radiograph) -> tuple[WindowChoice, ...]:
    """Return the file's own windows, percentiles and the full range, and last the choice to ignore the VOI LUT."""
    offered = [*presets(radiograph), percentile_window(radiograph, 5, 95)]
    named = tuple(WindowChoice(window.name or f"Preset {place}", window) for place, window in enumerate(offered, 1))
    return (*named, WindowChoice("Ignore VOI LUT", None))


def straight(radiograph: Radiograph, window: Window | None) -> Window:
    """Return a window that can be dragged: None and tables become the straight window between their edges."""
    if window is None:
        return full_window(radiograph)
    if window.function is not VoiFunction.TABLE:
        return window
    low, high = window.edges()
    return between(low, high)


def between(low: float, high: float) -> Window:
    """Return the window that shows ``low`` as black and ``high`` as white, modality values."""
    return Window((low + high) / 2, max(high - low, 1.0), VoiFunction.LINEAR_EXACT)


def dragged(window: Window, *, dx: float, dy: float, span: float) -> Window:
    """Return the window after a drag: right widens, down raises the centre (darker).

    Args:
        window: No table.
        dx: Screen pixels to the right.
        dy: Screen pixels down.
        span: Range of the image in modality values.
    """
    step = span / DRAG_SPAN
    return replace(window, center=window.center + dy * step, width=max(window.width + dx * step, 1.0), name="")
