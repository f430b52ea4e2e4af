"""Millimetres per pixel, always with where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cxr_studio.errors import SpacingUnknown

BELIEVABLE_MM = (0.01, 5.0)
"""Pixel sizes outside this range are taken for a mistake."""


class SpacingOrigin(StrEnum):
    """What a spacing was derived from; the value is the label that the window prints."""

    CALIBRATED = "calibrated"
    GEOMETRY = "geometry"
    AT_DETECTOR = "at detector"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Spacing:
    """Pixel spacing in millimetres, rows then columns as in DICOM PixelSpacing.

    Attributes:
        y: Distance between row centres in mm, or None when the file does not say it believably.
        x: Distance between column centres in mm, or None likewise.
        origin: Where the figures come from.
    """

    y: float | None
    x: float | None
    origin: SpacingOrigin

    @property
    def known(self) -> bool:
        """True when sizes in mm may be shown."""
        return self.y is not None and self.x is not None

    def require(self) -> tuple[float, float]:
        """Return (y, x) in mm.

        Raises:
            SpacingUnknown: the radiograph has no believable spacing.
        """
        if self.y is None or self.x is None:
            raise SpacingUnknown(
                "this radiograph has no pixel spacing, so millimetres are not available",
                remedy="Give sizes in pixels",
            )
        return self.y, self.x


def believable(y: float, x: float) -> bool:
    """Tell whether y and x, in mm, can be the pixel size of a radiograph: neither tiny, huge nor very oblong."""
    low, high = BELIEVABLE_MM
    return low <= y <= high and low <= x <= high and max(y, x) <= 2 * min(y, x)


UNKNOWN_SPACING = Spacing(None, None, SpacingOrigin.UNKNOWN)
