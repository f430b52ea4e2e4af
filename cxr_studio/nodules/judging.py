"""Whether a drawn nodule can pass for one: it stands out, and it is not a ring."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules.conspicuity import LEAST, conspicuity

LEAST_MIDDLE = 0.8
"""Least contrast of the middle over that of the brightest band around it; below it the nodule looks like a ring. Of 67
draws of each generator on the radiograph's own lung 99 % were above 1.08; where the lung behind is drawn too, 1 in 40
was below."""

BANDS = (0.1, 0.4, 0.7, 1.01)
"""Depths below the outline, shares of the largest, between which the rim, the band and the middle lie."""

PHYSICAL = 1.0
"""Subtlety below which less contrast is asked for: then a faint draw stays."""

TRIES = 4
"""Draws that are made at most for one nodule."""


@dataclass(frozen=True)
class Verdict:
    """What was measured.

    Attributes:
        conspicuity: See ``conspicuity``; NaN where the image ends before the surroundings begin.
        middle: Contrast of the middle over that of the brightest band around it, measured in the silhouette.
    """

    conspicuity: float
    middle: float

    @property
    def ring(self) -> bool:
        """It falls apart into a ring."""
        return self.middle < LEAST_MIDDLE

    @property
    def faint(self) -> bool:
        """It stands out less than most real ones."""
        return self.conspicuity < LEAST

    def passes(self, contrast: float) -> bool:
        """Whether it stays; a faint one does where less contrast than the physical was asked for."""
        return not self.ring and not (self.faint and contrast >= PHYSICAL)


def judged(before: Plane, after: Plane, silhouette: Mask) -> Verdict:
    """Measure a drawn nodule.

    Args:
        before: The image without it, in any values of which larger ones are denser, ``float32 [h, w]``; at least the
            part that ``conspicuity.around_of`` gives.
        after: With it.
        silhouette: The nodule's, in the same part, ``bool [h, w]``.
    """
    if not silhouette.any():
        return Verdict(float("nan"), 1.0)
    rows, columns = np.nonzero(silhouette)
    diameter = 2 * float(np.sqrt(rows.size / np.pi))
    found = conspicuity(after, float(rows.mean()), float(columns.mean()), diameter, without=before)
    return Verdict(found, middle_of(after - before, silhouette))


def middle_of(added: Plane, silhouette: Mask) -> float:
    """Contrast of a nodule's middle over that of the brightest band around it.

    Args:
        added: What it adds, ``float32 [h, w]``.
        silhouette: ``bool [h, w]``, not empty.
    """
    import cv2

    depth = cv2.distanceTransform(np.pad(silhouette, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    depth = depth / depth.max()
    means = [
        float(added[band].mean()) if (band := (depth > low) & (depth <= high)).any() else 0.0
        for low, high in pairwise(BANDS)
    ]
    return means[-1] / max(*means[:-1], 1e-9)
