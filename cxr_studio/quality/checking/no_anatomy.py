"""Images that no generator was made for: one grey, and noise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cxr_studio.radiographs.radiograph import Radiograph


def without_anatomy(image: Radiograph) -> dict[str, Radiograph]:
    """Return a radiograph of 8 bits with its values replaced by "black", "white" and "noise", by these names."""
    low, high = int(image.grey.low), int(image.grey.high)
    noise = np.random.default_rng(0).integers(low, high + 1, image.shape)
    odd = {"black": np.full(image.shape, low), "white": np.full(image.shape, high), "noise": noise}
    return {name: replace(image, stored=values.astype(np.uint8)) for name, values in odd.items()}
