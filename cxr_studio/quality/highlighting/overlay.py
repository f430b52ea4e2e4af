"""The colours of an abnormality map over a radiograph."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cxr_studio.arrays import Plane
from cxr_studio.quality.highlighting.map import Kind

FULL = 3.0
"""A map at this many thresholds has the last colour of its scale."""

SOFT = 0.15
"""Share of the threshold over which a colour fades in above it, so that an edge does not flicker."""

WARM = ((0.00, 0x6B, 0x2A, 0x5E), (0.30, 0xB5, 0x3A, 0x4F), (0.65, 0xE8, 0x7E, 0x3C), (1.00, 0xFC, 0xE3, 0x9A))
"""Share → red, green, blue: from plum over orange to pale yellow, lightness rising evenly."""

COOL = ((0.00, 0x2C, 0x3A, 0x6E), (0.30, 0x2F, 0x6F, 0x9E), (0.65, 0x49, 0xA8, 0xB8), (1.00, 0xC2, 0xEC, 0xDE))
"""The same for places that are darker than healthy ones."""

STEPS = 256


def painted(map_layer: Plane, *, kind: Kind, threshold: float, opacity: float) -> NDArray[np.uint8]:
    """Colour a map.

    Args:
        map_layer: ``float32 [H, W]``, one layer of an abnormality map.
        kind: Which one; a signed or a z-map has cool colours below zero.
        threshold: What is nearer to zero is not coloured.
        opacity: 0 to 1, of the colours.

    Returns:
        ``uint8 [H, W, 4]``, red, green, blue and alpha (not premultiplied); transparent below the threshold.
    """
    threshold = max(float(threshold), 1e-6)
    strength = np.abs(map_layer)
    place = np.clip((strength / threshold - 1.0) / (FULL - 1.0), 0.0, 1.0)
    index = (place * (STEPS - 1)).astype(np.uint8)
    colours = np.empty((*map_layer.shape, 4), np.uint8)
    colours[..., :3] = _table(WARM)[index]
    if kind != "absolute":
        cool = map_layer < 0
        colours[cool, :3] = _table(COOL)[index[cool]]
    fade = np.clip((strength - threshold) / (SOFT * threshold), 0.0, 1.0)
    colours[..., 3] = np.round(fade * np.float32(255 * min(max(opacity, 0.0), 1.0))).astype(np.uint8)
    return colours


def _table(stops: tuple[tuple[float, int, int, int], ...]) -> NDArray[np.uint8]:
    places = np.linspace(0.0, 1.0, STEPS)
    shares = [stop[0] for stop in stops]
    channels = [np.interp(places, shares, [stop[k] for stop in stops]) for k in (1, 2, 3)]
    return np.round(np.stack(channels, axis=1)).astype(np.uint8)
