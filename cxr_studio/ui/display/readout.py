"""What the status bar says about the pixel under the crosshair."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_studio.radiographs.spacing import Spacing


@dataclass(frozen=True)
class Readout:
    """One pixel.

    Attributes:
        y: Row.
        x: Column.
        raw: Stored value of the original.
        filled: Stored value of the inpainted image.
        shown: Grey level of the original on the screen, 0-255.
    """

    y: int
    x: int
    raw: int
    filled: int
    shown: int


def position_text(y: float, x: float, spacing: Spacing) -> str:
    """``x 512, y 300 px · 71.7, 42.0 mm (at detector)``; without a spacing the pixels alone."""
    pixels = f"x {round(x)}, y {round(y)} px"
    if not spacing.known:
        return f"{pixels} · mm unknown"
    step_y, step_x = spacing.require()
    return f"{pixels} · {x * step_x:.1f}, {y * step_y:.1f} mm ({spacing.origin.value})"


def value_text(readout: Readout) -> str:
    """``raw 2041 · shown 143``, with the change when the inpainted value differs."""
    text = f"raw {readout.raw} · shown {readout.shown}"
    if readout.filled != readout.raw:
        text += f" · inpainted {readout.filled} ({readout.filled - readout.raw:+d})"
    return text


def length_text(pixels: float, millimetres: float | None) -> str:
    """``40 px`` or ``40 px · 5.7 mm``."""
    return f"{pixels:.0f} px" if millimetres is None else f"{pixels:.0f} px · {millimetres:.1f} mm"


def mm_per_pixel(spacing: Spacing) -> float | None:
    """Millimetres per pixel, the mean of both directions; None where unknown."""
    return (spacing.y * spacing.x) ** 0.5 if spacing.y is not None and spacing.x is not None else None


def nodule_text(diameter: float, contrast: float, spacing: Spacing) -> str:
    """``Nodule ⌀ 12.0 mm (at detector) · contrast 1.00 ×``, in pixels where millimetres are unknown."""
    mm = mm_per_pixel(spacing)
    size = f"{diameter:.0f} px (mm unknown)" if mm is None else f"{diameter * mm:.1f} mm ({spacing.origin.value})"
    return f"Nodule ⌀ {size} · contrast {contrast:.2f} ×"
