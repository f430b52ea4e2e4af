"""An image for the canvas: index values, their area-averaged pyramid, and samples at the screen's own pixels."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from cxr_studio.masks.boxes import Box, clip
from cxr_studio.ui.canvas.geometry import UPRIGHT, Geometry
from cxr_studio.ui.canvas.sampling import halved, sampled

LEAST_SIDE = 64
"""The pyramid stops before a side would be smaller."""

SQUARES_FROM = 4.0
"""Device pixels per image pixel from which pixels are shown as squares, not blended."""


class ImageLayer:
    """One image; nothing here touches all of it while the mouse moves.

    Args:
        image: Index image ``[H, W]`` uint8 or uint16 (GreyScale.index); shared, not copied.
    """

    def __init__(self, image: NDArray[Any]) -> None:
        self.image = image
        self._levels: list[NDArray[Any]] = [image]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return int(self.image.shape[0]), int(self.image.shape[1])

    def sample(self, geometry: Geometry, box: Box) -> NDArray[Any]:
        """Resample what a device rectangle shows.

        Args:
            geometry: How the image lies in the pane.
            box: Device rectangle ``y0, x0, y1, x1``.

        Returns:
            Index values of the rectangle's shape; zero beside the image.
        """
        if geometry.turn != UPRIGHT:
            return geometry.turn.apply(self.sample(geometry.upright, geometry.upright_box(box)))
        level = self._level_for(geometry.scale)
        image, factor = self._level(level), 2.0**level
        step = 1.0 / (geometry.scale * factor)
        y, x = geometry.to_image(box[1] + 0.5, box[0] + 0.5)
        first_y, first_x = (y + 0.5) / factor - 0.5, (x + 0.5) / factor - 0.5
        size = max(1, box[2] - box[0]), max(1, box[3] - box[1])
        blended = geometry.scale < SQUARES_FROM
        return sampled(image, (first_y, first_x), step=step, size=size, blended=blended)

    def update_region(self, box: Box) -> None:
        """Take over a changed rectangle of the image into the pyramid."""
        for level in range(1, len(self._levels)):
            below, image = self._levels[level - 1], self._levels[level]
            box = clip((box[0] // 2, box[1] // 2, -(-box[2] // 2), -(-box[3] // 2)), image.shape)
            part = below[2 * box[0] : 2 * box[2], 2 * box[1] : 2 * box[3]]
            if part.size:
                image[box[0] : box[2], box[1] : box[3]] = halved(part)

    def copied(self, image: NDArray[Any]) -> ImageLayer:
        """A layer of a copy of nearly the same values: its pyramid is copied; tell of what differs."""
        layer = ImageLayer(image)
        layer._levels += [level.copy() for level in self._levels[1:]]
        return layer

    def _level_for(self, scale: float) -> int:
        level = 0
        while scale * 2.0 ** (level + 1) <= 1.0 and min(self.image.shape) >> (level + 1) >= LEAST_SIDE:
            level += 1
        return level

    def _level(self, level: int) -> NDArray[Any]:
        while len(self._levels) <= level:
            self._levels.append(halved(self._levels[-1]))
        return self._levels[level]
