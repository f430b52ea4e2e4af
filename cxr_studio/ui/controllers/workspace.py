"""The open radiograph, and what every controller and view needs to hear about it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from cxr_studio.inpainting.request import Patch
from cxr_studio.inpainting.session import Session
from cxr_studio.masks.boxes import Box
from cxr_studio.masks.history import record
from cxr_studio.ui.controllers.composite import Composite


class Workspace(QObject):
    """Holds one Session or none; the only place that tells that something in it changed.

    Signals:
        opened: Another session is open.
        closed: None is.
        mask_touched: (Box) this rectangle of the mask changed.
        image_touched: (tuple of Box) these rectangles of the inpainted image changed.
        edits_changed: The stack of edits changed.
        steps_changed: What can be undone or redone, or whether there is unsaved work, changed.
        mask_settled: A step changed the mask as a whole (stroke end, undo, clear); the fill is to follow.
    """

    opened = Signal()
    closed = Signal()
    mask_touched = Signal(object)
    image_touched = Signal(object)
    edits_changed = Signal()
    steps_changed = Signal()
    mask_settled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._composite: Composite | None = None
