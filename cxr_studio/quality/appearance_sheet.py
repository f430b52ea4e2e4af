"""A contact sheet of real nodules above drawn ones of the same size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.files import replaced
from cxr_studio.quality.nodule_appearance import Measured

COLUMNS = 14
SIDE = 110
"""Pixels of a cell; a nodule's surroundings are shown pixel for pixel."""

GAP = 2


def write_appearance_sheet(path: Path, found: Mapping[str, Sequence[Measured]]) -> None:
    """Write a PNG, a row a source, in the order of size; every cell stretched to its own range.

    Raises:
        WriteError: the file cannot be written.
    """
    from PIL import Image

    rows = [np.hstack([_cell(one) for one in _chosen(group)]) for group in found.values()]
    wide = max(row.shape[1] for row in rows)
    picture = np.vstack([np.pad(row, ((0, 0), (0, wide - row.shape[1]))) for row in rows])
    with replaced(path) as beside:
        Image.fromarray(picture).save(beside, format="PNG")


def _chosen(group: Sequence[Measured]) -> list[Measured]:
    ordered = sorted(group, key=lambda one: one.appearance.diameter)
    places = np.unique(np.linspace(0, len(ordered) - 1, min(COLUMNS, len(ordered))).round().astype(int))
    return [ordered[place] for place in places]


def _cell(one: Measured) -> NDArray[np.uint8]:
    """The square around the box's middle."""
    image = one.shown.image
    pad = max(0, (SIDE - min(image.shape) + 1) // 2)
    image = np.pad(image, pad, mode="edge")
    top, left = ((n - SIDE) // 2 for n in image.shape)
    part = image[top : top + SIDE, left : left + SIDE]
    low, high = np.percentile(part, (0.5, 99.5))
    grey = np.clip((part - low) / max(high - low, 1e-3) * 255, 0, 255).astype(np.uint8)
    return np.pad(grey, GAP)
