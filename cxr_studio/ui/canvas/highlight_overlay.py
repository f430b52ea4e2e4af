"""An abnormality map over the image: colours in one pane, outlines in the others, at the screen's own pixels."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Box, bounding_box, cut
from cxr_studio.quality.highlighting.map import HotSpot, Kind
from cxr_studio.quality.highlighting.overlay import FULL, painted
from cxr_studio.ui.canvas.geometry import Geometry
from cxr_studio.ui.canvas.layer import ImageLayer
from cxr_studio.ui.canvas.rendering import Kind as PaneKind

KEPT = 4
"""Geometries whose pictures are kept, as the scene keeps its renderings."""

LEVELS = 1024
"""Colours on either side of zero; an eye tells fewer apart."""

OUTLINE = 2.2, 0.9
"""An outline has the colour of so many thresholds, and an opacity of its own."""


@dataclass(frozen=True)
class HighlightStyle:
    """How a map looks.

    Attributes:
        kind: Which map it is; it decides the colours and the unit.
        threshold: Nothing nearer to zero is coloured, in the map's unit.
        opacity: Of the colours, 0 to 1.
    """

    kind: Kind
    threshold: float
    opacity: float


@dataclass(frozen=True, eq=False)
class HighlightPicture:
    """Colours or outlines for one geometry.

    Attributes:
        image: ARGB32, premultiplied, of the box's size; on the memory of ``pixels``.
        box: Where it lies in the pane, device pixels; it holds all that is not transparent.
        pixels: ``uint8 [h, w, 4]``.
    """

    image: QImage
    box: Box
    pixels: NDArray[np.uint8]


class HighlightOverlay:
    """One map with its look; made anew for another look, with the samples shared.

    Args:
        plane: ``float32 [H, W]`` of the radiograph's size.
        style: How it looks.
        pane: The pane that shows the image which was searched; it has the colours.

    Attributes:
        spots: Hot spots to number.
        selected: Rank of the one to frame.
    """

    def __init__(self, plane: Plane, style: HighlightStyle, *, pane: PaneKind = "original") -> None:
        self.style = style
        self.pane = pane
        self.spots: Sequence[HotSpot] = ()
        self.selected: int | None = None
        self._layer = ImageLayer(plane)
        self._samples: OrderedDict[Geometry, tuple[Plane, Box]] = OrderedDict()
        self._pictures: dict[tuple[Geometry, bool], HighlightPicture | None] = {}

    def restyled(self, style: HighlightStyle) -> HighlightOverlay:
        """The same map with another look; the spots are left out, as they belong to a threshold."""
        other = HighlightOverlay(self._layer.image, style, pane=self.pane)
        other._layer, other._samples = self._layer, self._samples
        return other

    def shows(self, plane: Plane, pane: PaneKind) -> bool:
        """Whether it is of this map and pane."""
        return self._layer.image is plane and self.pane == pane

    def picture(self, geometry: Geometry, *, coloured: bool) -> HighlightPicture | None:
        """What a pane of this geometry shows, made once; None where nothing reaches the threshold."""
        key = geometry, coloured
        if key not in self._pictures:
            self._pictures[key] = self._made(geometry, coloured=coloured)
        return self._pictures[key]

    def _made(self, geometry: Geometry, *, coloured: bool) -> HighlightPicture | None:
        sample, place = self._sample(geometry)
        hot = bounding_box(np.abs(sample) >= self.style.threshold)
        if hot is None:
            return None
        part = sample[cut(hot)]
        table = _words(self.style if coloured else replace(self.style, opacity=OUTLINE[1]))
        if coloured:
            words = table[_indices(part, self.style.threshold)]
        else:
            edge = _edge(np.abs(part) >= self.style.threshold)
            line = np.sign(part) * np.float32(OUTLINE[0] * self.style.threshold)
            words = np.where(edge, table[_indices(line, self.style.threshold)], np.uint32(0))
        pixels = words.view(np.uint8)
        height, width = part.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        top, left = place[0] + hot[0], place[1] + hot[1]
        return HighlightPicture(image, (top, left, top + height, left + width), pixels)

    def _sample(self, geometry: Geometry) -> tuple[Plane, Box]:
        if geometry not in self._samples:
            height, width = self._layer.shape
            box = geometry.device_box((0, 0, height, width))
            self._samples[geometry] = self._layer.sample(geometry, box), box
            while len(self._samples) > KEPT:
                gone, _ = self._samples.popitem(last=False)
                self._pictures = {key: kept for key, kept in self._pictures.items() if key[0] != gone}
        return self._samples[geometry]


def _edge(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels of a region that have a neighbour beside it."""
    wide = np.pad(inside, 1)
    core = wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
    return np.asarray(inside & ~core)


def _indices(plane: Plane, threshold: float) -> NDArray[np.uint16]:
    """Place of every value in the table of ``_words``."""
    scaled = plane * np.float32(LEVELS / (FULL * threshold))
    np.clip(scaled, -LEVELS, LEVELS, out=scaled)
    return (scaled + np.float32(LEVELS + 0.5)).astype(np.uint16)


@lru_cache(maxsize=8)
def _words(style: HighlightStyle) -> NDArray[np.uint32]:
    """Premultiplied ARGB32 of the colours of ``painted``, from the lowest value to the highest."""
    ramp = np.linspace(-FULL, FULL, 2 * LEVELS + 1, dtype=np.float32) * np.float32(style.threshold)
    colours = painted(ramp[None], kind=style.kind, threshold=style.threshold, opacity=style.opacity)[0]
    alpha = colours[:, 3].astype(np.uint32)
    words = alpha << np.uint32(24)
    for channel, shift in ((0, 16), (1, 8), (2, 0)):
        words |= ((colours[:, channel] * alpha + np.uint32(127)) // np.uint32(255)) << np.uint32(shift)
    return np.asarray(words, np.uint32)
