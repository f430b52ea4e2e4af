"""Radiographs side by side in a picture: tiles of one size, with gaps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Box
from cxr_studio.quality.highlighting.picture import write_picture

SIDE = 320
"""Of a tile, pixels."""

GAP = 4

Grey = NDArray[np.uint8]


def tile(image: NDArray[np.floating], box: Box | None = None) -> Grey:
    """A radiograph of greys 0 to 1, shrunk into a square, with a frame around a box of its pixels."""
    grey = np.clip(255 * image, 0, 255).astype(np.uint8)
    if box is not None:
        thick = max(1, round(max(grey.shape) / SIDE))
        cv2.rectangle(grey, (box[1], box[0]), (box[3] - 1, box[2] - 1), 255, thick)
    scale = SIDE / max(grey.shape)
    size = round(grey.shape[1] * scale), round(grey.shape[0] * scale)
    square = np.zeros((SIDE, SIDE), np.uint8)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    square[top : top + size[1], left : left + size[0]] = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return square


def write_tiles(path: Path, tiles: Sequence[Grey], *, columns: int) -> None:
    """Write tiles in full rows.

    Raises:
        WriteError: the file cannot be written.
    """
    rows = [_joined(tiles[start : start + columns], axis=1) for start in range(0, len(tiles), columns)]
    write_picture(path, np.repeat(_joined(rows, axis=0)[..., None], 3, axis=2))


def _joined(parts: Sequence[Grey], *, axis: int) -> Grey:
    shape = list(parts[0].shape)
    shape[axis] = GAP
    gap = np.zeros(shape, np.uint8)
    return np.concatenate([piece for part in parts for piece in (part, gap)][:-1], axis=axis)
