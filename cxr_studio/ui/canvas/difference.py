"""The difference pane: inpainted minus original in shown greys, signed or absolute, with a gain."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Mode = Literal["signed", "absolute"]

ZERO = 128
"""Table index of "no difference" in the signed mode."""


@dataclass(frozen=True)
class DifferenceStyle:
    """How the difference is shown.

    Attributes:
        mode: Signed (zero in the middle of a diverging map) or absolute.
        gain: Factor, 1 to 16; 2 in Belli et al.
    """

    mode: Mode = "signed"
    gain: float = 2.0


def difference(
    original: NDArray[np.uint8], inpainted: NDArray[np.uint8], *, style: DifferenceStyle
) -> NDArray[np.uint8]:
    """Return table indices: 128 + gain × (inpainted − original), or gain × |inpainted − original|, cut to 0–255."""
    import cv2

    if style.mode == "absolute":
        return np.asarray(cv2.convertScaleAbs(cv2.absdiff(inpainted, original), alpha=style.gain))
    return np.asarray(cv2.addWeighted(inpainted, style.gain, original, -style.gain, float(ZERO)))


@lru_cache(maxsize=2)
def colour_table(mode: Mode) -> tuple[int, ...]:
    """ARGB colours of the 256 indices: blue – near black – orange, or black – white."""
    if mode == "absolute":
        return tuple(0xFF000000 | (k << 16) | (k << 8) | k for k in range(256))
    return tuple(_diverging((k - ZERO) / 127) for k in range(256))


def _diverging(share: float) -> int:
    """Darker is blue, brighter is orange; the middle is the pane's near black."""
    end = (255, 176, 72) if share > 0 else (72, 168, 255)
    weight = min(abs(share), 1.0) ** 0.8
    red, green, blue = (round(14 + (part - 14) * weight) for part in end)
    return int(0xFF000000 | (red << 16) | (green << 8) | blue)
