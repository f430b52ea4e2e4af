"""A contact sheet of nodules: healthy, simulated, and drawn both ways."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cxr_studio.files import replaced
from cxr_studio.networks.checkpoint import Checkpoint
from cxr_studio.nodules.simulation import Simulated
from cxr_studio.quality.nodule_ways import grained, kept
from cxr_studio.quality.realism import drawn_densities

COLUMNS = 10
CROP = 160
GAP = 2


def write_nodule_sheet(path: Path, pairs: Sequence[Simulated], checkpoint: Checkpoint, *, device: str = "auto") -> None:
    """Write the sheet as PNG, every column stretched to its healthy patch's range.

    Raises:
        WriteError: the file cannot be written.
    """
    from PIL import Image

    chosen = list(pairs[:: max(1, len(pairs) // COLUMNS)])[:COLUMNS]
    densities = drawn_densities(len(chosen))
    rows = (
        [pair.healthy for pair in chosen],
        [pair.real for pair in chosen],
        kept(checkpoint, chosen, densities, device=device),
        grained(checkpoint, chosen, densities, device=device),
    )
    columns = []
    for place, pair in enumerate(chosen):
        low, high = np.percentile(pair.real, (0.5, 99.8))
        grey = [np.clip((_crop(row[place]) - low) / max(high - low, 1e-3) * 255, 0, 255) for row in rows]
        columns.append(np.vstack([np.pad(picture.astype(np.uint8), GAP) for picture in grey]))
    with replaced(path) as beside:
        Image.fromarray(np.hstack(columns)).save(beside, format="PNG")


def _crop(patch: np.ndarray) -> np.ndarray:
    edge = (patch.shape[0] - CROP) // 2
    return patch[edge : edge + CROP, edge : edge + CROP]
