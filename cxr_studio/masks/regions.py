"""Connected regions of a mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cxr_studio.masks.boxes import Box, Mask, bounding_box, cut


@dataclass(frozen=True, eq=False)
class Region:
    """One 8-connected region.

    Attributes:
        box: Its bounding box in the image.
        mask: ``bool`` of the box's shape, True = of this region.
    """

    box: Box
    mask: Mask


def regions(mask: Mask) -> list[Region]:
    """Split a mask into its 8-connected regions, from top to bottom."""
    whole = bounding_box(mask)
    if whole is None:
        return []
    import cv2

    count, labels, figures, _ = cv2.connectedComponentsWithStats(mask[cut(whole)].astype(np.uint8), connectivity=8)
    found = []
    for label in range(1, count):
        x, y, w, h = (int(v) for v in figures[label, :4])
        part = labels[y : y + h, x : x + w] == label
        top, left = whole[0] + y, whole[1] + x
        found.append(Region((top, left, top + h, left + w), part))
    return found


def solid(mask: Mask) -> Mask:
    """The largest 8-connected region of a mask, its holes filled; empty for an empty mask."""
    import cv2

    outlines, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(mask.shape, np.uint8)
    if outlines:
        largest = max(outlines, key=lambda outline: (cv2.contourArea(outline), len(outline)))
        cv2.drawContours(filled, [largest], -1, 1, cv2.FILLED)
    return np.asarray(filled > 0)
