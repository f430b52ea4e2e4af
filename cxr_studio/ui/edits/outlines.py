"""Outlines and numbers of edits, as the panes draw them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from cxr_studio.generation.edit import Edit
from cxr_studio.masks.boxes import Box, Mask, is_empty
from cxr_studio.masks.history import MaskDelta
from cxr_studio.ui.tools.guides import Guide, Label, Tone, Trail
from cxr_studio.ui.tools.pointer import Point

KEPT = 256
"""Outlines that are kept; a session of thirty nodules asks for the same ones again and again."""


def edit_lines(edits: Iterable[Edit], selected: int | None, *, every: bool) -> tuple[Guide, ...]:
    """Outlines and numbers: of every edit that shows, or of the selected one alone.

    Args:
        edits: Of the session.
        selected: Number of the selected one, which has a colour of its own.
        every: Whether the others are drawn too.
    """
    lines: list[Guide] = []
    for edit in edits:
        if edit.number != selected and not (every and edit.enabled):
            continue
        tone = Tone.SELECTED if edit.number == selected else Tone.PLAIN
        lines += [Trail(points, closed=True, tone=tone) for points in contours(edit.painted)]
        lines.append(Label((edit.box[2], edit.box[3]), str(edit.number), tone))
    return tuple(lines)


def edit_at(edits: Iterable[Edit], point: Point, *, reach: float = 3.0) -> Edit | None:
    """The topmost visible edit whose mask holds a point, else one whose rectangle is within ``reach`` pixels."""
    shown = [edit for edit in reversed(tuple(edits)) if edit.enabled and not is_empty(edit.box)]
    near = [edit for edit in shown if _near(edit.box, point, reach)]
    return next((edit for edit in near if _holds(edit.painted, point)), near[0] if near else None)


@lru_cache(maxsize=KEPT)
def contours(painted: MaskDelta) -> tuple[tuple[Point, ...], ...]:
    """Outlines of a mask along its border pixels, image pixels; islands and holes have one each."""
    import cv2

    y0, x0, _, _ = painted.box
    found, _ = cv2.findContours(cut_out(painted).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_TC89_L1)
    return tuple(tuple((float(y) + y0, float(x) + x0) for x, y in line[:, 0]) for line in found)


def cut_out(painted: MaskDelta) -> Mask:
    """The mask inside its rectangle, ``bool [h, w]``."""
    y0, x0, y1, x1 = painted.box
    inside = MaskDelta((0, 0, y1 - y0, x1 - x0), painted.changed)
    mask = np.zeros((y1 - y0, x1 - x0), bool)
    inside.toggle(mask)
    return mask


def _near(box: Box, point: Point, reach: float) -> bool:
    y, x = point
    return box[0] - reach <= y < box[2] + reach and box[1] - reach <= x < box[3] + reach


def _holds(painted: MaskDelta, point: Point) -> bool:
    y, x = round(point[0]) - painted.box[0], round(point[1]) - painted.box[1]
    mask = cut_out(painted)
    return 0 <= y < mask.shape[0] and 0 <= x < mask.shape[1] and bool(mask[y, x])
