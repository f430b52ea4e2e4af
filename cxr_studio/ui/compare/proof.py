"""The proof that nothing outside the mask changed: counted on stored values, not on what the screen shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.radiograph import Stored

ROWS = 512
"""Rows compared at a time, to keep the temporary arrays small."""


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
