"""The proof that nothing outside the mask changed: counted on stored values, not on what the screen shows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.hashing import array_sha256
from cxr_studio.generation.provenance import Provenance
from cxr_studio.generation.result import Result
from cxr_studio.generation.session import Session
from cxr_studio.masks.boxes import cut
from cxr_studio.radiographs.radiograph import Stored

ROWS = 512
"""Rows compared at a time, to keep the temporary arrays small."""


BOX_STAYED = "Box: 0 pixels changed"
"""What is said where the box of surroundings has the values that were hashed before they were drawn."""


ALL_MAY_CHANGE = "No mask: all may change"
"""What is said where no pixel had to stay."""


def proved(session: Session, shown: Stored, whole: Result | None) -> tuple[str, int]:
    """The sentence for the badge, and how many pixels changed that had to stay.

    Args:
        session: With the edits that show.
        shown: The inpainted image.
        whole: The answer for the whole image that is on trial; the painted mask then allows nothing.
    """
    allowed = session.mask.copy() if whole is None else whole.written.whole(session.radiograph.shape)
    for edit in session.edits:
        if edit.enabled:
            allowed |= edit.mask(session.radiograph.shape)
    if allowed.all():
        return ALL_MAY_CHANGE, 0
    count = changed_outside(session.radiograph.stored, shown, allowed)
    stated = next(_kept(session, whole), None)
    if count == 0 and stated is not None and box_stayed(shown, stated):
        return BOX_STAYED, 0
    return proof_text(count), count


def box_stayed(shown: Stored, stated: Provenance) -> bool:
    """Whether a box has the values that its hash was taken of."""
    y0, x0, y1, x1 = stated.box
    return array_sha256(np.ascontiguousarray(shown[cut((y0, x0, y1, x1))])) == stated.kept_sha256


def _kept(session: Session, whole: Result | None) -> Iterator[Provenance]:
    """What is on trial, then the edits that show and kept a box, newest first."""
    shown = [edit.provenance for edit in reversed(session.edits) if edit.enabled]
    yield from (each for each in ([whole.provenance] if whole else shown) if each.kept_sha256)


def changed_outside(original: Stored, shown: Stored, mask: NDArray[np.bool_]) -> int:
    """Count the pixels outside the mask whose stored value differs; all three are ``[H, W]``."""
    count = 0
    for top in range(0, original.shape[0], ROWS):
        rows = slice(top, top + ROWS)
        differs = original[rows] != shown[rows]
        count += int(np.count_nonzero(differs & ~mask[rows]))
    return count


def proof_text(count: int) -> str:
    """``Outside: 0 pixels changed``."""
    noun = "pixel" if count == 1 else "pixels"
    return f"Outside: {count:,} {noun} changed"
