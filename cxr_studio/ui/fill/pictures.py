"""Small pictures of variations: the hole and its surroundings through the shown window."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from cxr_studio.generation.result import Result
from cxr_studio.masks.boxes import Box, cut, padded, union
from cxr_studio.ui.shell.workspace import Workspace

SIDE = 144
"""Side in device pixels: 72 logical ones at 200 %."""
MARGIN = 0.35
"""Surroundings shown, as a share of the hole's longer side."""


def variation_pictures(
    workspace: Workspace, levels: Callable[[], NDArray[np.uint8]], found: Sequence[Result]
) -> list[QImage]:
    """Return one square picture for every variation.

    Args:
        workspace: The open radiograph.
        levels: Gives the grey level on the screen of every stored value, ``uint8 [N]``.
        found: The variations.
    """
    session, composite = workspace.session, workspace.composite
    if session is None or composite is None or not found:
        return []
    import cv2

    box = _around(found, session.radiograph.shape)
    table = levels()
    pictures = []
    for result in found:
        part = composite.base.copy()
        for patch in result.patches:
            part[cut(patch.box)] = patch.stored
        shown = table[session.radiograph.grey.index(part[cut(box)].copy())]
        square = np.ascontiguousarray(cv2.resize(shown, (SIDE, SIDE), interpolation=cv2.INTER_AREA))
        image = QImage(square.data, SIDE, SIDE, SIDE, QImage.Format.Format_Grayscale8).copy()
        image.setDevicePixelRatio(2.0)
        pictures.append(image)
    return pictures


def _around(found: Sequence[Result], shape: tuple[int, int]) -> Box:
    box: Box = (0, 0, 0, 0)
    for result in found:
        for patch in result.patches:
            box = union(box, patch.box)
    height, width = box[2] - box[0], box[3] - box[1]
    side = max(height, width)
    square = (box[0] - (side - height) // 2, box[1] - (side - width) // 2)
    whole = (square[0], square[1], square[0] + side, square[1] + side)
    return padded(whole, round(MARGIN * side), shape)
