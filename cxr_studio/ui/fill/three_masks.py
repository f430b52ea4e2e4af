"""Which of the three masks the overlay shows: painted, what the network takes for unknown, what is blended in."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from cxr_studio.masks.boxes import Mask, bounding_box, cut, padded
from cxr_studio.masks.morphology import grow, shrink
from cxr_studio.ui.fill.controller import InpaintingController
from cxr_studio.ui.shell.workspace import Workspace


class Shown(StrEnum):
    """One of the three masks."""

    PAINTED = "painted"
    NETWORK = "network"
    BLENDING = "blending"


class ThreeMasksController(QObject):
    """Computes the mask to show.

    Signals:
        mask_changed: (Mask or None) the overlay is to show this one.
    """

    mask_changed = Signal(object)

    def __init__(self, workspace: Workspace, inpainting: InpaintingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._inpainting = inpainting
        self.shown = Shown.PAINTED
        workspace.opened.connect(self.refresh)
        workspace.closed.connect(self.refresh)
        workspace.mask_settled.connect(self._settled)
        inpainting.options_changed.connect(self._settled)

    def show(self, which: str) -> None:
        """Show another of the three."""
        self.shown = Shown(which)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Tell the mask again."""
        self.mask_changed.emit(self._mask())

    @Slot()
    def _settled(self) -> None:
        if self.shown is not Shown.PAINTED:
            self.refresh()

    def _mask(self) -> Mask | None:
        session = self._workspace.session
        if session is None:
            return None
        if self.shown is Shown.NETWORK:
            return grow(session.mask, self._pixels_grown())
        if self.shown is Shown.BLENDING:
            return _fully_taken(session.mask, self._inpainting.options.feather)
        return session.mask

    def _pixels_grown(self) -> float:
        session, card = self._workspace.session, self._inpainting.facts.card
        grown = float(self._inpainting.options.grow)
        if session is None or card is None:
            return 0.0
        from cxr_studio.restore.field import grid_scale

        return grown * grid_scale(card, session.radiograph.shape, session.radiograph.spacing)


def _fully_taken(mask: Mask, feather: int) -> Mask:
    """Where at least half of the fill is taken: the feather's middle line."""
    box = bounding_box(mask)
    taken = np.zeros_like(mask)
    if box is not None:
        around = cut(padded(box, 1, mask.shape))
        taken[around] = shrink(mask[around], (feather + 1) / 2)
    return taken
