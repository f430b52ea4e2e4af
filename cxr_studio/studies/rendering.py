"""Images of a bundle: both sides of a pair go through the same decoding, window, resampling and encoding.

The files carry no compression, so that all of one shape have the same size, and nothing but the pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cxr_studio.masks.boxes import Box, Mask, bounding_box, cut
from cxr_studio.radiographs.radiograph import Radiograph, Stored
from cxr_studio.studies.protocol_parts import Images

Shown = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class Rendering:
    """How one radiograph and what was made of it are shown.

    Attributes:
        table: Grey of every table index of the radiograph's grey scale, over its unit range.
        crop: Part of the radiograph that is shown.
        size: Side of the square shown, or "native".
    """

    table: Shown
    crop: Box
    size: int | Literal["native"]

    def grey(self, radiograph: Radiograph, stored: Stored) -> Shown:
        """Stored values of a radiograph's shape as they are shown, uint8 or uint16 ``[H, W]``."""
        import cv2

        shown: Shown = self.table[radiograph.grey.index(stored)][cut(self.crop)]
        if self.size == "native":
            return shown.copy()
        height, width = self._inner(shown.shape)
        way = cv2.INTER_AREA if height < shown.shape[0] else cv2.INTER_CUBIC
        small = cv2.resize(np.ascontiguousarray(shown), (width, height), interpolation=way)
        return self._centred(small.astype(self.table.dtype))

    def mask(self, mask: Mask) -> Mask:
        """A mask of the radiograph's shape as it lies in the image shown."""
        import cv2

        part = mask[cut(self.crop)]
        if self.size == "native":
            return part
        height, width = self._inner(part.shape)
        small = cv2.resize(part.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
        return np.asarray(self._centred(small) > 0)

    def _inner(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """Height and width within the square, in the radiograph's proportions."""
        assert self.size != "native"
        scale = self.size / max(shape)
        return max(1, round(shape[0] * scale)), max(1, round(shape[1] * scale))

    def _centred(self, small: Shown) -> Shown:
        assert self.size != "native"
        whole = np.zeros((self.size, self.size), small.dtype)
        y, x = (self.size - small.shape[0]) // 2, (self.size - small.shape[1]) // 2
        whole[y : y + small.shape[0], x : x + small.shape[1]] = small
        return whole


def rendering_of(radiograph: Radiograph, images: Images, crop: Box) -> Rendering:
    """How a radiograph is shown: its unit range from black to white, at the protocol's size and depth.

    No window of the file has a say: original and changed image are shown as the generator was given them.
    """
    most = (1 << images.bits) - 1
    low, high = radiograph.unit_range
    values = (radiograph.grey.pixel_table - np.float32(low)) / np.float32(high - low)
    table = np.clip(np.floor(values * most + 0.5), 0, most)
    return Rendering(table.astype(np.uint8 if images.bits == 8 else np.uint16), crop, images.size)


def random_crop(
    shape: tuple[int, int], inside: Mask | None, jitter: float, *, rng: np.random.Generator, border: float = 0.0
) -> Box:
    """Crop up to ``jitter`` of each side, and ``border`` of it at both ends, all of ``inside`` kept."""
    height, width = shape
    sides = (height, height, width, width)
    cuts = [int(rng.integers(0, max(1, round(jitter / 2 * side)) + 1)) for side in sides]
    own = [round(border * side) for side in sides]
    top, bottom, left, right = [a + b for a, b in zip(cuts, own, strict=True)] if jitter else own
    box = (top, left, height - bottom, width - right)
    keep = None if inside is None else bounding_box(inside)
    if keep is None:
        return box
    return min(box[0], keep[0]), min(box[1], keep[1]), max(box[2], keep[2]), max(box[3], keep[3])


def write_image(path: Path, shown: Shown) -> None:
    """Write a PNG without compression and without any text; the file's size follows from the shape alone."""
    from PIL import Image

    Image.fromarray(shown).save(path, format="PNG", compress_level=0, optimize=False)


def read_image(path: Path) -> Shown:
    """Pixels of an image of a bundle, uint8 or uint16 ``[H, W]``."""
    from PIL import Image

    with Image.open(path) as image:
        pixels = np.asarray(image)
    return pixels.astype(np.uint8) if pixels.dtype == np.uint8 else pixels.astype(np.uint16)
