"""Statistics of a region: modality values, padding left out, and the area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxr_studio.masks.boxes import cut
from cxr_studio.masks.shapes import fill_ellipse, fill_rectangle
from cxr_studio.radiographs.radiograph import Radiograph, Stored
from cxr_studio.radiographs.spacing import Spacing
from cxr_studio.ui.tools.measures import Region

CM2_FROM = 100.0
"""Square millimetres from which an area is told in square centimetres."""


@dataclass(frozen=True)
class Statistics:
    """Of the pixels of a region.

    Attributes:
        mean, deviation: Mean and standard deviation, modality values.
        low, high: Least and largest modality value.
        pixels: How many there are, padding left out.
    """

    mean: float
    deviation: float
    low: float
    high: float
    pixels: int


def region_statistics(radiograph: Radiograph, stored: Stored, region: Region) -> Statistics | None:
    """Statistics of an image with the radiograph's grey scale; None where no pixel is inside.

    Args:
        radiograph: Says how stored values are read.
        stored: ``[H, W]``: the original's or the inpainted image's.
        region: In image pixels.
    """
    values = radiograph.grey.modality[radiograph.grey.index(_inside(radiograph, stored, region))]
    if not values.size:
        return None
    wide = values.astype(np.float64)
    return Statistics(float(wide.mean()), float(wide.std()), float(wide.min()), float(wide.max()), int(wide.size))


def region_text(found: Statistics, spacing: Spacing, unit: str) -> str:
    """Three lines: mean and SD, least and largest value, area."""
    return (
        f"mean {found.mean:.1f}, SD {found.deviation:.1f} {unit}\n"
        f"min {found.low:.0f}, max {found.high:.0f}\n"
        f"{area_text(found.pixels, spacing)}"
    )


def area_text(pixels: int, spacing: Spacing) -> str:
    """``12.3 cm² (at detector)``, ``45.0 mm² (…)`` or ``1,234 px² (mm unknown)``."""
    if not spacing.known:
        return f"{pixels:,} px² (mm unknown)"
    step_y, step_x = spacing.require()
    area = pixels * step_y * step_x
    size = f"{area / 100:.1f} cm²" if area >= CM2_FROM else f"{area:.1f} mm²"
    return f"{size} ({spacing.origin.value})"


def value_unit(radiograph: Radiograph) -> str:
    """What modality values are in: the file's Rescale Type (0028,1054) where it states one, else "grey values"."""
    stated = getattr(radiograph.header, "RescaleType", None) if radiograph.source.format == "dicom" else None
    return str(stated) if stated and str(stated).upper() not in ("US", "UNSPECIFIED") else "grey values"


def _inside(radiograph: Radiograph, stored: Stored, region: Region) -> Stored:
    mask = np.zeros(radiograph.shape, bool)
    fill = fill_ellipse if region.oval else fill_rectangle
    place = cut(fill(mask, region.first, region.second, value=True))
    inside = mask[place]
    if radiograph.padding is not None:
        inside &= ~radiograph.padding[place]
    inner: Stored = stored[place][inside]
    return inner
