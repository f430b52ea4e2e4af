"""Sample sheets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from trainers.held_out import GREYS


def rows_of(rows: Iterable[Iterable[Plane]]) -> NDArray[np.uint8]:
    """Rows of planes ``[S, S]`` in -1 to 1, equally many in each."""
    grey = np.nan_to_num(np.vstack([np.hstack(list(row)) for row in rows]))
    return np.asarray(np.clip(grey * GREYS + GREYS, 0, 255).astype(np.uint8))


def tiled(tiles: Sequence[NDArray[np.uint8]], columns: int) -> NDArray[np.uint8]:
    """Tiles of one size in rows of ``columns``, black where the last row is not full."""
    filled = [*tiles, *[np.zeros_like(tiles[0])] * (-len(tiles) % columns)]
    return np.vstack([np.hstack(filled[k : k + columns]) for k in range(0, len(filled), columns)])
