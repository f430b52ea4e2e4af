"""The histogram of a radiograph in modality values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.radiograph import Radiograph

BINS = 256
MAX_SAMPLES = 400_000
"""Pixels looked at; a regular grid of them is enough for a picture."""


def histogram(radiograph: Radiograph) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return counts ``[N]`` and edges ``[N + 1]`` in modality values, N at most 258; bins hold whole values."""
    height, width = radiograph.shape
    step = max(1, int(np.sqrt(height * width / MAX_SAMPLES)))
    grey = radiograph.grey
    values = grey.modality[grey.index(radiograph.stored[::step, ::step])]
    low, high = float(values.min()), float(values.max())
    step_size = max(1.0, np.ceil((high - low) / BINS)) if _whole(grey.modality) else max((high - low) / BINS, 1e-6)
    edges = low - 0.5 * step_size + step_size * np.arange(np.ceil((high - low) / step_size) + 2)
    counts, _ = np.histogram(values, bins=edges)
    return counts.astype(np.float64), edges.astype(np.float64)


def _whole(modality: NDArray[np.float32]) -> bool:
    """Whether values are whole numbers: unequal counts of them in a bin would show as a comb."""
    return bool((modality == np.round(modality)).all())
