"""A hot spot as a mask, so that it can be inpainted."""

from __future__ import annotations

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Mask, clip, cut
from cxr_studio.masks.regions import regions, solid
from cxr_studio.quality.highlighting.map import HotSpot

REACH = 8
"""Image pixels beside the spot's box that are looked at: the box is measured on every few pixels of a large map."""


def spot_mask(layer: Plane, looked_at: Mask, spot: HotSpot, *, threshold: float) -> Mask:
    """Return the connected region around a spot's peak, its holes filled.

    Args:
        layer: The map that the spot was found in, ``float32 [H, W]``.
        looked_at: ``bool [H, W]``.
        spot: A spot at that threshold.
        threshold: Above 0, in the map's units.

    Returns:
        ``bool [H, W]``; the spot's box where the map is below the threshold at its peak.
    """
    y0, x0, y1, x1 = spot.box
    box = clip((y0 - REACH, x0 - REACH, y1 + REACH, x1 + REACH), layer.shape)
    mask = np.zeros(layer.shape, bool)
    part = looked_at[cut(box)] & (layer[cut(box)] * np.float32(spot.sign) >= threshold)
    peak = round(spot.y) - box[0], round(spot.x) - box[1]
    for region in regions(part):
        top, left, bottom, right = region.box
        if top <= peak[0] < bottom and left <= peak[1] < right and region.mask[peak[0] - top, peak[1] - left]:
            mask[box[0] + top : box[0] + bottom, box[1] + left : box[1] + right] = solid(region.mask)
            return mask
    mask[cut(spot.box)] = True
    return mask
