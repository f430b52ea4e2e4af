"""Canny's edges of what is known of a crop, which EdgeConnect and CTSDG draw from."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from skimage.feature import canny
from torch import Tensor

from cxr_studio.arrays import Plane

SIGMA = 2.0
"""Pixels of the Gaussian in front of the gradient (Nazeri et al. 2019; Guo et al. 2021)."""

SPREAD = 0.125
"""Standard deviation that a crop is brought to, so that Canny's usual thresholds, 0.1 and 0.2, find ribs and vessels:
lungs have far less contrast than the papers' photographs, and on plain greys the thresholds find nothing."""

LEAST = 0.02
"""Added to the standard deviation, so that noise of a flat crop is no edge."""


def canny_edges(crop: Plane, known: NDArray[np.bool_] | None = None) -> Plane:
    """Find edges of a crop ``[S, S]``: 1 on an edge, 0 elsewhere, ``float32 [S, S]``.

    Args:
        crop: Grey, any range.
        known: Where it is known; edges are found there alone, of known pixels alone. None = everywhere.
    """
    seen = crop if known is None else crop[known]
    if not seen.size:
        return np.zeros(crop.shape, np.float32)
    scaled = crop * (SPREAD / (float(seen.std()) + LEAST))
    return np.asarray(canny(scaled, sigma=SIGMA, mask=known), dtype=np.float32)


def known_edges(image: Tensor, hole: Tensor) -> Tensor:
    """Edges outside the hole, ``[N, 1, S, S]`` of an image and its hole of that shape; 0 in the hole."""
    greys, known = (part.detach().float().cpu().numpy()[:, 0] for part in (image, hole < 0.5))
    found = np.stack([canny_edges(grey, where > 0) for grey, where in zip(greys, known, strict=True)])
    return torch.from_numpy(found)[:, None].to(image)
