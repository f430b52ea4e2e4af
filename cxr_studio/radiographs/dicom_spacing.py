"""Which millimetre: Cornerstone's rule for projection radiographs, with its label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing, SpacingOrigin, believable

BELIEVABLE_MAGNIFICATION = (1.0, 3.0)
"""Estimated radiographic magnification; chest radiographs have 1.05 to 1.40."""


def dicom_spacing(header: Any) -> tuple[Spacing, tuple[str, ...]]:
    """Find the pixel spacing of a projection radiograph.

    A calibrated PixelSpacing wins; else ImagerPixelSpacing is corrected by a stated magnification; else PixelSpacing
    where it is smaller than ImagerPixelSpacing (somebody has corrected it), else either one, at the detector.

    Args:
        header: A pydicom Dataset.

    Returns:
        The spacing, and sentences on what was ignored.
    """
    notes: list[str] = []
    plain = _pair(header, "PixelSpacing", notes)
    imager = _pair(header, "ImagerPixelSpacing", notes)
    kind = str(header.get("PixelSpacingCalibrationType", "") or "")
    if plain and kind in ("GEOMETRY", "FIDUCIAL"):
        origin = SpacingOrigin.GEOMETRY if kind == "GEOMETRY" else SpacingOrigin.CALIBRATED
        return Spacing(*plain, origin), tuple(notes)
    magnification = _magnification(header)
    if imager and magnification:
        return Spacing(imager[0] / magnification, imager[1] / magnification, SpacingOrigin.GEOMETRY), tuple(notes)
    if plain and imager and (plain[0] < imager[0] or plain[1] < imager[1]):
        return Spacing(*plain, SpacingOrigin.CALIBRATED), tuple(notes)
    either = imager or plain
    return (Spacing(*either, SpacingOrigin.AT_DETECTOR) if either else UNKNOWN_SPACING), tuple(notes)


def _pair(header: Any, keyword: str, notes: list[str]) -> tuple[float, float] | None:
    """Read row and column spacing in mm, or None when missing or unbelievable."""
    value = header.get(keyword)
    if value is None or value == "" or value == []:
        return None
    try:
        y, x = (float(part) for part in value)
    except (TypeError, ValueError):
        y = x = float("nan")
    if believable(y, x):
        return y, x
    several = isinstance(value, Iterable) and not isinstance(value, str | bytes)
    shown = "\\".join(str(part) for part in value) if several else str(value)
    notes.append(f"The file's {keyword} {shown} is implausible and ignored.")
    return None


def _magnification(header: Any) -> float | None:
    stated = _number(header, "EstimatedRadiographicMagnificationFactor")
    if stated is None:
        detector = _number(header, "DistanceSourceToDetector")
        patient = _number(header, "DistanceSourceToPatient")
        stated = detector / patient if detector and patient else None
    low, high = BELIEVABLE_MAGNIFICATION
    return stated if stated is not None and low < stated <= high else None


def _number(header: Any, keyword: str) -> float | None:
    try:
        value = float(header.get(keyword))
    except (TypeError, ValueError):
        return None
    return value if value > 0 else None
