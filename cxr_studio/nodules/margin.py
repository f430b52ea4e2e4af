"""A nodule's margin, measured on its silhouette: smooth, lobulated or spiculated.

What is measured is standard for outlines: solidity and convexity (ISO 9276-6), concavities of the convex hull (after
Rangayyan et al. 2000, "Boundary modelling and shape analysis methods for classification of mammographic masses"), and
spicules as what an opening with a disc takes away: narrow and long, where lobules are broad. Radiologists grade
lobulation and spiculation of the LIDC-IDRI nodules by eye; no grades come with the nodules here, so the limits are set
on silhouettes and not on grades.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Mask
from cxr_studio.masks.regions import solid

WIDE = 100.0
"""Pixels of the diameter (that of the disc of the same area) at which every silhouette is measured."""

NARROW = 0.07
"""Radius of the disc of the opening, share of the diameter: what is narrower than the disc may be a spicule."""

LONG = 0.05
"""Share of the diameter by which a spicule reaches beyond the opened silhouette at least."""

DEEP = 0.05
"""Depth below the convex hull from which a dent of the opened silhouette is a concavity, share of the diameter."""

SPICULES, CONCAVITIES = 3, 2
"""Spicules from which a margin is spiculated, and concavities from which another one is lobulated. Of 909 CT nodules
from one random side 5 % are then spiculated, 27 % lobulated, 38 % smooth (no spicule, no concavity), the rest lies
between; of 256 shapes of the shape generator none, 29 and 45 %. Measured by tests/benchmarks/bench_margins.py."""

SMOOTHING = 1.5
"""Standard deviation in points of the Gaussian along an outline before its length is taken: it takes out the steps."""


class Margin(StrEnum):
    """What the outline of a nodule is like."""

    SMOOTH = "smooth"
    LOBULATED = "lobulated"
    SPICULATED = "spiculated"


@dataclass(frozen=True)
class Outline:
    """Figures of one silhouette.

    Attributes:
        solidity: Area over that of the convex hull, 0 to 1.
        roughness: Length of the outline over that of the convex hull, less 1; 0 for a convex one.
        concavities: Dents of the body, deeper than ``DEEP``.
        spicules: Narrow processes longer than ``LONG``.
    """

    solidity: float
    roughness: float
    concavities: int
    spicules: int

    @property
    def margin(self) -> Margin | None:
        """Its class; None between smooth and the others: a single concavity, or one or two spicules."""
        if self.spicules >= SPICULES:
            return Margin.SPICULATED
        if self.concavities >= CONCAVITIES:
            return Margin.LOBULATED
        return Margin.SMOOTH if not self.concavities and not self.spicules else None

    def lacks(self, wanted: Margin) -> int:
        """How many concavities and spicules are too many or too few for a margin."""
        if wanted is Margin.SPICULATED:
            return max(0, SPICULES - self.spicules)
        if wanted is Margin.SMOOTH:
            return self.concavities + self.spicules
        return max(0, CONCAVITIES - self.concavities) + max(0, self.spicules - SPICULES + 1)


def outlined(silhouette: Mask) -> Outline:
    """Measure a silhouette of any size; below about 30 pixels across its spicules are too fine to be seen.

    Args:
        silhouette: ``bool [H, W]``, not empty.
    """
    whole = _enlarged(silhouette)
    body = opened(whole, WIDE)
    spicules = _spicules(whole, body) if body.any() else 0
    return Outline(*_against_hull(whole), _concavities(body if body.any() else whole), spicules)


def margin_of(silhouette: Mask) -> Margin | None:
    """The class of a silhouette; see ``Outline.margin``."""
    return outlined(silhouette).margin


def opened(silhouette: Mask, wide: float) -> Mask:
    """A silhouette so many pixels wide without what is narrower than a spicule's greatest width."""
    import cv2

    return solid(cv2.morphologyEx(silhouette.astype(np.uint8), cv2.MORPH_OPEN, _disc(NARROW * wide)) > 0)


def _enlarged(silhouette: Mask) -> Mask:
    """At ``WIDE`` pixels of diameter, one region without holes, with room around."""
    import cv2

    mask = np.pad(silhouette, 2)
    scale = WIDE / (2 * float(np.sqrt(max(1, silhouette.sum()) / np.pi)))
    inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    outside = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, 5)
    field = np.where(mask, inside - 0.5, 0.5 - outside).astype(np.float32)
    size = max(8, round(mask.shape[1] * scale)), max(8, round(mask.shape[0] * scale))
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.pad(solid(cv2.resize(field, size, interpolation=flags) > 0), int(NARROW * WIDE) + 2)


def _spicules(whole: Mask, body: Mask) -> int:
    """Processes that reach far enough from the body."""
    import cv2

    far = cv2.distanceTransform((~body).astype(np.uint8), cv2.DIST_L2, 5)
    count, labels = cv2.connectedComponents((whole & ~body).astype(np.uint8), connectivity=8)
    return sum(bool(far[labels == k].max() > LONG * WIDE) for k in range(1, count))


def _concavities(body: Mask) -> int:
    import cv2

    outline = _outline(body)
    order = np.sort(cv2.convexHull(outline, returnPoints=False), axis=0)[::-1]
    if len(order) < 3:
        return 0
    defects = cv2.convexityDefects(outline, np.ascontiguousarray(order))
    return 0 if defects is None else int((np.reshape(defects, (-1, 4))[:, 3] / 256 > DEEP * WIDE).sum())


def _against_hull(whole: Mask) -> tuple[float, float]:
    """Solidity and roughness."""
    import cv2

    outline = _outline(whole)
    hull = cv2.convexHull(outline)
    filled = cv2.fillConvexPoly(np.zeros(whole.shape, np.uint8), hull, 1)
    smooth = _smoothed(outline[:, 0].astype(np.float64))
    around = cv2.arcLength(cv2.convexHull(smooth.astype(np.float32)), True)
    steps = np.hypot(*np.diff(np.vstack([smooth, smooth[:1]]), axis=0).T)
    return float(whole.sum() / filled.sum()), max(0.0, float(steps.sum()) / around - 1)


def _outline(mask: Mask) -> NDArray[np.int32]:
    import cv2

    found, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(max(found, key=len), np.int32)


def _smoothed(points: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.ndimage import gaussian_filter1d

    return np.asarray(gaussian_filter1d(points, SMOOTHING, axis=0, mode="wrap"))


def _disc(radius: float) -> NDArray[np.uint8]:
    half = int(np.ceil(radius))
    rows, columns = np.ogrid[-half : half + 1, -half : half + 1]
    return (np.hypot(rows, columns) <= radius + 0.3).astype(np.uint8)
