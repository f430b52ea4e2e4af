"""The grey-scale pipeline in the standard's order, one way for pixels and one for display.

Stored value → modality LUT or rescale → VOI LUT or window → MONOCHROME1 inversion last (DICOM PS3.3 C.11.1, C.11.2,
C.7.6.3.1.2). Pixels, the values that networks and metrics see, are the modality values with bright = dense: for
MONOCHROME1 they are mirrored within the modality range.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cxr_studio.radiographs.window import Window

INT16_OFFSET = 32_768
"""Added to an int16 stored value to index a table of 65,536 entries."""

Index = NDArray[np.uint8] | NDArray[np.uint16]
"""Stored values as indices into a table: uint8 or uint16 ``[H, W]``."""

Values = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.int16]
"""Stored values, any shape."""


@dataclass(frozen=True, eq=False)
class GreyScale:
    """How stored values become modality values, pixels and grey.

    Attributes:
        modality: Modality value of every possible stored value, float32 ``[256]`` for uint8 or ``[65536]`` for uint16
            and int16 (index = stored + 32,768 for int16).
        low: Smallest legal stored value (from BitsStored and sign); encode never goes below.
        high: Largest legal stored value.
        inverted: True for MONOCHROME1.
        windows: Presets from the file, best first; may be empty.
        offset: What is added to a stored value to index ``modality``: 32,768 for int16, else 0.
        padding: First and last stored value that stand for no image at all, or None. They have the modality value of
            the background (see ``padded_with``), and encode never writes them.
    """

    modality: NDArray[np.float32]
    low: int
    high: int
    inverted: bool = False
    windows: tuple[Window, ...] = ()
    offset: int = 0
    padding: tuple[int, int] | None = None

    @cached_property
    def modality_range(self) -> tuple[float, float]:
        """Smallest and largest modality value of a legal stored value that is no padding."""
        legal = self._legal_modality
        return float(legal.min()), float(legal.max())

    def index(self, stored: Values) -> Index:
        """Stored values as table indices: the array itself where unsigned, a shifted copy for int16."""
        if stored.dtype == np.int16:
            return np.asarray(stored.view(np.uint16) ^ np.uint16(INT16_OFFSET))
        return np.asarray(stored)  # type: ignore[return-value]

    def decode(self, stored: Values) -> NDArray[np.float32]:
        """Stored values to pixels: modality values, bright = dense, float32 of the same shape."""
        return np.asarray(self.pixel_table[self.index(stored)])

    def encode(self, pixels: NDArray[np.floating], dtype: np.dtype[np.generic]) -> Values:
        """Pixels to the nearest legal stored values; ``encode(decode(s))`` is ``s`` where the modality is one-to-one.

        Args:
            pixels: Any shape; values beyond the legal range are brought to its ends.
            dtype: Stored dtype.
        """
        order, sorted_pixels = self._inverse
        place = np.searchsorted(sorted_pixels, pixels).clip(1, len(sorted_pixels) - 1)
        nearer_left = pixels - sorted_pixels[place - 1] <= sorted_pixels[place] - pixels
        return np.asarray(self._legal[order[place - nearer_left]].astype(dtype))

    def display_table(self, window: Window | None) -> NDArray[np.uint8]:
        """Shown grey 0 to 255 of every table index, ``uint8 [256]`` or ``[65536]``.

        Args:
            window: Applied to modality values; None ignores the VOI and spreads the legal range.
        """
        if window is None:
            low, high = self.modality_range
            shown = (self.modality - low) / max(high - low, 1e-6)
        else:
            shown = window.apply(self.modality)
        grey = np.clip(np.floor(shown * 255.0 + 0.5), 0, 255).astype(np.uint8)
        return np.asarray(255 - grey) if self.inverted else grey

    def pixel_range(self, low: float, high: float) -> tuple[float, float]:
        """Modality values as pixels, the smaller first: mirrored where inverted; never of no width."""
        if self.inverted:
            mirror = sum(self.modality_range)
            low, high = mirror - high, mirror - low
        return (low, high) if high > low else (low, low + 1.0)

    def is_padding(self, stored: Values) -> NDArray[np.bool_]:
        """Tell which stored values are padding, bool of the same shape."""
        if self.padding is None:
            return np.zeros(stored.shape, bool)
        first, last = self.padding
        return np.asarray((stored >= first) & (stored <= last))

    def padded_with(self, padding: tuple[int, int], stored: Values) -> GreyScale:
        """Return the pipeline that shows padding as the background: as the darkest value of the image.

        Args:
            padding: First and last stored value that are padding.
            stored: The image, of which at least one value is no padding.
        """
        first, last = (int(np.clip(end, self.low, self.high)) + self.offset for end in padding)
        inside = self.modality[self.index(stored[(stored < padding[0]) | (stored > padding[1])])]
        modality = self.modality.copy()
        modality[first : last + 1] = inside.max() if self.inverted else inside.min()
        return replace(self, modality=modality, padding=padding)

    @cached_property
    def _legal(self) -> NDArray[np.int64]:
        """Stored values that the image may have, ascending."""
        legal = np.arange(self.low, self.high + 1)
        if self.padding is None:
            return legal
        return legal[(legal < self.padding[0]) | (legal > self.padding[1])]

    @cached_property
    def _legal_modality(self) -> NDArray[np.float32]:
        return np.asarray(self.modality[self._legal + self.offset])

    @cached_property
    def pixel_table(self) -> NDArray[np.float32]:
        """Pixel of every table index, as ``modality``."""
        if not self.inverted:
            return self.modality
        low, high = self.modality_range
        return np.asarray(np.float32(low + high) - self.modality)

    @cached_property
    def _inverse(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Places of the legal stored values in the order of their pixel values, and those pixel values."""
        pixels = self.pixel_table[self._legal + self.offset]
        order = np.argsort(pixels, kind="stable")
        return order, pixels[order]


def linear_greyscale(
    dtype: np.dtype[np.generic],
    bits: int,
    *,
    rescale: tuple[float, float] = (1.0, 0.0),
    inverted: bool = False,
    windows: tuple[Window, ...] = (),
) -> GreyScale:
    """Make the pipeline of an image whose modality values are ``slope × stored + intercept``.

    Args:
        dtype: uint8, uint16 or int16.
        bits: Bits that carry values, at most those of the dtype.
        rescale: Slope (not 0) and intercept.
        inverted: True for MONOCHROME1.
        windows: Presets from the file.
    """
    signed = dtype == np.int16
    size, offset = (256, 0) if dtype == np.uint8 else (65_536, INT16_OFFSET if signed else 0)
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    slope, intercept = rescale
    modality = ((np.arange(size) - offset) * slope + intercept).astype(np.float32)
    return GreyScale(modality, low, high, inverted, windows, offset)
