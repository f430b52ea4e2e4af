"""A network's square patch laid over an image, at the network's own scale."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from cxr_studio.arrays import Plane
from cxr_studio.masks.boxes import Box, clip


@dataclass(frozen=True)
class PatchWindow:
    """Where the patch lies.

    Attributes:
        corner: Image coordinates ``(y, x)`` of the centre of its first pixel.
        scale: Image pixels per patch pixel.
        side: Patch pixels a side.
    """

    corner: tuple[float, float]
    scale: float
    side: int

    @classmethod
    def around(cls, y: float, x: float, *, scale: float, side: int) -> PatchWindow:
        """The window centred on a point; on whole pixels where the scale is 1, so that nothing is interpolated."""
        reach = (side - 1) / 2 * scale
        corner = (round(y - reach), round(x - reach)) if scale == 1 else (y - reach, x - reach)
        return cls(corner, scale, side)

    def box(self, shape: tuple[int, int]) -> Box:
        """Image pixels that the patch shows, cut to the image."""
        reach = self.side * self.scale
        (top, left), border = self.corner, ceil(self.scale)
        whole = floor(top) - border, floor(left) - border, ceil(top + reach) + border, ceil(left + reach) + border
        return clip(whole, shape)

    def sees(self, part: Plane, box: Box, *, mirrored: bool = True) -> Plane:
        """Bring a part of the image onto the patch.

        Args:
            part: The image's pixels of ``box``.
            box: Where they lie.
            mirrored: Beyond the image's edge it is mirrored; otherwise 0.
        """
        import cv2

        border = cv2.BORDER_REFLECT if mirrored else cv2.BORDER_CONSTANT
        if self.scale > 1:
            part = np.asarray(cv2.GaussianBlur(part, (0, 0), 0.4 * self.scale, borderType=border))
        top, left = self.corner[0] - box[0], self.corner[1] - box[1]
        matrix = np.array([[self.scale, 0, left], [0, self.scale, top]])
        size = self.side, self.side
        return np.asarray(
            cv2.warpAffine(part, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=border)
        )

    def back(self, patch: Plane, box: Box) -> Plane:
        """Bring a patch onto a rectangle of the image; 0 beyond the patch."""
        import cv2

        step = 1 / self.scale
        top, left = (box[0] - self.corner[0]) * step, (box[1] - self.corner[1]) * step
        matrix = np.array([[step, 0, left], [0, step, top]])
        flags = cv2.INTER_CUBIC if self.scale > 1 else cv2.INTER_LINEAR
        return np.asarray(
            cv2.warpAffine(patch, matrix, (box[3] - box[1], box[2] - box[0]), flags=flags | cv2.WARP_INVERSE_MAP)
        )
