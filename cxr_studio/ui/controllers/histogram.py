"""The histogram of a radiograph in modality values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.radiograph import Radiograph

BINS = 256
MAX_SAMPLES = 400_000
"""Pixels looked at; a regular grid of them is enough for a picture."""


def histogram(radiograph: Radiograph) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return counts ``[256]`` and edges ``[257]`` in modality values."""
    height, width = radiograph.shape
    step = max(1, int(np.sqrt(height * width / MAX_SAMPLES)))
    grey = radiograph.grey
    values = grey.modality[grey.index(radiograph.stored[::step, ::step])]
    low, high = float(values.min()), float(values.max())
    counts, edges = np.histogram(values, bins=BINS, range=(low, high if high > low else low + 1.0))
    return counts.astype(np.float64), edges.astype(np.float64)
