"""Percentiles of a radiograph's values with padding left out: what every range of grey is taken from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.greyscale import GreyScale, Values

TAILS = (0.1, 99.9)
"""Percentiles shown as black and white where the file names no window, per cent (3D Slicer's default)."""

SAMPLES = 1 << 20
"""About how many pixels are looked at for percentiles."""


def sampled_modality(grey: GreyScale, stored: Values, samples: int = SAMPLES) -> NDArray[np.float32]:
    """Modality values of about ``samples`` evenly spread pixels without padding, ``float32 [N]``.

    Args:
        grey: The grey-scale pipeline, which knows what is padding.
        stored: Stored values ``[H, W]``; where all of them are padding, none is left out.
        samples: About how many are wanted.
    """
    step = max(1, int(np.sqrt(stored.size / samples)))
    thin = stored[::step, ::step]
    image = thin[~grey.is_padding(thin)] if grey.padding is not None else thin
    return np.asarray(grey.modality[grey.index(image if image.size else thin)]).ravel()


def modality_percentiles(grey: GreyScale, stored: Values, tails: tuple[float, float]) -> tuple[float, float]:
    """Two percentiles (0 to 100) of the modality values, padding left out."""
    low, high = np.percentile(sampled_modality(grey, stored), tails)
    return float(low), float(high)
