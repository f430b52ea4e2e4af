"""A contact sheet of test holes at 1:1: the original above, every fill below it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cxr_studio.files import replaced
from cxr_studio.masks.boxes import cut
from cxr_studio.quality.evaluation import Way
from cxr_studio.quality.observers.asking import Drawn
from cxr_studio.quality.observers.scenes import Scene

GAP = 4
COLUMNS = 8
"""Most holes side by side, spread over all of them."""


def write_scene_sheet(path: Path, scenes: Sequence[Scene], ways: Sequence[Way]) -> None:
    """Write the sheet as PNG, a column a hole, each stretched to its own original's range.

    Raises:
        WriteError: the file cannot be written.
    """
    from PIL import Image

    chosen = [scenes[int(k)] for k in np.linspace(0, len(scenes) - 1, min(COLUMNS, len(scenes))).round()]
    columns = []
    for scene in chosen:
        crops = [window[cut(scene.crop)] for window in (scene.real, *(scene.filled(Drawn(way)) for way in ways))]
        low, high = np.percentile(crops[0], (0.5, 99.5))
        columns.append(np.vstack([_framed((crop - low) / max(high - low, 1e-3)) for crop in crops]))
    with replaced(path) as beside:
        Image.fromarray(np.hstack(columns)).save(beside, format="PNG")


def _framed(crop: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.pad(np.clip(crop * 255, 0, 255).astype(np.uint8), ((0, GAP), (0, GAP)))
