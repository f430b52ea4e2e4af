"""How large the study's images are, and how much room a pane gives them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

from cxr_studio.studies.bundle import Bundle

if TYPE_CHECKING:
    from cxr_studio.ui.study.trial_page import TrialPage

HEAD = 24
"""Bytes of a PNG file up to the end of its width and height."""


def image_size(bundle: Bundle) -> tuple[int, int]:
    """Width and height of the largest image of the first schedule, (0, 0) where none can be read; headers only."""
    names = {name for trial in bundle.schedules[0] for name in trial.images}
    sizes = [_size(bundle, name) for name in sorted(names)]
    return max((width for width, _ in sizes), default=0), max((height for _, height in sizes), default=0)


def pane_size(page: TrialPage, room: QRect, ratio: float) -> tuple[int, int]:
    """Width and height that an image has on the trial's page in a window's room, device pixels."""
    page.images.set_count(2 if page.rules.paradigm == "2afc" else 1)
    page.setGeometry(room)
    if (layout := page.layout()) is not None:
        layout.activate()
    page.images.arrange()
    canvas = page.images.canvases[0]
    return round(canvas.width() * ratio), round(canvas.height() * ratio)


def _size(bundle: Bundle, name: str) -> tuple[int, int]:
    try:
        with bundle.image(name).open("rb") as stream:
            width, height = struct.unpack(">II", stream.read(HEAD)[16:])
    except (OSError, struct.error):
        return 0, 0
    return width, height
