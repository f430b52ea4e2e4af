"""Answers side by side: each as the greys of one part of the radiograph before and after, and as small pictures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from cxr_studio.generation.result import Patch, Result
from cxr_studio.masks.boxes import Box, cut, intersection, is_empty, relative
from cxr_studio.radiographs.radiograph import Stored
from cxr_studio.ui.canvas.difference import DifferenceStyle, colour_table, difference
from cxr_studio.ui.canvas.scene import Scene
from cxr_studio.ui.shell.workspace import Workspace

MARGIN = 0.35
"""Surroundings shown beside a hole, as a share of its longer side."""

MOST = 1024
"""Longest side of what is kept of an answer, pixels: a large radiograph's whole image is shrunk to it."""

Greys = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Cell:
    """One answer.

    Attributes:
        title: What made it.
        note: In how long, or with which seed.
        before: Shown greys of the part without the answer, ``uint8 [h, w]``, no side longer than ``MOST``.
        after: The same with it.
        style: How the difference is shown.
        tip: More about it.
    """

    title: str
    note: str
    before: Greys = field(repr=False)
    after: Greys = field(repr=False)
    style: DifferenceStyle = field(default_factory=DifferenceStyle)
    tip: str = ""

    @cached_property
    def differs(self) -> QImage:
        """The difference in colours, at the image's own pixels."""
        image = _image(difference(self.before, self.after, style=self.style), QImage.Format.Format_Indexed8)
        image.setColorTable(colour_table(self.style.mode))
        return image.convertToFormat(QImage.Format.Format_RGB32)

    @cached_property
    def shows(self) -> QImage:
        """The answer in greys, at the image's own pixels."""
        return _image(self.after, QImage.Format.Format_Grayscale8)

    def small(self, side: int, *, as_difference: bool = False) -> QImage:
        """A picture whose longer side is ``side`` device pixels."""
        if as_difference:
            before, after = (_shrunk(greys, side) for greys in (self.before, self.after))
            return Cell(self.title, self.note, before, after, self.style).differs
        return _image(_shrunk(self.after, side), QImage.Format.Format_Grayscale8)


def cell_of(
    workspace: Workspace, scene: Scene, result: Result, *, box: Box, words: tuple[str, str] = ("", "")
) -> Cell | None:
    """What a result makes of a box of the open radiograph, through the shown window and turned as it is shown.

    Args:
        workspace: The open radiograph.
        scene: How it is shown.
        result: The answer.
        box: The part to look at.
        words: Title and note.

    Returns:
        None where no radiograph is open.
    """
    composite, session = workspace.composite, workspace.session
    if composite is None or session is None:
        return None
    table, grey, turn = scene.table(), session.radiograph.grey, scene.view.turn
    before = composite.base[cut(box)].copy()
    after = laid(before, result.patches, box)
    first, second = (_bounded(turn.apply(table[grey.index(part)])) for part in (before, after))
    return Cell(words[0], words[1], first, second, style=scene.difference_style, tip=result.message)


def laid(part: Stored, patches: Iterable[Patch], box: Box) -> Stored:
    """A copy of what stands in a box, with patches of the whole image laid over."""
    part = part.copy()
    for patch in patches:
        common = intersection(patch.box, box)
        if not is_empty(common):
            part[cut(relative(common, box))] = patch.stored[cut(relative(common, patch.box))]
    return part


def around(hole: Box, shape: tuple[int, int]) -> Box:
    """The square around a hole with its surroundings, moved into the image where it would reach beyond it."""
    side = max(hole[2] - hole[0], hole[3] - hole[1])
    side += 2 * round(MARGIN * side)
    y0, y1 = _within((hole[0] + hole[2] - side) // 2, side, shape[0])
    x0, x1 = _within((hole[1] + hole[3] - side) // 2, side, shape[1])
    return y0, x0, y1, x1


def _within(start: int, length: int, limit: int) -> tuple[int, int]:
    start = max(0, min(start, limit - length))
    return start, min(start + length, limit)


def _bounded(greys: Greys) -> Greys:
    return _shrunk(greys, MOST) if max(greys.shape) > MOST else greys


def _shrunk(greys: Greys, side: int) -> Greys:
    import cv2

    scale = side / max(greys.shape)
    size = max(1, round(greys.shape[1] * scale)), max(1, round(greys.shape[0] * scale))
    return np.asarray(cv2.resize(greys, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC))


def _image(greys: Greys, kind: QImage.Format) -> QImage:
    pixels = np.ascontiguousarray(greys)
    height, width = pixels.shape
    return QImage(pixels.data, width, height, width, kind).copy()
