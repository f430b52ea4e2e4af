"""Tools paint through this into the session; whole-mask commands too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from cxr_studio.masks.boxes import Box, Mask
from cxr_studio.masks.files import load_mask, save_mask
from cxr_studio.masks.morphology import grow, invert, shrink
from cxr_studio.radiographs.window import Window
from cxr_studio.ui.shell.workspace import Workspace

STEP = 1.0
"""Image pixels by which Grow and Shrink move the outline."""


class PaintingController(QObject):
    """The mask target of the tools.

    Signals:
        stroking: A rectangle was painted while a stroke goes on.

    Attributes:
        window: Returns the window on the screen, for the flood's grey levels.
    """

    stroking = Signal()

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.window: Callable[[], Window | None] = lambda: None

    @property
    def mask(self) -> Mask:
        """The painted mask; an empty array with nothing open."""
        session = self._workspace.session
        return np.zeros((0, 0), bool) if session is None else session.mask

    @property
    def levels(self) -> NDArray[np.uint8]:
        """The inpainted image as shown, grey levels ``[H, W]``."""
        session, composite = self._workspace.session, self._workspace.composite
        if session is None or composite is None:
            return np.zeros((0, 0), np.uint8)
        import cv2

        grey = session.radiograph.grey
        index = np.ascontiguousarray(grey.index(composite.image))
        return np.asarray(cv2.LUT(index, grey.display_table(self.window())), np.uint8)

    def begin(self) -> None:
        """Start a stroke."""
        if self._workspace.session is not None:
            self._workspace.session.begin_stroke()

    def touch(self, box: Box) -> None:
        """A rectangle has just been painted."""
        if self._workspace.session is not None:
            self._workspace.session.touched(box)
            self._workspace.touch(box)
            self.stroking.emit()

    def commit(self, name: str) -> None:
        """Keep the stroke as one step."""
        if self._workspace.session is not None and self._workspace.session.end_stroke(name):
            self._workspace.settle()

    def abandon(self) -> None:
        """Drop the stroke."""
        if self._workspace.session is not None:
            self._workspace.touch(self._workspace.session.abandon_stroke())

    def clear(self) -> None:
        """Empty the mask."""
        self._workspace.replace_mask(np.zeros_like(self.mask), "Clear mask")

    def invert(self) -> None:
        """Swap inside and outside."""
        self._workspace.replace_mask(invert(self.mask), "Invert mask")

    def grow(self) -> None:
        """Move the outline outward."""
        self._workspace.replace_mask(grow(self.mask, STEP), "Grow mask")

    def shrink(self) -> None:
        """Move the outline inward."""
        self._workspace.replace_mask(shrink(self.mask, STEP), "Shrink mask")

    def load(self, path: Path) -> None:
        """Take the mask from a file.

        Raises:
            ReadError: no image or segmentation, or of another size or another radiograph.
        """
        session = self._workspace.session
        if session is None:
            return
        mask = load_mask(path, session.radiograph.shape, instances=session.radiograph.instances)
        self._workspace.replace_mask(mask, f"Load mask {path.name}")

    def save(self, path: Path) -> None:
        """Write the mask as a PNG.

        Raises:
            WriteError: it cannot be written.
        """
        save_mask(path, self.mask)
