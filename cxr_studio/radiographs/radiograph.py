"""A radiograph in memory: the stored values, and how they become pixels and grey."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.greyscale import GreyScale
from cxr_studio.radiographs.percentiles import TAILS, modality_percentiles
from cxr_studio.radiographs.spacing import UNKNOWN_SPACING, Spacing

EIGHT_BITS = 256
"""Values that 8 bits can have."""

Stored = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.int16]
"""Stored values ``[H, W]`` exactly as in the file: uint8, uint16 or int16."""


@dataclass(frozen=True)
class Source:
    """Where a radiograph came from.

    Attributes:
        path: The file, or None for one made in memory.
        format: "dicom", "png", "tiff", "jpeg" or "mha".
        sha256: Hex digest of the file's bytes, "" when made in memory.
        bits: Bits that carry values (BitsStored; 8 or 16 for plain images).
    """

    path: Path | None
    format: str
    sha256: str
    bits: int


@dataclass(frozen=True, eq=False)
class Radiograph:
    """One frontal or lateral radiograph.

    Attributes:
        stored: Values as in the file ``[H, W]``, read-only; nothing is reduced to 8 bits.
        grey: The grey-scale pipeline from stored values to pixels and shown grey.
        spacing: Millimetres per pixel and their origin.
        source: The file it came from.
        header: What a writer of the same format carries over (a pydicom Dataset without
            PixelData, or a dict of text fields); opaque to every other room.
        notes: Plain sentences that the window shows once ("The pixel spacing 0\\0 was ignored.").
    """

    stored: Stored
    grey: GreyScale
    spacing: Spacing = UNKNOWN_SPACING
    source: Source = field(default_factory=lambda: Source(None, "png", "", 8))
    header: Any = None
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns in pixels."""
        height, width = self.stored.shape
        return int(height), int(width)

    @cached_property
    def instances(self) -> tuple[str, ...]:
        """SOP Instance UIDs by which a DICOM object may mean it: its own, then of the images it was derived from."""
        own = str(getattr(self.header, "SOPInstanceUID", "") or "")
        sources = getattr(self.header, "SourceImageSequence", None) or ()
        return tuple(uid for uid in (own, *(str(one.get("ReferencedSOPInstanceUID", "")) for one in sources)) if uid)

    @cached_property
    def pixels(self) -> NDArray[np.float32]:
        """All pixels ``float32 [H, W]``, bright = dense (made on first use: 4 bytes a pixel)."""
        return self.grey.decode(self.stored)

    @cached_property
    def unit_range(self) -> tuple[float, float]:
        """Pixel values (low, high) that every network, contrast and measurement takes for 0 and 1.

        It depends on the values alone, padding left out, and on no window or VOI table: the whole legal range where
        that has at most 8 bits (0 and 255 of a PNG), else the percentiles ``TAILS``.
        """
        if self.grey.high - self.grey.low < EIGHT_BITS:
            return self.grey.pixel_range(*self.grey.modality_range)
        return self.grey.pixel_range(*modality_percentiles(self.grey, self.stored, TAILS))

    def unit_bytes(self) -> NDArray[np.uint8]:
        """The image with the unit range as 0 to 255, cut to it, ``uint8 [H, W]``: what training and figures read."""
        low, high = self.unit_range
        shown = (self.grey.pixel_table - np.float32(low)) * np.float32(255.0 / (high - low))
        table = np.clip(np.floor(shown + 0.5), 0, 255).astype(np.uint8)
        return np.asarray(table[self.grey.index(self.stored)])

    @cached_property
    def padding(self) -> NDArray[np.bool_] | None:
        """Pixels that are no image but padding, ``bool [H, W]``, or None where there are none."""
        if self.grey.padding is None:
            return None
        found = self.grey.is_padding(self.stored)
        return found if found.any() else None
