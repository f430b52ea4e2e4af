"""Where a MetaImage lies in space: header lines that a written file must keep."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cxr_studio.radiographs.spacing import Spacing

HEADER_BYTES = 65_536
"""Most bytes that are searched for the header's keys."""

ALIASES = {
    "Orientation": "TransformMatrix",
    "Rotation": "TransformMatrix",
    "Position": "Offset",
    "Origin": "Offset",
}
"""Other names that MetaIO reads → the names that it writes."""

VECTORS = ("Offset", "CenterOfRotation", "ElementSpacing")

ORIENTATION = "AnatomicalOrientation"
DIMENSIONS = "NDims"


def geometry_of(content: bytes) -> dict[str, str]:
    """Return the lines that say more than "two dimensions, upright, at the origin", by their usual names.

    Lines whose numbers do not agree with ``NDims`` are left out.
    """
    lines = {}
    for line in content[:HEADER_BYTES].split(b"\n"):
        name, _, value = (part.strip() for part in line.decode("latin-1").partition("="))
        if name == "ElementDataFile":
            break
        lines[ALIASES.get(name, name)] = value
    count = int(lines.get(DIMENSIONS, "2")) if lines.get(DIMENSIONS, "2").isdigit() else 2
    kept = {DIMENSIONS: str(count)} if 2 < count <= 10 else {}
    for name, length, usual in _expected(count):
        found = _numbers(lines.get(name, ""))
        if found is not None and len(found) == length and found != usual:
            kept[name] = lines[name]
    orientation = lines.get(ORIENTATION, "")
    if len(orientation) == count and set(orientation) <= set("RLAPSI"):
        kept[ORIENTATION] = orientation
    return kept


def geometry_lines(kept: Mapping[str, str], shape: tuple[int, int], spacing: Spacing) -> dict[str, str]:
    """Return the header lines of an image, with what ``geometry_of`` kept of its source.

    Args:
        kept: May be empty.
        shape: ``(height, width)``.
        spacing: Written in the plane where it is known.
    """
    count = int(kept.get(DIMENSIONS, "2"))
    apart = (kept.get("ElementSpacing") or " ".join("1" * count)).split()
    if spacing.known:
        apart[:2] = [f"{spacing.x}", f"{spacing.y}"]
    lines = {DIMENSIONS: str(count)}
    for name, length, usual in _expected(count):
        lines[name] = kept.get(name) or " ".join(f"{number:g}" for number in usual[:length])
    if ORIENTATION in kept:
        lines[ORIENTATION] = kept[ORIENTATION]
    lines["ElementSpacing"] = " ".join(apart)
    lines["DimSize"] = " ".join([str(shape[1]), str(shape[0]), *["1"] * (count - 2)])
    return lines


def _expected(count: int) -> list[tuple[str, int, list[float]]]:
    """Name, number of figures and usual figures of every line."""
    upright = np.eye(count).ravel().tolist()
    usual = {"Offset": 0.0, "CenterOfRotation": 0.0, "ElementSpacing": 1.0}
    return [
        ("TransformMatrix", count * count, upright),
        *((name, count, [usual[name]] * count) for name in VECTORS),
    ]


def _numbers(text: str) -> list[float] | None:
    try:
        found = [float(part) for part in text.split()]
    except ValueError:
        return None
    return found if np.isfinite(found).all() else None
