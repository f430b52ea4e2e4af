"""The inpainted image as the panes show it: the radiograph with its edits, and the newest fill laid over."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.result import Patch
from cxr_studio.masks.boxes import Box
from cxr_studio.radiographs.radiograph import Stored


class Composite:
    """One array that changes in place, a rectangle at a time, so that the canvas can share it.

    Until something is filled it is the base itself; the copy, and its memory, comes with the first change.

    Attributes:
        image: What is shown, stored values ``[H, W]``.
    """

    def __init__(self, base: Stored) -> None:
        self.image: Stored = base
        self._base = base
        self._patches: tuple[Patch, ...] = ()

    @property
    def base(self) -> Stored:
        """The radiograph with its visible edits, without the fill on trial."""
        return self._base

    @property
    def patches(self) -> tuple[Patch, ...]:
        """The fill on trial."""
        return self._patches

    def lay(self, patches: Iterable[Patch]) -> tuple[Box, ...]:
        """Show another fill in place of the last; return the rectangles that changed."""
        boxes = self.lift()
        self._patches = tuple(patches)
        if self._patches:
            self._own()
        for patch in self._patches:
            y0, x0, y1, x1 = patch.box
            self.image[y0:y1, x0:x1] = patch.stored
        return (*boxes, *(patch.box for patch in self._patches))

    def lift(self) -> tuple[Box, ...]:
        """Take the fill away; return the rectangles that changed."""
        boxes = tuple(patch.box for patch in self._patches)
        for y0, x0, y1, x1 in boxes:
            self.image[y0:y1, x0:x1] = self._base[y0:y1, x0:x1]
        self._patches = ()
        return boxes

    def trim(self, mask: NDArray[np.bool_]) -> tuple[Box, ...]:
        """Put back what the fill changed outside this mask (after erasing); return the rectangles looked at."""
        kept = []
        for patch in self._patches:
            y0, x0, y1, x1 = patch.box
            inside = mask[y0:y1, x0:x1]
            stored = patch.stored.copy()
            stored[~inside] = self._base[y0:y1, x0:x1][~inside]
            self.image[y0:y1, x0:x1] = stored
            kept.append(Patch(patch.box, stored))
        self._patches = tuple(kept)
        return tuple(patch.box for patch in kept)

    def rebase(self, base: Stored) -> tuple[Box, ...]:
        """Take the image after an edit was added, switched or removed; the fill on trial is taken away."""
        lifted = self.lift()
        if base is self._base:
            return lifted
        changed = _difference_box(self._base, base)
        self._own()
        self._base = base
        if changed is None:
            return lifted
        y0, x0, y1, x1 = changed
        self.image[y0:y1, x0:x1] = base[y0:y1, x0:x1]
        return (*lifted, changed)

    def _own(self) -> None:
        if self.image is self._base:
            self.image = self._base.copy()


def _difference_box(first: Stored, second: Stored) -> Box | None:
    differs = first != second
    rows = np.flatnonzero(differs.any(axis=1))
    if not rows.size:
        return None
    y0, y1 = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(differs[y0:y1].any(axis=0))
    return y0, int(columns[0]), y1, int(columns[-1]) + 1
