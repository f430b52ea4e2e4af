"""What a stroke changed, small enough to keep for ever: packed bits, exclusive-or of before and after, zlib."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np

from cxr_studio.errors import ReadError
from cxr_studio.masks.boxes import Box, Mask, bounding_box, cut, is_empty

HEADER = struct.Struct("<4i")
LEVEL = 1
"""zlib's fastest level: a stroke's record takes about a millisecond."""


@dataclass(frozen=True)
class MaskDelta:
    """One change of a mask; applying it twice gives the mask back.

    Attributes:
        box: Rectangle that holds every changed pixel.
        changed: Compressed packed bits of the box, 1 = the pixel changed.
    """

    box: Box
    changed: bytes

    def toggle(self, mask: Mask) -> Box:
        """Flip the changed pixels in place: apply on the mask before, revert on the mask after."""
        if not is_empty(self.box):
            mask[cut(self.box)] ^= self._bits()
        return self.box

    def to_bytes(self) -> bytes:
        """Serialise for the journal."""
        return HEADER.pack(*self.box) + self.changed

    @classmethod
    def from_bytes(cls, content: bytes, shape: tuple[int, int]) -> MaskDelta:
        """Read what to_bytes wrote, for a mask of this shape.

        Raises:
            ReadError: damaged, or outside the mask.
        """
        try:
            y0, x0, y1, x1 = HEADER.unpack_from(content)
            delta = cls((y0, x0, y1, x1), content[HEADER.size :])
            if not (0 <= y0 <= y1 <= shape[0] and 0 <= x0 <= x1 <= shape[1]):
                raise ValueError("outside the mask")
            delta._bits()
        except (struct.error, zlib.error, ValueError) as fault:
            raise ReadError(f"a mask change in the journal is damaged ({fault})") from fault
        return delta

    def _bits(self) -> Mask:
        height, width = self.box[2] - self.box[0], self.box[3] - self.box[1]
        size = (height * width + 7) // 8
        unpacker = zlib.decompressobj()
        packed = np.frombuffer(unpacker.decompress(self.changed, size + 1), np.uint8)
        if len(packed) != size:
            raise ValueError("wrong length")
        return np.unpackbits(packed, count=height * width).reshape(height, width).astype(bool)


def record(before: Mask, mask: Mask, box: Box) -> MaskDelta | None:
    """Record what changed inside a box.

    Args:
        before: The box's pixels before the change ``[y1-y0, x1-x0]``.
        mask: The whole mask after it.
        box: Rectangle outside which nothing changed.

    Returns:
        The delta, cut to the pixels that did change, or None when none did.
    """
    changed = before ^ mask[cut(box)]
    tight = bounding_box(changed)
    if tight is None:
        return None
    place = box[0] + tight[0], box[1] + tight[1], box[0] + tight[2], box[1] + tight[3]
    return MaskDelta(place, zlib.compress(np.packbits(changed[cut(tight)]).tobytes(), LEVEL))
