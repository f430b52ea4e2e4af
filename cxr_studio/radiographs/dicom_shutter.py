"""Borders of one grey that a shutter or collimator has burnt into a DICOM image (PS3.3 C.7.6.11, C.8.7.3)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = ("Shutter", "Collimator")
"""Beginnings of the keywords of the Display Shutter and of the X-Ray Collimator module."""

MARGIN = 1
"""Pixels on either side of an edge that are not looked at: programs differ in what an edge means."""

EDGES = ("UpperHorizontalEdge", "LowerHorizontalEdge", "LeftVerticalEdge", "RightVerticalEdge")

LEAST_BORDER = 0.005
"""Least share of the image that a border takes for it to matter."""

MOST_INSIDE = 0.001
"""Largest share of the inside that may have the border's value by chance."""


def border_value(header: Any, values: NDArray[Any]) -> int | None:
    """The one stored value of all that lies outside the shutter, or None where there is none.

    Args:
        header: A pydicom Dataset.
        values: Stored values ``[H, W]``.
    """
    for kind in KINDS:
        outside, inside = (_outside(header, kind, values.shape, margin) for margin in (MARGIN, -MARGIN))
        if not LEAST_BORDER <= outside.mean() < 1 or inside.all():
            continue
        border = values[outside]
        if border.min() == border.max() and (values[~inside] == border[0]).mean() <= MOST_INSIDE:
            return int(border[0])
    return None


def _outside(header: Any, kind: str, shape: tuple[int, ...], margin: int) -> NDArray[np.bool_]:
    """Pixels outside any of the shapes that are stated, which are widened by ``margin`` pixels."""
    stated = str(header.get(f"{kind}Shape", "") or "")
    y, x = np.ogrid[1 : shape[0] + 1, 1 : shape[1] + 1]
    outside = np.zeros(shape, bool)
    edges = [_numbers(header, f"{kind}{edge}", 1) for edge in EDGES]
    if "RECTANGULAR" in stated and None not in edges:
        top, bottom, left, right = (edge[0] for edge in edges if edge)
        outside |= (y < top - margin) | (y > bottom + margin)
        outside |= (x < left - margin) | (x > right + margin)
    centre = _numbers(header, f"CenterOfCircular{kind}", 2)
    radius = _numbers(header, f"RadiusOfCircular{kind}", 1)
    if "CIRCULAR" in stated and centre and radius:
        outside |= np.hypot(y - centre[0], x - centre[1]) > radius[0] + margin
    return outside


def _numbers(header: Any, keyword: str, count: int) -> list[float] | None:
    value = header.get(keyword)
    try:
        found = [float(part) for part in (value if hasattr(value, "__iter__") else [value])]
    except (TypeError, ValueError):
        return None
    return found if len(found) == count and np.isfinite(found).all() else None
