"""An edit: a mask, a generator and what came of it; and the stack of edits that makes the inpainted image."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cxr_studio.generation.provenance import Provenance
from cxr_studio.generation.result import Patch, Result
from cxr_studio.masks.boxes import EMPTY, Box, Mask, cut, intersection, is_empty, union
from cxr_studio.masks.history import MaskDelta, record
from cxr_studio.radiographs.radiograph import Stored


@dataclass(frozen=True, eq=False)
class Edit:
    """One accepted fill.

    Attributes:
        number: Identifies it within its session; a re-run keeps it.
        title: What the list of edits shows ("Context encoder, 41 × 38 px").
        painted: The mask, as the change from an empty one.
        patches: New stored values; taken over only inside the mask.
        provenance: How they were made.
        enabled: Whether it shows.
        beneath: Numbers of the enabled edits that it was made upon and that overlap it.
    """

    number: int
    title: str
    painted: MaskDelta
    patches: tuple[Patch, ...]
    provenance: Provenance
    enabled: bool = True
    beneath: tuple[int, ...] = ()

    @property
    def box(self) -> Box:
        """Smallest rectangle that holds the mask."""
        return self.painted.box

    def mask(self, shape: tuple[int, int]) -> Mask:
        """The painted mask in an image of this shape."""
        mask = np.zeros(shape, bool)
        self.painted.toggle(mask)
        return mask


def make_edit(number: int, title: str, mask: Mask, result: Result, *, below: Iterable[Edit]) -> Edit:
    """Make an edit of an answer.

    Args:
        number: Its number.
        title: Words for the list.
        mask: The mask that was asked for, not empty.
        result: The answer.
        below: The edits that it was made upon.
    """
    height, width = mask.shape
    painted = record(np.zeros_like(mask), mask, (0, 0, height, width))
    if painted is None:
        painted = MaskDelta(EMPTY, b"")
    beneath = overlapping(below, painted.box)
    size = f"{painted.box[3] - painted.box[1]} × {painted.box[2] - painted.box[0]} px"
    return Edit(number, f"{title}, {size}", painted, result.patches, result.provenance, True, beneath)


def overlapping(edits: Iterable[Edit], box: Box) -> tuple[int, ...]:
    """Numbers of the enabled edits whose rectangle meets a box."""
    return tuple(edit.number for edit in edits if edit.enabled and not is_empty(intersection(edit.box, box)))


def is_stale(edit: Edit, edits: tuple[Edit, ...]) -> bool:
    """True when the edits beneath are no longer those it was made upon; running it again would differ."""
    below = edits[: next((k for k, other in enumerate(edits) if other.number == edit.number), 0)]
    return overlapping(below, edit.box) != edit.beneath


def compose(original: Stored, edits: Iterable[Edit]) -> Stored:
    """Lay the enabled edits over the original in order; outside their masks nothing changes.

    Returns:
        The original itself when no edit is enabled, else a new read-only array.
    """
    enabled = [edit for edit in edits if edit.enabled]
    if not enabled:
        return original
    image = original.copy()
    for edit in enabled:
        mask = edit.mask((image.shape[0], image.shape[1]))
        for patch in edit.patches:
            place = cut(patch.box)
            image[place][mask[place]] = patch.stored[mask[place]]
    image.setflags(write=False)
    return image


def changed_box(before: tuple[Edit, ...], after: tuple[Edit, ...]) -> Box:
    """Rectangle in which two stacks of edits may compose differently."""
    box = EMPTY
    for edit in (*before, *after):
        if not (any(edit is other for other in before) and any(edit is other for other in after)):
            box = union(box, edit.box)
    return box
