"""A contact sheet of shapes: generated ones beside held-out silhouettes of CT nodules."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.files import replaced
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.nodules.ct_silhouettes import held_out_shapes
from cxr_studio.nodules.shapes import draw_shapes

SHOWN = 64
"""Shapes of each kind."""

COLUMNS = 8
GAP = 12
"""Pixels between the two kinds."""


def write_shape_sheet(path: Path, checkpoint: Checkpoint) -> None:
    """Write generated shapes of seeds 0 to 63 and as many held-out silhouettes as PNG.

    Raises:
        WriteError: the file cannot be written.
    """
    from PIL import Image

    real = held_out_shapes()
    halves = [_tiled(draw_shapes(range(SHOWN), checkpoint=checkpoint)), _tiled(real[:: len(real) // SHOWN][:SHOWN])]
    gap = np.full((halves[0].shape[0], GAP), 90, np.uint8)
    with replaced(path) as beside:
        Image.fromarray(np.hstack([halves[0], gap, halves[1]])).save(beside, format="PNG")


def _tiled(masks: NDArray[np.bool_]) -> NDArray[np.uint8]:
    grey = np.where(masks, 230, 20).astype(np.uint8)
    return np.vstack([np.hstack(list(grey[k : k + COLUMNS])) for k in range(0, len(grey), COLUMNS)])
