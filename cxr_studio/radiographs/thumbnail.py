"""Small grey pictures for a strip of thumbnails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.presets import default_window
from cxr_studio.radiographs.reading import read_radiograph


def thumbnail(path: str | Path, side: int) -> NDArray[np.uint8]:
    """Read a radiograph as a small picture, shown through its default window.

    Args:
        path: Any supported radiograph.
        side: Longest side of the picture in pixels.

    Returns:
        ``uint8 [h, w]``, aspect kept.

    Raises:
        ReadError: it cannot be read.
    """
    import cv2

    radiograph = read_radiograph(path)
    table = radiograph.grey.display_table(default_window(radiograph))
    height, width = radiograph.shape
    step = max(1, min(height, width) // (4 * side))
    shown = table[radiograph.grey.index(radiograph.stored[::step, ::step])]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(shown, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
