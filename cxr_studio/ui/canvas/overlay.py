"""The mask over the image: a translucent tint and a crisp outline, at the screen's own pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Box
from cxr_studio.ui.canvas.geometry import UPRIGHT, Geometry

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class OverlayStyle:
    """How the mask looks.

    Attributes:
        colour: Red, green, blue, 0 to 255.
        opacity: Of the tint, 0 to 1; the outline is nearly opaque.
        visible: Whether it is drawn at all.
    """

    colour: Rgb = (64, 176, 255)
    opacity: float = 0.22
    visible: bool = True


def trace_mask(mask: NDArray[np.bool_], geometry: Geometry, box: Box) -> NDArray[np.uint8]:
    """Sample a device rectangle of the overlay.

    Args:
        mask: ``bool [H, W]``.
        geometry: How the image lies in the pane.
        box: Device rectangle.

    Returns:
        Codes of the rectangle's shape: 0 outside, 1 inside, 2 on the outline.
    """
    if geometry.turn != UPRIGHT:
        return geometry.turn.apply(trace_mask(mask, geometry.upright, geometry.upright_box(box)))
    inside = _sampled(mask, geometry, (box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1))
    core = inside[1:-1, 1:-1]
    edge = core & ~(inside[:-2, 1:-1] & inside[2:, 1:-1] & inside[1:-1, :-2] & inside[1:-1, 2:])
    return np.asarray(core.view(np.uint8) + edge.view(np.uint8))


def colours(style: OverlayStyle, *, tinted: bool) -> NDArray[np.uint32]:
    """Premultiplied ARGB32 of each code of ``trace_mask``; without the tint only the outline is drawn."""
    tint = _premultiplied(style.colour, style.opacity) if tinted else 0
    return np.array([0, tint, _premultiplied(style.colour, 0.9)], np.uint32)


def _sampled(mask: NDArray[np.bool_], geometry: Geometry, box: Box) -> NDArray[np.bool_]:
    """Nearest mask pixel of every device pixel; False beside the image."""
    top, left = geometry.to_image(box[1] + 0.5, box[0] + 0.5)
    rows = np.floor(top + 0.5 + np.arange(box[2] - box[0]) / geometry.scale).astype(np.int64)
    columns = np.floor(left + 0.5 + np.arange(box[3] - box[1]) / geometry.scale).astype(np.int64)
    in_rows, in_columns = (rows >= 0) & (rows < mask.shape[0]), (columns >= 0) & (columns < mask.shape[1])
    found = np.zeros((len(rows), len(columns)), bool)
    first, last = np.searchsorted(rows, 0), np.searchsorted(rows, mask.shape[0])
    start, end = np.searchsorted(columns, 0), np.searchsorted(columns, mask.shape[1])
    if in_rows.any() and in_columns.any():
        found[first:last, start:end] = mask[rows[first:last]][:, columns[start:end]]
    return found


def _premultiplied(colour: Rgb, opacity: float) -> int:
    red, green, blue = (round(part * opacity) for part in colour)
    return (round(255 * opacity) << 24) | (red << 16) | (green << 8) | blue
