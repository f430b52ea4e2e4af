"""Pasting a fill back: three masks, stored values, and nothing outside the painted mask."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_studio.generation.result import Patch
from cxr_studio.masks.boxes import Box, cut, padded
from cxr_studio.masks.morphology import grow, inner_distance
from cxr_studio.masks.regions import Region
from cxr_studio.restore.classical import Mask, Unit
from cxr_studio.restore.options import FillRequest


@dataclass(frozen=True, eq=False)
class ThreeMasks:
    """The three masks of a fill, over one box.

    Attributes:
        box: Where they lie in the image.
        painted: What the user painted.
        network: What the network takes for unknown: the painted mask, grown.
        blending: How much of the fill is taken, ``float32`` 0 to 1; exactly 0 outside the painted mask.
    """

    box: Box
    painted: Mask
    network: Mask
    blending: NDArray[np.float32]


def feathered(painted: Mask, feather: int) -> NDArray[np.float32]:
    """Return the blending mask: 0 outside, rising over ``feather`` pixels inside the painted mask to 1."""
    if feather == 0:
        return painted.astype(np.float32)
    return np.asarray(np.clip(inner_distance(painted) / (feather + 1.0), 0.0, 1.0), np.float32)


def masks_for(request: FillRequest, box: Box, *, pixels_grown: float) -> ThreeMasks:
    """Make the three masks over a box of the image.

    Args:
        request: Its mask and options.
        box: Rectangle to look at, in image pixels.
        pixels_grown: ``options.grow`` in image pixels.
    """
    reach = int(np.ceil(max(pixels_grown, request.options.feather + 1)))
    around = padded(box, reach, request.mask.shape)
    painted = request.mask[cut(around)]
    inside = cut((box[0] - around[0], box[1] - around[1], box[2] - around[0], box[3] - around[1]))
    return ThreeMasks(
        box,
        painted[inside],
        grow(painted, pixels_grown)[inside],
        feathered(painted, request.options.feather)[inside],
    )


def paste(request: FillRequest, region: Region, filled: Unit) -> Patch:
    """Blend a fill into the region's stored values.

    Args:
        request: The image, its grey-scale pipeline and unit range.
        region: Pixels to fill; every other pixel keeps its stored value, bit for bit.
        filled: Unit values of the region's box.
    """
    blending = masks_for(request, region.box, pixels_grown=0).blending
    stored = request.image.stored[cut(region.box)].copy()
    pixels = request.image.grey.decode(stored)
    low, high = request.image.unit
    wanted = low + filled * np.float32(high - low)
    mixed = pixels + blending * (wanted - pixels)
    taken = region.mask & (blending > 0)
    stored[taken] = request.image.grey.encode(mixed[taken], stored.dtype)
    return Patch(region.box, stored)
