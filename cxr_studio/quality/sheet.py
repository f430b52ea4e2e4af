"""A contact sheet of holes: original, biharmonic, the generator's plain fill, and with grain."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cxr_studio.files import replaced
from cxr_studio.quality.evaluation import Way, filled_patch, true_patch
from cxr_studio.quality.holes import SIDE, Hole

MARGIN = SIDE // 2
"""Pixels shown around each hole."""

GAP = 6
COLUMNS = 6
"""Holes side by side; each is a column of four pictures."""


def write_sheet(path: Path, holes: Sequence[Hole], generator: str, *, device: str = "auto") -> None:
    """Write the sheet as PNG, every picture stretched to its own original's range.

    Raises:
        WriteError: the file cannot be written.
    """
    from PIL import Image

    ways = (Way("biharmonic", "off"), Way(generator, "off"), Way(generator, "match"))
    columns = []
    for hole in holes:
        true = true_patch(hole, margin=MARGIN)
        pictures = [true, *(filled_patch(hole, way, margin=MARGIN, device=device)[0] for way in ways)]
        low, high = np.percentile(true, (0.5, 99.5))
        columns.append(np.vstack([_framed((p - low) / max(high - low, 1.0)) for p in pictures]))
    rows = [np.hstack(columns[k : k + COLUMNS]) for k in range(0, len(columns), COLUMNS)]
    width = max(row.shape[1] for row in rows)
    whole = np.vstack([np.pad(row, ((GAP, GAP), (0, width - row.shape[1]))) for row in rows])
    with replaced(path) as beside:
        Image.fromarray(whole).save(beside, format="PNG")


def _framed(picture: np.ndarray) -> np.ndarray:
    grey = np.clip(picture * 255, 0, 255).astype(np.uint8)
    side = SIDE + 2 * MARGIN
    whole = np.zeros((side + 2, side + 2), np.uint8)
    whole[1 : 1 + grey.shape[0], 1 : 1 + grey.shape[1]] = grey
    return whole
