"""Small pictures of variations: the hole and its surroundings through the shown window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QImage

from cxr_studio.generation.result import Result
from cxr_studio.masks.boxes import EMPTY, Box, is_empty, union
from cxr_studio.ui.canvas.scene import Scene
from cxr_studio.ui.shell.workspace import Workspace
from cxr_studio.ui.strip.cells import around, cell_of

SIDE = 144
"""Side in device pixels: 72 logical ones at 200 %."""


def variation_pictures(workspace: Workspace, scene: Scene, found: Sequence[Result]) -> list[QImage]:
    """Return one picture for every variation.

    Args:
        workspace: The open radiograph.
        scene: How it is shown.
        found: The variations.
    """
    hole: Box = EMPTY
    for result in found:
        for patch in result.patches:
            hole = union(hole, patch.box)
    if workspace.session is None or is_empty(hole):
        return []
    part = around(hole, workspace.session.radiograph.shape)
    cells = (cell_of(workspace, scene, result, box=part) for result in found)
    pictures = [cell.small(SIDE) for cell in cells if cell is not None]
    for picture in pictures:
        picture.setDevicePixelRatio(2.0)
    return pictures
