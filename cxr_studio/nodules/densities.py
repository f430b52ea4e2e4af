"""Densities by name: what a nodule is made of, and how that shows in a radiograph.

Ground glass is a haze through which vessels still show, a part-solid nodule has a solid core in such a haze
(Fleischner glossary, Hansell et al. 2008); a nodule denser than ribs of its size is calcified. Real ones of every shape
would be too few (18 of the 300 bundled CT nodules are ground glass), so haze and core are given to any template: its
density is bent to that of ground glass, with a hazy edge.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Mask
from cxr_studio.nodules.ct_library import CtNodule, Profile
from cxr_studio.nodules.thickness import drawn_density, inflated

Values = NDArray[np.float32]

HAZE = 0.25
"""Density of ground glass over the lung's, in units of water: the 90th percentile of the 58 CT nodules of the training
series that are ground glass lies at -530 HU, their median at -700, in lung of about -850."""

HAZY_EDGE = 0.07
"""Standard deviation of the Gaussian on ground glass, share of the diameter."""

CORE = 0.62
"""Depth from which a part-solid nodule is solid, share of the deepest: a core of about 40 % of the diameter, in
the middle of what occurs."""

CORE_DENSITY = 0.8
"""Of the solid core: soft tissue of -50 HU in lung of -850."""

SUBSOLID = (Profile.GROUND_GLASS, Profile.PART_SOLID)

STRANDS: dict[Profile | None, float] = {Profile.GROUND_GLASS: 0.3, Profile.PART_SOLID: 0.5}
"""Density of spicules; 0.8 of all others."""


def suits(nodule: CtNodule, profile: Profile | None) -> bool:
    """Whether a template can be drawn with a density."""
    if profile in SUBSOLID:
        return nodule.profile is not Profile.CALCIFIED
    return profile is None or nodule.profile is profile


def given_excess(nodule: CtNodule, profile: Profile | None) -> Values:
    """Density over the lung's of a CT nodule, ``float32 [z, y, x]`` in units of water, as a profile wants it."""
    if profile not in SUBSOLID:
        return nodule.excess
    from scipy.ndimage import gaussian_filter

    bent = HAZE * np.tanh(nodule.excess / HAZE)
    haze = gaussian_filter(bent, HAZY_EDGE * nodule.diameter_mm)
    if profile is Profile.GROUND_GLASS:
        return np.asarray(haze, np.float32)
    deepest = max(float(nodule.depth.max()), 1.0)
    core = np.clip((nodule.depth - CORE * deepest) / (0.2 * deepest) + 0.5, 0, 1)
    return np.asarray(haze + core * (CORE_DENSITY - HAZE), np.float32)


def hazy(added: Values, wide: float) -> Values:
    """What a nodule of a diameter in pixels adds, with the edge of ground glass."""
    import cv2

    return np.asarray(cv2.GaussianBlur(added, (0, 0), max(HAZY_EDGE * wide, 0.3)))


def strand_density(profile: Profile | None) -> float:
    """Density of a nodule's spicules over the lung's, in units of water."""
    return STRANDS.get(profile, 0.8)


def wanted_thickness(hole: Mask, profile: Profile | None, seed: int) -> Values:
    """Thickness in pixels of water that a network is asked to add behind each pixel of a silhouette, ``float32``."""
    if profile is not Profile.PART_SOLID or not hole.any():
        return np.asarray(inflated(hole) * np.float32(drawn_density(profile, seed)))
    import cv2

    depth = cv2.distanceTransform(np.pad(hole, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    core = depth > CORE * float(depth.max())
    body = inflated(hole) * np.float32(drawn_density(Profile.GROUND_GLASS, seed))
    return np.asarray(body + inflated(core) * np.float32(drawn_density(Profile.SOLID, seed)))
